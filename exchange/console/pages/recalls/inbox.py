"""The inbox of recalls: what no longer holds, what to do, and how many others have acknowledged it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Final, Literal, NamedTuple

from litestar import get, post
from litestar.params import QueryParameter

from exchange.console.console import AskerHere
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from exchange.console.pages.sending import outcome_answer
from exchange.console.pages.serving import AnyResponse, FormHere, PageRequestHere, html, not_found, see
from exchange.desk.acknowledging import acknowledge
from exchange.desk.recalls import MOST, RecalledCase, recalls
from exchange.domain.matters.views import ANNOUNCED

_ACKNOWLEDGE: Final = "ACKNOWLEDGE"
RecallStanding = Literal["recover", "stop", "goes_on"]
JustSigned = Annotated[bool, QueryParameter(name="signed")]
"""Whether the visitor comes from signing."""


class RecalledMatter(NamedTuple):
    """A matter that was recalled, how it stands, and since when; ``recovers``: it has to be taken back."""

    name: str
    state: str
    since: datetime
    recovers: bool

    @property
    def goes_on(self) -> bool:
        """Say whether it has grounds again: what was told of it since holds."""
        return not self.recovers and self.state in ANNOUNCED


class RecallView(NamedTuple):
    """A case in the inbox; ``announcements``: what is acknowledged with one button.

    ``standing``: what is true of it now; it goes on where all its matters do.
    """

    case: RecalledCase
    matters: tuple[RecalledMatter, ...]
    announcements: tuple[str, ...]
    standing: RecallStanding
    due: datetime | None


def inbox_page(frame: Frame, found: Sequence[RecalledCase], *, signed: bool = False) -> str:
    """Return the page; the oldest recall comes first. ``signed``: the visitor has just signed for one."""
    return render("recalls/inbox", frame, recalls=list(_views(frame, found)), most=MOST, signed=signed)


def _views(frame: Frame, found: Sequence[RecalledCase]) -> Iterator[RecallView]:
    for one in found:
        told = tuple(task["subject"] for task in one.tasks if task["kind"] == _ACKNOWLEDGE)
        matters = tuple(_matters(frame, one))
        yield RecallView(
            one,
            matters,
            tuple(dict.fromkeys(told)),
            _standing(matters),
            min((task["due"] for task in one.tasks if task["due"]), default=None),
        )


def _standing(matters: Sequence[RecalledMatter]) -> RecallStanding:
    if any(one.recovers for one in matters):
        return "recover"
    return "goes_on" if all(one.goes_on for one in matters) else "stop"


def _matters(frame: Frame, one: RecalledCase) -> Iterator[RecalledMatter]:
    """Yield each matter of the tasks once."""
    stands = {
        (it["matter"], it["instance"]): "RECOVERY" if it["recovery"] else it["state"] for it in one.matters
    }
    seen: dict[tuple[int | None, str | None], RecalledMatter] = {}
    for task in one.tasks:
        about = task["matter"], task["instance"]
        recovers = task["kind"] != _ACKNOWLEDGE or (about in seen and seen[about].recovers)
        name = frame.naming.matter(task["matter"], task["instance"]) if task["matter"] else ""
        seen[about] = RecalledMatter(
            name, stands.get((task["matter"] or 0, task["instance"]), ""), task["opened_at"], recovers
        )
    yield from seen.values()


@get("/recalls", include_in_schema=False, sync_to_thread=True)
def show_recalls(pages: PageRequestHere, asker: AskerHere, *, signed: JustSigned = False) -> AnyResponse:
    """Show what was recalled; one access record names everybody on the page."""
    found = recalls(pages.console.desk, asker)
    return html(inbox_page(pages.counted_frame(asker), found, signed=signed))


@post("/recalls", include_in_schema=False, status_code=200, sync_to_thread=True)
def sign_for(pages: PageRequestHere, asker: AskerHere, form: FormHere) -> AnyResponse:
    """Publish, one record after the other, that the department has seen each announcement of a case."""
    department = asker.kept_within.get("department", "")
    for announcement in dict.fromkeys(map(str, form.getall("announcement", []))):
        outcome = acknowledge(pages.console.desk, asker, department, announcement)
        if outcome is None:
            return not_found(pages)
        if not outcome.is_in:
            return outcome_answer(pages, asker, outcome, form)
    return see(pages.addresses.page("/recalls", signed="true"))
