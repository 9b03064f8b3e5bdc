"""The queue: what there is to do, the soonest due first, in groups by how soon."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Annotated, Final, NamedTuple

from litestar import get, post
from litestar.params import QueryParameter
from litestar.response import ServerSentEvent

from consumers.labels.rulings import TASK_KINDS
from consumers.labels.words import words
from consumers.read_model.queue_reader import EVERY_STATE, IN_HAND, RECALLED, QueueCounts, QueueQuery
from exchange.console.api.cursors import cursor_text, read_cursor
from exchange.console.api.events import LastSeen, queue_stream
from exchange.console.console import AskerHere, ConsoleHere, SessionHere
from exchange.console.pages.frame import Frame
from exchange.console.pages.parameters import AfterAsked, number_in
from exchange.console.pages.parts import DueView, due_of
from exchange.console.pages.rendering import render
from exchange.console.pages.serving import AnyResponse, FormHere, PageRequestHere, html, see
from exchange.desk import queue as desk_queue
from exchange.desk.claims import CaseMatter, claim, release
from exchange.desk.queue import QueueLine
from exchange.desk.queue_news import queue_topic, read_marks
from exchange.desk.sessions import FindAccount
from exchange.domain.case_disclosure import recipient_of
from exchange.serving.problems import ProblemError
from topics.labels import Labels
from verification.times import calendar_date

LABELS: Final = Labels(__file__)
STATES_OFFERED: Final = IN_HAND
DUES: Final = LABELS.table("dues")
HANDS: Final = LABELS.table("hands")
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_UNTIMED: Final = "untimed"
_PAGE_ROWS: Final = 50
StateAsked = Annotated[str, QueryParameter(name="state", max_length=40)]
DepartmentAsked = Annotated[str, QueryParameter(name="department", max_length=60)]
CountyAsked = Annotated[str, QueryParameter(name="county", max_length=60)]
DueAsked = Annotated[str, QueryParameter(name="due", max_length=20)]
HeldAsked = Annotated[str, QueryParameter(name="held", max_length=20)]
MarkSeen = Annotated[str | None, QueryParameter(name="since", pattern=r"^\d{1,18}$")]


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What somebody wants to see, as the address has it; what is not offered is left open."""

    state: str = ""
    department: str = ""
    county: str = ""
    due: str = ""
    held: str = ""

    def query(self, name: str, today: date) -> QueueQuery:
        """Return the query of whoever has this account name, on a day."""
        last = {"late": today - _DAY, "today": today, "week": today + _WEEK}.get(self.due)
        return QueueQuery(
            departments=(self.department,) if self.department else (),
            states=(self.state,) if self.state in STATES_OFFERED else self._every,
            county=self.county or None,
            assignee=name if self.held == "mine" else None,
            unassigned=self.held == "nobody",
            due_by=last,
            owing=RECALLED if self.due == "recalled" else (),
        )

    @property
    def _every(self) -> tuple[str, ...]:
        return EVERY_STATE if self.due == "recalled" else IN_HAND

    def with_due(self, due: str) -> dict[str, str]:
        """Return the query of the address that has another limit and is else the same."""
        return {**asdict(self), "due": due}


class QueueGroup(NamedTuple):
    """Rows that follow one another and are due alike."""

    kind: str
    rows: tuple["QueueLineView", ...]


class QueueLineView(NamedTuple):
    """A row; who has it in hand by the name that colleagues call them."""

    line: QueueLine
    due: DueView | None
    mine: bool
    held_by: str

    @property
    def key(self) -> str:
        """What names the matter in a form."""
        return ":".join((self.line.case_id, str(self.line.matter), self.line.instance or ""))


def queue_rows(lines: Iterable[QueueLine], name: str, find_account: FindAccount) -> Iterator[QueueLineView]:
    """Yield the rows as whoever has this account name sees them."""
    for line in lines:
        holder = find_account(line.assignee) if line.assignee else None
        held_by = holder.called if holder else line.assignee or ""
        yield QueueLineView(line, due_of(line.due, line.working_days_left), line.assignee == name, held_by)


