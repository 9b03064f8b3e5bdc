"""What openapi.json says beyond what the framework reads off the handlers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast

from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from exchange.serving.problems import PROBLEM_JSON

EVENT_STREAM: Final = "text/event-stream"
TEXT: Final = Schema(type=OpenAPIType.STRING)
NO_TOKEN: Final = [dict[str, list[str]]()]
"""Of a handler that asks nobody who it is: the document's `security`, which is else for all."""


@dataclass
class ReasonShown:
    """Why a record was refused, held or remarked upon."""

    code: str
    field: str | None
    message: str
    message_en: str


@dataclass
class ProblemShown:
    """RFC 9457. `code` tells problems apart; a refused record has its reasons, and the ids of its receipt.

    A form that is not in has what became of it, and what was typed; where several were meant, these.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    reasons: list[ReasonShown] | None = None
    record_id: str | None = None
    receipt_id: str | None = None
    subjects: list[dict[str, Any]] | None = None
    outcome: dict[str, Any] | None = None
    answers: dict[str, Any] | None = None


def answers(*statuses: int) -> Mapping[int, ResponseSpec]:
    """Return the problems that a handler may answer."""
    return {
        status: ResponseSpec(ProblemShown, generate_examples=False, media_type=PROBLEM_JSON)
        for status in statuses
    }


def answer(data: type, description: str, media_type: str = "application/json") -> ResponseSpec:
    """Return what a handler answers when all goes well, where its signature does not say it."""
    return ResponseSpec(data, generate_examples=False, description=description, media_type=media_type)


def operation_name(handler: HTTPRouteHandler, *_: object) -> str:
    """Return an operation's name, which generated clients give to their functions: its handler's."""
    function: Any = handler.fn
    while hasattr(function, "func"):  # of one that runs in a thread, what runs there
        function = function.func
    return str(function.__name__)


@dataclass
class TakesBody(Operation):
    """Takes a body, which its handler reads piece by piece; so the framework knows of none."""

    media_type: ClassVar[str]
    schema: ClassVar[Schema]

    def __post_init__(self) -> None:
        body = {self.media_type: OpenAPIMediaType(self.schema)}
        self.request_body = RequestBody(body, required=True)


_EVENT: Final = Schema(
    type=OpenAPIType.OBJECT,
    properties={
        **dict.fromkeys(("id", "event"), TEXT),
        "data": Schema(type=OpenAPIType.STRING, content_media_type="application/json"),
    },
    description="One event of the stream.",
)


@dataclass
class TellsEvents(Operation):
    """Tells server-sent events, of which the framework knows nothing; where it may be asked, JSON instead."""

    def __post_init__(self) -> None:
        response = cast("OpenAPIResponse", (self.responses or {})["200"])
        response.content = {**(response.content or {}), EVENT_STREAM: OpenAPIMediaType(_EVENT)}
