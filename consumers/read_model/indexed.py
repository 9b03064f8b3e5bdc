"""Reads the index of receipts and announcements in the order of their topics, from given offsets on.

All functions take an open connection to the read model and ask one statement, so that rows and positions are
of one moment: whatever is before the position of a partition is in the rows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from consumers.log.copies import READ_MODEL, Connection
from consumers.log.copy_session import require_complete
from consumers.log.offsets import Offsets
from consumers.log.reader import PositionGoneError
from exchange.folding.errors import SerdeError
from exchange.runtime.logs import logger

D = TypeVar("D")

_ENDS: Final = """
    SELECT complete, array(
        SELECT next_offset FROM read_model.positions WHERE topic = %(topic)s ORDER BY partition
    ) AS next FROM read_model.life
"""
# In turns: the first of each partition, then the second of each. So no partition waits for another's many.
_AFTER: Final = """
WITH ends AS ({ends})
SELECT ends.complete, ends.next, found.partition, found."offset", found.value
FROM ends LEFT JOIN LATERAL (
    SELECT one.* FROM unnest(%(next)s::bigint[]) WITH ORDINALITY AS place (next, number)
    CROSS JOIN LATERAL (
        SELECT partition, "offset", value, row_number() OVER (ORDER BY "offset") AS turn
        FROM read_model.{table}
        WHERE department = %(department)s AND partition = place.number - 1 AND "offset" >= place.next {only}
        ORDER BY "offset" LIMIT %(limit)s
    ) AS one
    ORDER BY one.turn, one.partition LIMIT %(limit)s
) AS found ON true
ORDER BY found.turn, found.partition
"""

log = logger("consumers.read_model.indexed")


@dataclass(frozen=True, slots=True)
class Indexed(Generic[D]):
    """A document of the index, and its place in its topic."""

    partition: int
    offset: int
    document: D


@dataclass(frozen=True, slots=True)
class IndexedAfter(Generic[D]):
    """What came: the documents, those of a partition in order; where to go on, and whether at once."""

    documents: tuple[Indexed[D], ...]
    reached: Offsets
    full: bool


def end_of(connection: Connection, topic: str) -> Offsets:
    """Return the offsets after everything that the index has of a topic.

    Raises:
        ExchangeError: the read model is being built, so that this is not where the topic ends.
    """
    row = connection.execute(_ENDS.encode(), {"topic": topic}).fetchone()
    complete, ends = row or (False, ())
    require_complete(complete, READ_MODEL)
    return Offsets(tuple(ends))


def read_after(
    connection: Connection,
    table: str,
    topic: str,
    offsets: Offsets,
    limit: int,
    decode: Callable[[bytes], D],
    only: Mapping[str, Any],
) -> IndexedAfter[D]:
    """Return at most so many documents of a department's topic from these offsets on.

    Args:
        connection: to the read model.
        table: `receipts` or `announcements`.
        topic: the department's, of that kind.
        offsets: where to begin.
        limit: how many documents at most, one or more.
        decode: reads the values.
        only: column → the value that it must have; None leaves it open. Rows with others are passed over.

    Raises:
        PositionGoneError: the offsets are after the end of the topic, which was cut or made anew.
        ExchangeError: the read model is being built, and has not come so far.
    """
    wanted = {column: value for column, value in only.items() if value is not None}
    conditions = "".join(f" AND {column} = %({column})s" for column in wanted)
    asked = {
        **wanted,
        "topic": topic,
        "department": topic.partition(".")[2],
        "next": list(offsets.next),
        "limit": limit,
    }
    statement = _AFTER.format(ends=_ENDS, table=table, only=conditions)  # names of ours alone
    rows = connection.execute(statement.encode(), asked).fetchall()
    complete, ends = rows[0][:2] if rows else (False, ())
    if offsets.is_beyond(Offsets(tuple(ends))):
        require_complete(complete, READ_MODEL)
        raise PositionGoneError(topic)
    found = [row[2:] for row in rows if row[2] is not None]
    reached, full = Offsets(tuple(ends)), len(found) == limit
    if full:  # only what was given is passed
        reached = offsets
        for partition, offset, _ in found:
            reached = reached.passed(partition, offset)
    return IndexedAfter(tuple(decoded(found, decode)), reached, full)


def decoded(rows: Iterable[tuple[Any, ...]], decode: Callable[[bytes], D]) -> Iterable[Indexed[D]]:
    """Yield the documents of rows of partition, offset and value; what cannot be read is logged."""
    for partition, offset, value in rows:
        try:
            yield Indexed(partition, offset, decode(value))
        except SerdeError as problem:
            log.error("not_readable", code=problem.code, partition=partition, offset=offset)
