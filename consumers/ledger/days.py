"""A day's sums for each department: what it sent, and what came of that.

A day is a calendar day of Asia/Shanghai, by the moment at which the log took a record. What a department sent
must equal what was accepted, known already, rejected or held, or is pending. What could not be decoded, what
admission turned away so that it never was in the log, and what the department's own client took back are
counted apart.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from psycopg.rows import class_row

from consumers.ledger.missing import MissingRecord
from consumers.log.copies import Connection
from topics.catalogue import Catalogue
from verification.times import SHANGHAI

_SUMS: Final = """
WITH counted AS (
    SELECT department,
        count(*) FILTER (WHERE logged AND outcome IS DISTINCT FROM 'UNDECODABLE') AS sent,
        count(*) FILTER (WHERE outcome = 'ACCEPTED') AS accepted,
        count(*) FILTER (WHERE outcome = 'DUPLICATE') AS duplicate,
        count(*) FILTER (WHERE outcome = 'REJECTED') AS rejected,
        count(*) FILTER (WHERE outcome = 'HELD') AS held,
        count(*) FILTER (WHERE outcome IS NULL) AS pending,
        count(*) FILTER (WHERE outcome = 'UNDECODABLE') AS undecodable
    FROM ledger.records WHERE taken_at >= %(first)s AND taken_at < %(after)s GROUP BY department
), turned_away AS (
    SELECT department, count(*) AS turned_away
    FROM ledger.refusals WHERE taken_at >= %(first)s AND taken_at < %(after)s GROUP BY department
), taken_back AS (
    SELECT department, sum(records)::bigint AS taken_back
    FROM ledger.gaps WHERE taken_at >= %(first)s AND taken_at < %(after)s GROUP BY department
)
SELECT department, coalesce(sent, 0) AS sent, coalesce(accepted, 0) AS accepted,
    coalesce(duplicate, 0) AS duplicate, coalesce(rejected, 0) AS rejected, coalesce(held, 0) AS held,
    coalesce(pending, 0) AS pending, coalesce(undecodable, 0) AS undecodable,
    coalesce(turned_away, 0) AS turned_away, coalesce(taken_back, 0) AS taken_back
FROM counted FULL JOIN turned_away USING (department) FULL JOIN taken_back USING (department)
"""


@dataclass(frozen=True, slots=True)
class DaySums:
    """How many records there are of one department and day.

    Attributes:
        taken_back: those that its own client wrote in a transaction and took back; nobody has seen them.
        missing: those for which something has not come.
    """

    department: str
    sent: int = 0
    accepted: int = 0
    duplicate: int = 0
    rejected: int = 0
    held: int = 0
    pending: int = 0
    undecodable: int = 0
    turned_away: int = 0
    taken_back: int = 0
    missing: int = 0

    @property
    def unexplained(self) -> int:
        """Return how many more were sent than are accounted for; negative: answers to what nobody sent."""
        return self.sent - self.accepted - self.duplicate - self.rejected - self.held - self.pending

    @property
    def adds_up(self) -> bool:
        """Say whether everything that was sent is accounted for, and none of it is missing."""
        return self.unexplained == 0 and self.missing == 0


def day_sums(
    connection: Connection,
    day: date,
    as_of: datetime,
    missing: Iterable[MissingRecord],
    catalogue: Catalogue,
) -> tuple[DaySums, ...]:
    """Return the day's sums of every department that publishes, zeros included, in the catalogue's order.

    Args:
        connection: to the ledger.
        day: in Asia/Shanghai.
        as_of: what the log took later is left out, since some of it may be here and some not yet.
        missing: what is missing at this moment, of whatever day.
        catalogue: has the departments.
    """
    first, next_day = bounds_of(day)
    after = min(next_day, as_of)
    lacking = Counter(one.department for one in missing if first <= one.taken_at < after)
    with connection.cursor(row_factory=class_row(DaySums)) as cursor:
        found = {row.department: row for row in cursor.execute(_SUMS, {"first": first, "after": after})}
    bureau = (catalogue.bureau,) if catalogue.bureau in found else ()
    shown = (*catalogue.publishers, *bureau)
    return tuple(replace(found.get(code) or DaySums(code), missing=lacking[code]) for code in shown)


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """Return the first instant of a day in Asia/Shanghai, and that of the next."""
    first = datetime.combine(day, time.min, SHANGHAI)
    return first.astimezone(UTC), (first + timedelta(days=1)).astimezone(UTC)
