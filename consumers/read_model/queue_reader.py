"""Reads what departments have to do: pages of matters by how soon they are due, and how many there are.

Shape: one row for each matter of each case, without anybody's name; the case's bytes lie beside it, so that
whoever shows the row asks nothing more. Rows come the soonest due first, those without a day last, then the
longest waiting first.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from psycopg.rows import dict_row

from consumers.log.copy_session import OurDatabase, Session, open_session
from consumers.read_model.matter_table import SOONEST_FIRST
from consumers.read_model.matter_told import TOLD_OF, TOLD_THERE
from exchange.domain.policy_files.working_days import WorkingDays
from verification.times import calendar_date

IN_HAND: Final = ("READY", "APPLIED", "ACCEPTED", "SUSPENDED")
"""The states of matters on which a department works, or may be asked to."""
EVERY_STATE: Final = (*IN_HAND, "WAITING", "COMPLETED", "REJECTED", "NOT_APPLICABLE")
"""What was recalled may be in any: it may wait for a death again, or have been completed."""
RECALLED: Final = ("ACKNOWLEDGE", "RECOVER")
"""The tasks of who was told of a death that was taken back, or has to take back what was done."""

_HELD: Final = """
SELECT assignee FROM work.assignments AS held
WHERE held.case_id = one.case_id AND held.matter = one.matter AND held.instance = coalesce(one.instance, '')
"""
_OWED: Final = """
SELECT DISTINCT kind FROM read_model.tasks AS task
WHERE task.case_id = one.case_id AND task.matter = one.matter
    AND task.instance IS NOT DISTINCT FROM one.instance AND task.state <> 'DONE'
"""
_HELD_BY: Final = "SELECT case_id FROM work.assignments WHERE assignee = %(assignee)s"
_OWING: Final = "SELECT case_id FROM read_model.tasks WHERE kind = ANY(%(owing)s) AND state <> 'DONE'"
_ONLY: Final = {
    "told": "CASE WHEN %(county)s::text IS NULL THEN one.told ELSE one.told_there END",
    "county": "one.handled_in = %(county)s",
    "instance": "one.instance = %(instance)s",
    "due_by": "one.due <= %(due_by)s",
    "unassigned": f"NOT EXISTS ({_HELD})",
    "assignee": f"case_id = ANY(array({_HELD_BY})) AND EXISTS ({_HELD} AND held.assignee = %(assignee)s)",
    "owing": f"case_id = ANY(array({_OWING})) AND EXISTS ({_OWED} AND task.kind = ANY(%(owing)s))",
}
"""What is asked for → the condition on a row. It is only there where it is asked: so each finds its index."""
_RARE: Final = ("assignee", "owing")
"""What few rows have: their cases are known at once, and to look for them in the order would take long."""
_UNCOUNTED: Final = (*_RARE, "unassigned")
"""What the counts of matters do not tell apart: their rows are counted."""
_ROWS: Final = "read_model.matter_facts"
_TOLD_SINCE: Final = 12
"""The layout since which rows say what was told; while one of before is read, it is looked for."""
_ROWS_BEFORE: Final = f"""
(SELECT *, EXISTS (SELECT FROM read_model.announcements AS told WHERE {TOLD_OF}) AS told,
    EXISTS (SELECT FROM read_model.announcements AS told WHERE {TOLD_OF} AND {TOLD_THERE}) AS told_there
FROM read_model.matter_facts AS one)
"""  # noqa: S608 - put together from constants alone
_AFTER: Final = f"""
AND ({SOONEST_FIRST}) > (
    coalesce(%(after_due)s::date, 'infinity'), coalesce(%(after_since)s::timestamptz, '-infinity'),
    %(after_case_id)s, %(after_matter)s, coalesce(%(after_instance)s, '')
)
"""
# One look into the index for each department and state, each as long as the page: so none is sorted whole.
_IN_ORDER: Final = f"""
SELECT found.* FROM unnest(%(departments)s::text[]) AS theirs (of_department)
CROSS JOIN unnest(%(states)s::text[]) AS wanted (in_state)
CROSS JOIN LATERAL (
    SELECT * FROM {{rows}} AS one
    WHERE department = of_department AND state = in_state {{only}}
    ORDER BY {SOONEST_FIRST} LIMIT %(limit)s
) AS found
ORDER BY {SOONEST_FIRST} LIMIT %(limit)s
"""  # noqa: S608 - put together from constants alone
_THEIRS: Final = "department = ANY(%(departments)s) AND state = ANY(%(states)s)"
_OF_FEW: Final = f"""
SELECT * FROM {{rows}} AS one WHERE {_THEIRS} {{only}} ORDER BY {SOONEST_FIRST} LIMIT %(limit)s
"""  # noqa: S608
_PAGE: Final = f"""
WITH one AS MATERIALIZED ({{found}})
SELECT case_id, matter, instance, department, handled_in AS county, state, since,
    nullif(due, 'infinity') AS due, days_left, ({_HELD}) AS assignee, channel,
    array({_OWED} ORDER BY kind) AS owed, document
