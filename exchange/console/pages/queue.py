"""The queue: what there is to do, the soonest due first, in groups by how soon."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from consumers.labels.rulings import TASK_KINDS
from consumers.labels.words import words
from consumers.read_model.queue_reader import IN_HAND, RECALLED, QueueCounts, QueueQuery
from exchange.console.pages.frame import Frame
from exchange.console.pages.parts import DueView, due_of
from exchange.console.pages.rendering import render
from exchange.desk.queue import QueueLine
from exchange.domain.case_disclosure import recipient_of
from topics.labels import Labels

LABELS: Final = Labels(__file__)
STATES_OFFERED: Final = IN_HAND
DUES: Final = LABELS.table("dues")
HANDS: Final = LABELS.table("hands")
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_UNTIMED: Final = "untimed"


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
            states=(self.state,) if self.state in STATES_OFFERED else IN_HAND,
            county=self.county or None,
            assignee=name if self.held == "mine" else None,
            unassigned=self.held == "nobody",
            due_by=last,
            owing=RECALLED if self.due == "recalled" else (),
        )

    def with_due(self, due: str) -> dict[str, str]:
        """Return the query of the address that has another limit and is else the same."""
        return {**asdict(self), "due": due}


class QueueGroup(NamedTuple):
    """Rows that follow one another and are due alike."""

    kind: str
    rows: tuple["QueueLineView", ...]


class QueueLineView(NamedTuple):
    """A row."""

    line: QueueLine
    due: DueView | None
    mine: bool

    @property
    def key(self) -> str:
        """What names the matter in a form."""
        return ":".join((self.line.case_id, str(self.line.matter), self.line.instance or ""))


def grouped(lines: Iterable[QueueLine], name: str) -> Iterator[QueueGroup]:
    """Yield the rows of whoever has this account name, in groups, in the order given."""
    rows = (QueueLineView(one, due_of(one.due, one.working_days_left), one.assignee == name) for one in lines)
    for kind, group in groupby(rows, key=lambda row: row.due.kind if row.due else _UNTIMED):
        yield QueueGroup(kind, tuple(group))


def queue_page(
    frame: Frame, name: str, asked: QueueFilter, lines: Iterable[QueueLine], counts: QueueCounts, after: str
) -> str:
    """Return the page of the queue.

    Args:
        frame: what stands around it.
        name: of the account that looks.
        asked: the filter.
        lines: the rows of this page.
        counts: of all that the filter has, but for its limit.
        after: where the next page begins, as its address says it; empty: there is none.
    """
    policy = frame.policy
    kept = frame.visitor.asker.kept_within if frame.visitor else {}
    return render(
        "queue",
        frame,
        asked=asked,
        groups=list(grouped(lines, name)),
        counts=counts,
        total=sum(counts.by_state.values()),
        states=STATES_OFFERED,
        departments=[] if recipient_of(kept, policy) else sorted(_deciding(frame)),
        counties=[] if "county" in kept else list(policy.city.county_names.values()),
        dues=DUES,
        hands=HANDS,
        next=frame.addresses.page("/queue", **asdict(asked), after=after) if after else "",
        task_words=lambda kind: words(TASK_KINDS, kind),
    )


def _deciding(frame: Frame) -> set[str]:
    return {one.decides for one in frame.policy.matters}
