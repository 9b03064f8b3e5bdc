"""Reads what departments have to do: pages of matters by how soon they are due, and how many there are.

Shape: one row for each matter of each case, without anybody's name; the case's bytes lie beside it, so that
whoever shows the row asks nothing more. Rows come the soonest due first, those without a day last, then the
longest waiting first.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from consumers.log.copy_session import OurDatabase
from exchange.domain.policy_files.working_days import WorkingDays

IN_HAND: Final = ("READY", "APPLIED", "ACCEPTED", "SUSPENDED")
"""The states of matters on which a department works, or may be asked to."""
RECALLED: Final = frozenset({"ACKNOWLEDGE", "RECOVER"})
"""The tasks of who was told of a death that was taken back, or has to take back what was done."""


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """Which matters are asked for; what is None, empty or False leaves it open.

    Attributes:
        departments: whose matters, by code, one or more.
        states: in which states.
        county: of this county's people alone.
        instance: of this bank alone, by its USCC.
        assignee: in this person's hands.
        unassigned: in nobody's hands.
        due_by: with a last day no later than this.
        owing: with a task of one of these kinds open: `RECALLED`, or what is to be handed out.
    """

    departments: Collection[str]
    states: Collection[str] = IN_HAND
    county: str | None = None
    instance: str | None = None
    assignee: str | None = None
    unassigned: bool = False
    due_by: date | None = None
    owing: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class QueueCursor:
    """Where a page ended: its last row's place in the order."""

    due: date | None
    since: datetime
    case_id: str
    matter: int
    instance: str | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A matter that somebody has to do with.

    Attributes:
        county: the county whose department has it, as in announcements and tasks.
        since: when the last of its proofs, applications and results was recorded.
        due: the last day of its limit, while that runs.
        working_days_left: until then, 0 on that day, below 0 after it; of a paused limit what is left of it;
            None without a limit, or beyond the calendar's years.
        assignee: in whose hands it is.
        channel: by which the last application for it came.
        owed: the kinds of its tasks that are not done.
        document: the case, framed Avro bytes of ``exchange.events.Case``.
    """

    case_id: str
    matter: int
    instance: str | None
    department: str
    county: str | None
    state: str
    since: datetime | None
    due: date | None
    working_days_left: int | None
    assignee: str | None
    channel: str | None
    owed: tuple[str, ...]
    document: bytes


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some rows in order, and where the next page begins; None: there is nothing more."""

    rows: tuple[QueueRow, ...]
    next: QueueCursor | None


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many matters there are: by state, due on the day itself, and past their last day."""

    by_state: Mapping[str, int]
    due_today: int
    late: int


@dataclass(frozen=True)
class QueueReader:
    """Reads queues.

    Args:
        database: the exchange's, or a pool of connections to it.
        calendar: the policy's working days.

    Raises:
        ExchangeError: from every method: the read model is not there or not yet built, or PostgreSQL does not
            answer.
    """

    database: OurDatabase
    calendar: WorkingDays

    def page(
        self, query: QueueQuery, after: QueueCursor | None, limit: int, day: date | None = None
    ) -> QueuePage:
        """Return at most so many rows after a place; ``day`` is today in Asia/Shanghai unless given."""
        raise NotImplementedError

    def counts(self, query: QueueQuery, day: date | None = None) -> QueueCounts:
        """Return how many matters a query has in all."""
        raise NotImplementedError