FROM one JOIN read_model.cases USING (case_id) ORDER BY {SOONEST_FIRST}
"""  # noqa: S608 - put together from constants alone
_COUNTS: Final = "read_model.matter_counts"
_COUNT: Final = f"""
SELECT state, sum(number)::bigint AS number,
    coalesce(sum(number) FILTER (WHERE due = %(day)s), 0)::bigint AS due_today,
    coalesce(sum(number) FILTER (WHERE due < %(day)s), 0)::bigint AS late
FROM {{counts}} AS one WHERE {_THEIRS} {{only}} GROUP BY state HAVING sum(number) > 0
"""  # noqa: S608 - put together from constants alone


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
        told: of which its department was told, of that county, if there is one.
    """

    departments: Collection[str]
    states: Collection[str] = IN_HAND
    county: str | None = None
    instance: str | None = None
    assignee: str | None = None
    unassigned: bool = False
    due_by: date | None = None
    owing: Collection[str] = ()
    told: bool = False


@dataclass(frozen=True, slots=True)
class QueueCursor:
    """Where a page ended: its last row's place in the order."""

    due: date | None
    since: datetime | None
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
        asked = {**asdict(query), "limit": limit + 1}
        only = _conditions(query)
        if after is not None:
            asked |= {f"after_{name}": value for name, value in asdict(after).items()}
            only += _AFTER
        statement = _PAGE.format(found=_OF_FEW if _asks(query, _RARE) else _IN_ORDER)
        today_is = day or calendar_date(datetime.now(UTC))
        with self._session() as session:
            rows = _ask(session, statement.format(rows=_rows(session), only=only), asked)
        found = [self._row(row, today_is) for row in rows]
        shown = tuple(found[:limit])
        return QueuePage(shown, _place(shown[-1]) if len(found) > limit else None)

    def counts(self, query: QueueQuery, day: date | None = None) -> QueueCounts:
        """Return how many matters a query has in all."""
        asked = {**asdict(query), "day": day or calendar_date(datetime.now(UTC))}
        with self._session() as session:
            rows = _ask(
                session, _COUNT.format(counts=_counts(session, query), only=_conditions(query)), asked
            )
        return QueueCounts(
            by_state={row["state"]: row["number"] for row in rows},
            due_today=sum(row["due_today"] for row in rows),
            late=sum(row["late"] for row in rows),
        )

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with open_session(self.database) as session:
            session.require_complete()
            yield session

    def _row(self, row: dict[str, Any], day: date) -> QueueRow:
        left, due = row.pop("days_left"), row["due"]
        owed = tuple(row.pop("owed"))
        return QueueRow(
            **row, owed=owed, working_days_left=left if due is None else self.calendar.until(due, day)
        )


def _rows(session: Session) -> str:
    return _ROWS if session.version >= _TOLD_SINCE else _ROWS_BEFORE


def _counts(session: Session, query: QueueQuery) -> str:
    if session.version < _TOLD_SINCE or _asks(query, _UNCOUNTED):
        return f"(SELECT *, 1 AS number FROM {_rows(session)} AS one)"  # noqa: S608 - constants alone
    return _COUNTS


def _ask(session: Session, statement: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    values = {
        name: list(one) if isinstance(one, Collection) and not isinstance(one, str) else one
        for name, one in asked.items()
    }
    with session.connection.cursor(binary=True, row_factory=dict_row) as cursor:
        return cursor.execute(statement.encode(), values).fetchall()


def _asks(query: QueueQuery, names: Iterable[str]) -> bool:
    return any(getattr(query, name) for name in names)


def _conditions(query: QueueQuery) -> str:
    return "".join(f" AND {condition}" for name, condition in _ONLY.items() if getattr(query, name))


def _place(row: QueueRow) -> QueueCursor:
    return QueueCursor(row.due, row.since, row.case_id, row.matter, row.instance)
