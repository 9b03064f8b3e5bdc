"""Where messages of the log come from, for code that makes something of them and knows no brokers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Protocol

Keep = Callable[[Any], bool]
Tell = Callable[[int, int], None]
"""Told how many offsets of the log were passed, and of how many."""


@dataclass(frozen=True, slots=True)
class PartitionSpots:
    """What an index knows of a partition: before ``next_offset``, what is wanted is at these offsets."""

    offsets: tuple[int, ...]
    next_offset: int


KnownSpots = Mapping[tuple[str, int], PartitionSpots]
"""Topic and partition → what is known of it."""
NOTHING_KNOWN: Final[KnownSpots] = MappingProxyType({})


class ReadsLog(Protocol):
    """What reads the log; tests have one without brokers."""

    def read(
        self, keeps: Mapping[str, Keep], partitions: Iterable[int], known: KnownSpots = NOTHING_KNOWN
    ) -> list[Any]:
        """See ``consumers.log.scan.CaseLog``."""


def silent(_read: int, _total: int) -> None:
    """Tell nobody how far the reading is."""


def log_order(message: Any) -> tuple[int, str, int]:
    """Return the key by which messages of several partitions are ordered: append time, topic, offset."""
    return (message.timestamp()[1], message.topic(), message.offset())
