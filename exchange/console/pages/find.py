"""Finding a case: what is scanned or typed stands in no address, record or log."""

from collections.abc import Sequence
from typing import Final

from litestar import get, post

from consumers.read_model.search_reader import MOST_FOUND
from exchange.console.console import AskerHere
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from exchange.console.pages.serving import AnyResponse, FormHere, PageRequestHere, html, see
from exchange.desk.persons import asked_person
from exchange.desk.search import FoundCase, search

LONGEST: Final = 200


def find_page(frame: Frame, found: Sequence[FoundCase] | None, begin: str = "", number: str = "") -> str:
    """Return the page.

    Args:
        frame: what stands around it.
        found: the cases of which this is said; None: nobody has asked yet.
        begin: the case id of a number of which nothing is known, for which an application can be taken.
        number: that number, so that it need not be typed again.
    """
    may_begin = begin if frame.may("apply") else ""
    return render("find", frame, found=found, begin=may_begin, number=number, most=MOST_FOUND)


@get("/find", include_in_schema=False, sync_to_thread=True)
def ask_what_to_find(pages: PageRequestHere, asker: AskerHere) -> AnyResponse:
    """Show the box to type or scan into."""
    return html(find_page(pages.counted_frame(asker), None))


@post("/find", include_in_schema=False, status_code=200, sync_to_thread=True)
def find(pages: PageRequestHere, asker: AskerHere, form: FormHere) -> AnyResponse:
    """Go to the one case that is meant, or show those of which this is said."""
    text = form.get("text", "").strip()[:LONGEST]
    found = search(pages.console.desk, asker, text) if text else ()
    if len(found) == 1:
        return see(pages.addresses.page(f"/cases/{found[0].case_id}"))
    person = asked_person(pages.console.desk.case_ids, text) if text and not found else None
    unknown = person if person is not None and person.by_number else None
    return html(
        find_page(
            pages.counted_frame(asker), found, unknown.case_id if unknown else "", text if unknown else ""
        )
    )
