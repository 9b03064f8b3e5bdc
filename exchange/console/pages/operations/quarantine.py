"""What was refused: why, of whom, since when; what needs nothing more is closed here with a reason."""

from dataclasses import dataclass
from typing import Annotated, Final

from litestar import get, post
from litestar.params import QueryParameter

from consumers.labels.operations import QUARANTINE_STATES
from consumers.labels.words import words
from consumers.quarantine.reader import EntryFilter, QuarantineRow
from consumers.quarantine.states import STANDS_OPEN
from exchange.console.console import AskerHere
from exchange.console.pages.form_bodies import reason_in
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from exchange.console.pages.serving import (
    AnyResponse,
    FormHere,
    PageRequestHere,
    html,
    not_found,
    see,
)
from exchange.desk.quarantined import QuarantineSight, discard, quarantined

_ALL: Final = "all"
_FROM_LOG: Final = "log"
EntryDepartment = Annotated[str, QueryParameter(name="department", max_length=60)]
EntryCode = Annotated[str, QueryParameter(name="code", max_length=60)]
EntryStanding = Annotated[str, QueryParameter(name="standing", max_length=20)]


@dataclass(frozen=True, slots=True)
class QuarantineAsked:
    """Which entries somebody wants to see, as the address has it; empty: all that are open."""

    department: str = ""
    code: str = ""
    standing: str = ""

    @property
    def wanted(self) -> EntryFilter:
        """Return it as the reader of the quarantine has it."""
        return EntryFilter(self.department or None, self.code or None, closed_too=self.standing == _ALL)


def quarantine_page(
    frame: Frame, asked: QuarantineAsked, found: QuarantineSight, unreasoned: str = ""
) -> str:
    """Return the page.

    Args:
        frame: what stands around it.
        asked: the filter.
        found: what it has.
        unreasoned: the entry that somebody wanted to close without a reason; empty: nobody did.
    """
    return render(
        "operations/quarantine",
        frame,
        asked=asked,
        found=found,
        unreasoned=unreasoned,
        departments=sorted({one["department"] for one in found.counts} | ({asked.department} - {""})),
        codes=sorted({one["code"] for one in found.counts} | ({asked.code} - {""})),
        state_of=lambda entry: words(QUARANTINE_STATES, entry["state"]),
        is_open=lambda entry: entry["state"] in STANDS_OPEN,
        reaches_the_join=_reaches_the_join,
        language=frame.preferences.language,
    )


def _reaches_the_join(entry: QuarantineRow) -> bool:
    """Say whether the log has it, so that it can be handed to the join again."""
    return entry["source"] == _FROM_LOG and entry["state"] in STANDS_OPEN


@get("/quarantine", include_in_schema=False, sync_to_thread=True)
def show_quarantine(
    pages: PageRequestHere,
    asker: AskerHere,
    department: EntryDepartment = "",
    code: EntryCode = "",
    standing: EntryStanding = "",
) -> AnyResponse:
    """Show what was refused; nothing of it is personal data."""
    asked = QuarantineAsked(department, code, standing)
    found = quarantined(pages.console.desk, asker, asked.wanted)
    return html(quarantine_page(pages.frame(), asked, found))


@post("/quarantine/discarded", include_in_schema=False, status_code=200, sync_to_thread=True)
def take_discard(pages: PageRequestHere, asker: AskerHere, form: FormHere) -> AnyResponse:
    """Close an entry, with a reason, which is kept for ever."""
    desk, entry, reason = pages.console.desk, form.get("entry", ""), reason_in(form)
    if not reason:
        asked = QuarantineAsked()
        found = quarantined(desk, asker, asked.wanted)
        return html(quarantine_page(pages.frame(), asked, found, entry), 422)
    if not discard(desk, asker, entry, reason):
        return not_found(pages)
    return see(pages.addresses.own(form.get("back", "")))