def grouped(rows: Iterable[QueueLineView]) -> Iterator[QueueGroup]:
    """Yield rows in groups, in the order given."""
    for kind, group in groupby(rows, key=lambda row: row.due.kind if row.due else _UNTIMED):
        yield QueueGroup(kind, tuple(group))


def queue_page(
    frame: Frame,
    asked: QueueFilter,
    rows: Iterable[QueueLineView],
    counts: QueueCounts,
    listed: QueueCounts,
    after: str,
    mark: int,
) -> str:
    """Return the page of the queue.

    Args:
        frame: what stands around it.
        asked: the filter.
        rows: those of this page.
        counts: of all that the filter has, but for its limit.
        listed: of all that it has.
        after: where the next page begins, as its address says it; empty: there is none.
        mark: of the queue before it was read: what has a greater one is news.
    """
    policy = frame.policy
    return render(
        "queue",
        frame,
        asked=asked,
        groups=list(grouped(rows)),
        counts=counts,
        total=sum(counts.by_state.values()),
        listed=sum(listed.by_state.values()),
        states=STATES_OFFERED,
        departments=[] if recipient_of(frame.kept, policy) else sorted(policy.deciding),
        counties=[] if "county" in frame.kept else list(policy.city.county_names.values()),
        dues=DUES,
        hands=HANDS,
        next=frame.addresses.page("/queue", **asdict(asked), after=after) if after else "",
        mark=mark,
        task_words=lambda kind: words(TASK_KINDS, kind),
    )


@get("/queue", include_in_schema=False, sync_to_thread=True)
def show_queue(  # noqa: PLR0913, PLR0917 - its parameters are the filter's
    pages: PageRequestHere,
    asker: AskerHere,
    stands_in: StateAsked = "",
    department: DepartmentAsked = "",
    county: CountyAsked = "",
    due: DueAsked = "",
    held: HeldAsked = "",
    after: AfterAsked = "",
) -> AnyResponse:
    """Show what there is to do; one access record names everybody on the page."""
    desk, today = pages.console.desk, calendar_date(datetime.now(UTC))
    asked = QueueFilter(stands_in, department, county, due, held)
    place = read_cursor(after) if after else None
    mark = read_marks(desk).get(queue_topic(desk, asker), 0)
    shown = desk_queue.queue(desk, asker, asked.query(asker.name, today), place, _PAGE_ROWS)
    counts = listed = desk_queue.count(desk, asker, replace(asked, due="").query(asker.name, today))
    if due:
        listed = desk_queue.count(desk, asker, asked.query(asker.name, today))
    onward = cursor_text(shown.next) if shown.next else ""
    frame = pages.counted_frame(asker)
    rows = queue_rows(shown.lines, asker.name, pages.console.sign_in.find_account)
    return html(queue_page(frame, asked, rows, counts, listed, onward, mark))


@get("/queue/events", include_in_schema=False)
async def stream_queue(
    console: ConsoleHere, signed_in: SessionHere, last_seen: LastSeen = None, since: MarkSeen = None
) -> ServerSentEvent:
    """Tell the pages of a browser that there is something newer in the queue than they show."""
    return await queue_stream(console, signed_in, last_seen or since)


@post("/queue/hands", include_in_schema=False, sync_to_thread=True)
def change_hands(pages: PageRequestHere, asker: AskerHere, form: FormHere) -> AnyResponse:
    """Take a matter in hand, or put it back; the row is where one comes back to."""
    key = form.get("claim") or form.get("release") or ""
    matter = _matter_of(key)
    if "claim" in form:
        claim(pages.console.desk, asker, matter)
    else:
        release(pages.console.desk, asker, matter)
    return see(f"{pages.addresses.own(form.get('back', ''))}#r-{key}")


def _matter_of(key: str) -> CaseMatter:
    """Return the matter that a row's key names.

    Raises:
        ProblemError: it names none.
    """
    case_id, _, rest = key.partition(":")
    text, _, instance = rest.partition(":")
    if not case_id.isalnum() or (number := number_in(text)) is None:
        raise ProblemError("request_wrong", 400)
    return CaseMatter(case_id, number, instance or None)
