"""Records as they are sent: as lines, many at once."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from life_events_client.model import Publishable, as_bytes

BATCH_LINES: Final = 500
"""So many records go at once: after a cut no more are sent again."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records in the order in which they are sent, and their ids.

    Attributes:
        id: Always of the same records. It is a UUID; behind it stands, where there is something, the position
            after which their receipts come.
    """

    id: str
    record_ids: tuple[str, ...]
    lines: tuple[bytes, ...]

    @property
    def uuid(self) -> str:
        """The UUID alone."""
        return self.id.partition(" ")[0]

    @property
    def since(self) -> str:
        """The position after which its receipts come; empty where it has none."""
        return self.id.partition(" ")[2]

    @classmethod
    def of(cls, batch_id: str, records: Iterable[Publishable]) -> "Batch":
        """Return records as a batch."""
        ids, lines = zip(*((one.record_id, line_of(one)) for one in records), strict=True)
        return cls(batch_id, ids, lines)


def chosen(records: Iterable[Publishable]) -> Iterator[tuple[Publishable, ...]]:
    """Yield records, as many at a time as go into a batch."""
    rest = iter(records)
    while some := tuple(islice(rest, BATCH_LINES)):
        yield some


def line_of(record: Publishable) -> bytes:
    """Return a record as one line of a batch."""
    return line(record.type, as_bytes(record))


def line(record_type: str, fields: bytes) -> bytes:
    """Return one line of a batch, from the JSON of a record's fields."""
    return b'{"type": %b, "record": %b}\n' % (json.dumps(record_type).encode(), fields)
