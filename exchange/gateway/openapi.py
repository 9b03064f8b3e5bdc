"""What /openapi.json says beyond what the framework reads off the handlers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from exchange.gateway.problems import PROBLEM_JSON


@dataclass
class ReasonShown:
    """Why a record was refused, held or remarked upon."""

    code: str
    field: str | None
    message: str
    message_en: str


@dataclass
class ProblemShown:
    """RFC 9457. `code` tells problems apart; a refused record has its reasons, and the ids of its receipt."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    reasons: list[ReasonShown] | None = None
    record_id: str | None = None
    receipt_id: str | None = None


def answers(*statuses: int) -> Mapping[int, ResponseSpec]:
    """Return the problems that a handler may answer."""
    return {
        status: ResponseSpec(ProblemShown, generate_examples=False, media_type=PROBLEM_JSON)
        for status in statuses
    }


ANYWHERE: Final = (400, 401, 403, 404, 429, 500, 503)
"""What may be answered wherever a token is needed."""


def _body(media_types: Mapping[str, Schema]) -> RequestBody:
    return RequestBody(
        {name: OpenAPIMediaType(schema) for name, schema in media_types.items()}, required=True
    )


_TEXT: Final = Schema(type=OpenAPIType.STRING)
_FORM: Final = Schema(
    type=OpenAPIType.OBJECT,
    properties={
        "grant_type": Schema(const="client_credentials"),
        **dict.fromkeys(("client_id", "client_secret", "client_assertion_type", "client_assertion"), _TEXT),
    },
    required=["grant_type"],
)
_RECORD: Final = Schema(
    type=OpenAPIType.OBJECT, description="The fields of the record type, as /v1/catalogue has its schema."
)
_NDJSON: Final = Schema(type=OpenAPIType.STRING, description='Lines of {"type": …, "record": {…}}.')


@dataclass
class FormOperation(Operation):
    """Takes a form."""

    request_body: Any = field(default_factory=lambda: _body({"application/x-www-form-urlencoded": _FORM}))


@dataclass
class RecordOperation(Operation):
    """Takes a record."""

    request_body: Any = field(default_factory=lambda: _body({"application/json": _RECORD}))


@dataclass
class LinesOperation(Operation):
    """Takes lines."""

    request_body: Any = field(default_factory=lambda: _body({"application/x-ndjson": _NDJSON}))
