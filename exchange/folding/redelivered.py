"""A record of the log that is delivered again: to the rules it is that record, with its place and its time.

The fold knows a record by its place, so one that took effect already only repeats its receipt.
"""

from dataclasses import dataclass, field
from typing import Self

from avro_schemas.typed_documents import RedeliveryDocument


@dataclass(frozen=True, slots=True)
class Redelivered:
    """The record as the log took it first, read from ``exchange.events.Redelivery``."""

    record_topic: str
    record_partition: int
    record_offset: int
    taken_at_ms: int
    record_key: bytes | None = field(repr=False)
    record_value: bytes | None = field(repr=False)

    @classmethod
    def of(cls, document: RedeliveryDocument, partition: int) -> Self:
        """Return the record of a redelivery on this partition, which is also the record's own."""
        return cls(
            document["record_topic"],
            partition,
            document["record_offset"],
            round(document["taken_at"].timestamp() * 1000),
            document["record_key"],
            document["record_value"],
        )

    def topic(self) -> str:  # noqa: D102
        return self.record_topic

    def partition(self) -> int:  # noqa: D102
        return self.record_partition

    def offset(self) -> int:  # noqa: D102
        return self.record_offset

    def key(self) -> bytes | None:  # noqa: D102
        return self.record_key

    def value(self) -> bytes | None:  # noqa: D102
        return self.record_value

    def timestamp(self) -> tuple[int, int]:  # noqa: D102
        return (2, self.taken_at_ms)
