"""What /openapi.json says beyond what the framework reads off the handlers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Schema
from litestar.openapi.spec.enums import OpenAPIType

from exchange.serving.openapi import TEXT, TakesBody, answers


@dataclass
class TokenShown:
    """RFC 6749, section 5.1."""

    access_token: str
    token_type: str
    expires_in: int


@dataclass
class TokenRefusedShown:
    """RFC 6749, section 5.2: no problem as elsewhere."""

    error: str
    error_description: str


TOKEN_ANSWERS: Final[Mapping[int, ResponseSpec]] = {
    200: ResponseSpec(TokenShown, generate_examples=False),
    **dict.fromkeys((400, 401, 429), ResponseSpec(TokenRefusedShown, generate_examples=False)),
    **answers(408, 413, 415, 500, 503),
}
"""What may be answered to whoever asks for a token."""

BASIC_TOO: Final = [{"client": list[str]()}, {"basic": list[str]()}]
"""Of a handler that also takes id and secret themselves."""
ANYWHERE: Final = (400, 401, 403, 404, 429, 500, 503)
"""What may be answered wherever a token is needed."""


_FORM: Final = Schema(
    type=OpenAPIType.OBJECT,
    properties={
        "grant_type": Schema(const="client_credentials"),
        **dict.fromkeys(("client_id", "client_secret", "client_assertion_type", "client_assertion"), TEXT),
    },
    required=["grant_type"],
)
_RECORD: Final = Schema(
    type=OpenAPIType.OBJECT,
    additional_properties=True,
    description="The fields of the record type, as /v1/catalogue has its schema.",
)
_NDJSON: Final = Schema(type=OpenAPIType.STRING, description='Lines of {"type": …, "record": {…}}.')


@dataclass
class FormOperation(TakesBody):
    """Takes a form."""

    media_type = "application/x-www-form-urlencoded"
    schema = _FORM


@dataclass
class RecordOperation(TakesBody):
    """Takes a record."""

    media_type = "application/json"
    schema = _RECORD


@dataclass
class LinesOperation(TakesBody):
    """Takes lines."""

    media_type = "application/x-ndjson"
    schema = _NDJSON
