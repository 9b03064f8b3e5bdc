"""`/desk/v1/search`: finding a case by what people know of it, which stands in no URL."""

from dataclasses import dataclass, field
from typing import Annotated

from litestar import post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta

from consumers.read_model.search_reader import MOST_FOUND
from exchange.console.console import AskerHere, ConsoleHere
from exchange.console.request_session import API
from exchange.desk.search import FoundCase, search
from exchange.serving.openapi import answers


@dataclass
class SearchAsked:
    """A number in 18 digits or 15, a name, a certificate's or the applicant's number, or a case id."""

    text: Annotated[str, Meta(min_length=1, max_length=200)] = field(repr=False)
    limit: Annotated[int, Meta(ge=1, le=MOST_FOUND)] = MOST_FOUND


@dataclass
class FoundShown:
    """The cases of which this is said."""

    cases: list[FoundCase]


@post(
    f"{API}/search",
    status_code=HTTP_200_OK,
    responses=answers(400, 401, 403, 429, 503),
    sync_to_thread=True,
    tags=["Search"],
)
def search_cases(console: ConsoleHere, asker: AskerHere, data: JSONBody[SearchAsked]) -> FoundShown:
    """Find cases; one access record names everybody who is found, and never what was typed."""
    return FoundShown(list(search(console.desk, asker, data.text, data.limit)))
