"""Reads whole topics of the log from positions that the reader keeps itself: no group, no commits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from exchange.runtime.logs import logger

BATCH_MESSAGES = 1000
FETCH_WAIT_MS = 100

log = logger("consumers.log_reader")


class LogAwayError(Exception):
    """The brokers do not answer; try again later."""


class PositionGoneError(Exception):
    """The log does not hold the position asked for: it was cut, or it is another life of the topic."""


@dataclass(frozen=True)
class Bounds:
    """Partition → first offset, and partition → offset after the last one."""

    first: Mapping[int, int]
    end: Mapping[int, int]


@dataclass
class LogReader:
    """A reader of every partition of one topic.

    Raises:
        LogAwayError: from `bounds`, when the brokers do not answer; `read` just waits for them.
        PositionGoneError: from `read`.
    """

    bootstrap: str
    topic: str
    partitions: int
    answer_limit_s: float = 10.0
    _at_end: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._consumer = Consumer(
            {
                "bootstrap.servers": self.bootstrap,
                "group.id": "unused",  # the client asks for one; nothing joins it, nothing is committed
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "error",
                "enable.partition.eof": True,
                "fetch.wait.max.ms": FETCH_WAIT_MS,
                "fetch.queue.backoff.ms": 10,
                "reconnect.backoff.max.ms": 1000,
                "allow.auto.create.topics": False,
                "log_level": 0,  # the client's own lines are no structured logs; `error_cb` says the same
                "error_cb": _tell_problem,
            }
        )

    def __enter__(self) -> "LogReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop reading."""
        self._consumer.close()

    def bounds(self) -> Bounds:
        """Return where the topic begins and ends now; what readers may not see yet is beyond the end."""
        found = {partition: self._watermarks(partition) for partition in range(self.partitions)}
        return Bounds({p: low for p, (low, _) in found.items()}, {p: high for p, (_, high) in found.items()})

    def start(self, positions: Mapping[int, int]) -> None:
        """Read from these offsets on."""
        self._at_end.clear()
        self._consumer.assign([TopicPartition(self.topic, p, offset) for p, offset in positions.items()])

    def read(self, timeout_s: float) -> list[Any]:
        """Return the messages that are there, waiting for the first; none when the time has passed."""
        first = self._consumer.poll(timeout_s)
        if first is None:
            return []
        return [
            m for m in (first, *self._consumer.consume(BATCH_MESSAGES - 1, timeout=0)) if self._is_message(m)
        ]

    @property
    def at_end(self) -> bool:
        """Whether the end of every partition was met after its last message."""
        return len(self._at_end) == self.partitions

    def _is_message(self, message: Any) -> bool:
        error = message.error()
        if error is None:
            self._at_end.discard(message.partition())
            return True
        if error.code() == KafkaError._PARTITION_EOF:
            self._at_end.add(message.partition())
        elif error.code() in {KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE}:
            raise PositionGoneError(error.name())
        else:
            log.warning("reading_failed", code=error.name(), topic=self.topic)
        return False

    def _watermarks(self, partition: int) -> tuple[int, int]:
        try:
            found = self._consumer.get_watermark_offsets(
                TopicPartition(self.topic, partition), timeout=self.answer_limit_s
            )
        except KafkaException as problem:
            raise LogAwayError(problem.args[0].name()) from problem
        if found is None:
            raise LogAwayError("timed out")
        low, high = found
        return int(low), int(high)


def _tell_problem(error: KafkaError) -> None:
    if error.code() == KafkaError._ALL_BROKERS_DOWN:  # once per outage; the client tries again by itself
        log.warning("brokers_away", code=error.name())
