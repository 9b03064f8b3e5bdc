"""Where messages of the log come from, for those who make something of them: they know no brokers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

Keep = Callable[[Any], bool]
Tell = Callable[[int, int], None]
"""How many offsets of the log were passed, of how many."""


class ReadsLog(Protocol):
    """What reads the log; tests have one without brokers."""

    def read(self, keeps: Mapping[str, Keep], partitions: Iterable[int]) -> list[Any]:
        """See ``consumers.log.scan.CaseLog``."""


def silent(_read: int, _total: int) -> None:
    """Tell nobody how far the reading is."""


def log_order(message: Any) -> tuple[int, str, int]:
    """Return what messages of several partitions are ordered by: append time, topic, offset."""
    return (message.timestamp()[1], message.topic(), message.offset())
