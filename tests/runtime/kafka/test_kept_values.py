"""What is kept on the log is read to its end, also where compaction has left gaps."""

from typing import Any

import pytest
from confluent_kafka import KafkaError

from exchange.runtime.kafka import kept_values as kept
from tests.nowhere import NO_BROKERS

END = object()


class Message:
    """One message, or the end of the partition."""

    def __init__(self, key: Any) -> None:
        self._key = key

    def error(self) -> KafkaError | None:
        """The end comes as an error."""
        return KafkaError(KafkaError._PARTITION_EOF) if self._key is END else None

    def key(self) -> Any:
        """Its key."""
        return self._key

    def value(self) -> bytes:
        """Always the same."""
        return b"value"


class Compacted:
    """A partition of eight offsets of which three are left."""

    def __init__(self) -> None:
        self._left = [Message(b"a"), Message(b"b"), Message(b"a"), Message(END)]

    def assign(self, _places: object) -> None:
        """Begin."""

    def poll(self, _timeout_s: float) -> Message:
        """Return what comes next; after the end nothing does."""
        return self._left.pop(0)

    def close(self) -> None:
        """End."""


def test_a_compacted_topic_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for what compaction has taken."""
    place = ("credentials", 0)
    monkeypatch.setattr(kept, "make_consumer", lambda *_: Compacted())
    monkeypatch.setattr(kept, "watermarks", lambda *_: {place: (0, 8)})
    assert [one.key for one in kept.kept_values(NO_BROKERS, "credentials")] == [b"a", b"b", b"a"]
