"""The frozen values of the core: what has been taken of a person, and what was told of it.

``CaseState`` is all that is kept per person. A case (``exchange.domain.case``) is worked out from it and
from nothing else, so the order in which records arrived cannot show in a case.
"""

from dataclasses import dataclass
from typing import Literal

from verification.records import Record

ReceiptStatus = Literal["ACCEPTED", "DUPLICATE", "REJECTED", "HELD"]


@dataclass(frozen=True, slots=True)
class Position:
    """Where the log holds a record."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        """The position as one word; it is also the record's receipt id."""
        return f"{self.topic}/{self.partition}/{self.offset}"


@dataclass(frozen=True, slots=True)
class Taken:
    """A record that belongs to the person, with where and how it was taken.

    ``status`` is what its receipt said; it is kept so that a replay repeats the same receipt.
    ``held`` holds the codes for which the record by itself is put aside.
    """

    record: Record
    digest: str
    position: Position
    status: ReceiptStatus
    held: tuple[str, ...] = ()


def recording(record: Record) -> tuple[str, str]:
    """Return what records are ordered by: when they were recorded, and of one moment by their ids."""
    return (record.recorded_at, record.record_id)


@dataclass(frozen=True, slots=True)
class Told:
    """The last announcement that a department was sent of one matter."""

    matter: int
    instance: str | None
    department: str
    transition: str
    announcement_id: str
    proofs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseState:
    """All that is kept of one person: the records taken, and beside them what was told."""

    case_id: str
    taken: tuple[Taken, ...] = ()
    told: tuple[Told, ...] = ()
