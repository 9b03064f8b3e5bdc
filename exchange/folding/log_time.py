"""The log's own time, the only clock that counts for what a message comes to."""

from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Timed(Protocol):
    """A message as a client reads it; ``timestamp`` gives its kind and milliseconds since 1970."""

    def timestamp(self) -> tuple[int, int]: ...  # noqa: D102


def taken_at_of(message: Timed) -> datetime:
    """Return when the log took a message: its append time, to the millisecond, UTC."""
    return _EPOCH + timedelta(milliseconds=message.timestamp()[1])
