"""Asks a copy of the log where messages are, so that nobody has to look for them from the beginning."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import psycopg

from consumers.log.copies import LogCopy
from consumers.log.copy_session import open_session
from consumers.log.source import NOTHING_KNOWN, KnownSpots, PartitionSpots
from exchange.runtime.errors import ExchangeError
from exchange.runtime.settings import Settings

# One statement, so of one moment: what is before a partition's position is found.
_KNOWN: Final = """
WITH found AS MATERIALIZED ({found})
SELECT topic, partition, next_offset,
    array(SELECT "offset" FROM found WHERE (found.topic, found.partition) = (place.topic, place.partition))
FROM {name}.positions AS place WHERE topic = ANY(%(topics)s)
"""


def known_spots(
    settings: Settings, copy: LogCopy, topics: Collection[str], found: str, wanted: Mapping[str, Any]
) -> KnownSpots:
    """Return where a copy knows what is wanted to be; nothing where there is no copy, or none of this layout.

    A copy need not be at the end of the log, nor complete: what it has not read yet is left to be read.

    Args:
        settings: the exchange.
        copy: which one.
        topics: of which it is asked.
        found: a query for topic, partition and offset of each message.
        wanted: its parameters.
    """
    statement = _KNOWN.format(found=found, name=copy.name)
    try:
        with open_session(settings, copy) as session:
            rows = session.connection.execute(
                statement.encode(), {**wanted, "topics": list(topics)}
            ).fetchall()
    except (ExchangeError, psycopg.Error):
        return NOTHING_KNOWN
    return {(topic, partition): PartitionSpots(tuple(at), reached) for topic, partition, reached, at in rows}
