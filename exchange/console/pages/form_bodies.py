"""What a browser sends with a form: its texts apart from its files, and no more of it than a form has.

The framework would keep what it has read of the last thousand forms, passwords among them, and has no limit
to how many fields there are.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions.http_exceptions import RequestEntityTooLarge

from exchange.console.api.reasons import LONGEST
from exchange.serving.problems import ProblemError

TEXT_BYTES: Final = 256 << 10
FIELDS: Final = 1000
"""As many parts as the framework takes of a form with files."""


class FormBody(NamedTuple):
    """What was sent; ``files``: each by the name of its field."""

    texts: FormMultiDict
    files: tuple[tuple[str, UploadFile], ...]


async def read_form(request: Request[Any, Any, Any]) -> FormBody:
    """Return what a form has sent.

    Raises:
        ProblemError: it is no form that can be read.
        HTTPException: it is larger than a form of ours, or cut off.
    """
    is_plain = request.content_type[0] == RequestEncodingType.URL_ENCODED
    try:
        form = await _plain_form(request) if is_plain else await request.form()
    except (ValueError, LookupError):  # too many fields, no UTF-8, a character set that nobody knows
        raise ProblemError("request_wrong", 400) from None
    return FormBody(FormMultiDict(list(_texts(form))), tuple(_files(form)))


def reason_in(form: FormMultiDict) -> str:
    """Return why somebody wants something, as it was typed; empty: they say nothing.

    Raises:
        ProblemError: it is longer than a reason may be.
    """
    reason: str = form.get("reason", "").strip()
    if len(reason) > LONGEST:
        raise ProblemError("request_wrong", 400)
    return reason


async def _plain_form(request: Request[Any, Any, Any]) -> FormMultiDict:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > TEXT_BYTES:
            raise RequestEntityTooLarge
    fields = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=FIELDS)
    return FormMultiDict(fields)


def _texts(form: FormMultiDict) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in form.items() if isinstance(value, str))


def _files(form: FormMultiDict) -> Iterator[tuple[str, UploadFile]]:
    return ((name, value) for name, value in form.items() if isinstance(value, UploadFile))
