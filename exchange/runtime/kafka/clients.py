"""Every client of the brokers is made here, so that none is made with settings that lose messages.

The clients' own defaults lose messages: a producer that is not idempotent repeats and reorders on a retry,
and a reader whose place is gone jumps to the end. What must hold is in `KEPT` and `READ`, which no caller can
override.
"""

from collections.abc import Mapping
from threading import Thread
from typing import Any, Final

from confluent_kafka import Consumer, KafkaException, Producer
from confluent_kafka.admin import AdminClient

from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.pulse import PULSE_S, Pulse
from topics.catalogue import NO_GROUP

KEPT: Final[Mapping[str, object]] = {
    # Acknowledged means: on every replica in sync, of which there are at least two where there are three.
    "acks": "all",
    # A retry neither repeats a message nor lets a later one overtake it.
    "enable.idempotence": True,
    # Java's and aiokafka's choice too: a person's records must meet on one partition, whoever writes.
    "partitioner": "murmur2_random",
}
READ: Final[Mapping[str, object]] = {
    # What a transaction has not committed, or has taken back, was never said.
    "isolation.level": "read_committed",
    # Places are kept by the readers themselves, together with what they made of the messages.
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "allow.auto.create.topics": False,
}
_UNLESS_SAID: Final[Mapping[str, object]] = {
    "group.id": NO_GROUP,
    "auto.offset.reset": "error",
    # How soon a full queue is looked at again; for the client's default of 1 s a reader in bulk would wait.
    "fetch.queue.backoff.ms": 10,
}
_RESETS: Final = frozenset({"error", "earliest"})
_CLOSE_S: Final = 30.0


class PulsedConsumer(Consumer):  # type: ignore[misc]
    """A reader that says so when it has locked itself, and whose end nobody waits for in vain.

    `poll` raises ClientLockedError once its client's own threads stand still; see `pulse`.
    """

    def __init__(self, settings: Mapping[str, object], pulse: Pulse, pulse_s: float = PULSE_S) -> None:
        own = {"statistics.interval.ms": int(pulse_s * 1000), "stats_cb": pulse.feel}
        super().__init__({**settings, **own})
        self._pulse = pulse

    def poll(self, timeout: float = -1) -> Any:
        """Return the next message; None when the time, in seconds, has passed."""
        message = super().poll(timeout)
        self._pulse.check()
        return message

    def close(self) -> None:
        """Stop reading; a client that has locked itself is left to the end of the process."""
        closing = Thread(target=super().close, daemon=True)
        closing.start()
        closing.join(_CLOSE_S)


def make_producer(kafka: KafkaAccess, own: Mapping[str, object] | None = None) -> Any:
    """Return a producer whose acknowledgement can be relied on.

    Args:
        kafka: how the brokers are reached.
        own: what else this producer needs: delays, limits, call-backs, a transaction's id.

    Raises:
        ValueError: `own` would take back what must hold.
    """
    return Producer(_joined(kafka, KEPT, own))


def make_consumer(kafka: KafkaAccess, own: Mapping[str, object] | None = None) -> Any:
    """Return a reader of what is committed; it only ever starts from its own place or from the beginning.

    Args:
        kafka: how the brokers are reached.
        own: what else this reader needs; `auto.offset.reset` is `error` unless it says `earliest`.

    Raises:
        ValueError: `own` would take back what must hold.
    """
    settings = {**_UNLESS_SAID, **_joined(kafka, READ, own)}
    if settings["auto.offset.reset"] not in _RESETS:
        raise ValueError(
            f"a reader begins at its place or at the beginning, not {settings['auto.offset.reset']}"
        )
    return PulsedConsumer(settings, Pulse())


def make_auditor(kafka: KafkaAccess, own: Mapping[str, object] | None = None) -> Any:
    """Return a reader that also sees what transactions have not committed or have taken back.

    It is for naming what nobody else sees, never for acting on it: such messages were never said.
    """
    seeing = {**READ, "isolation.level": "read_uncommitted"}
    return PulsedConsumer({**_UNLESS_SAID, **_joined(kafka, seeing, own)}, Pulse())


def read_batch(consumer: Any, most: int, timeout_s: float) -> list[Any]:
    """Return what is there, at most ``most``, waiting only for the first; none when the time has passed.

    ``consume`` alone would wait until there are that many. Ends of partitions and errors come as messages.
    """
    first = consumer.poll(timeout_s)
    return [] if first is None else [first, *consumer.consume(most - 1, timeout=0)]


def make_admin(kafka: KafkaAccess, own: Mapping[str, object] | None = None) -> Any:
    """Return a client that asks brokers about topics and settings; its own log is silent."""
    return AdminClient(_joined(kafka, {}, {"log_level": 0, **(own or {})}))


def brokers_answer(kafka: KafkaAccess, limit_s: float = 1.0) -> bool:
    """Say whether a broker answers within that time."""
    try:
        make_admin(kafka).list_topics(timeout=limit_s)
    except KafkaException:
        return False
    return True


def _joined(
    kafka: KafkaAccess, fixed: Mapping[str, object], own: Mapping[str, object] | None
) -> dict[str, object]:
    given, fixed = own or {}, {**fixed, **kafka.client_options()}
    if taken := sorted(fixed.keys() & given.keys()):
        raise ValueError(f"fixed for every client: {', '.join(taken)}")
    return {**given, **fixed}
