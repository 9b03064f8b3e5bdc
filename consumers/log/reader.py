"""Reads whole topics of the log from positions that the reader keeps itself: no group, no commits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from confluent_kafka import KafkaError, KafkaException, TopicPartition

from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_consumer, read_batch
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.logs import logger

BATCH_MESSAGES = 1000
AT_ONCE: Final[Mapping[str, int]] = {
    "fetch.wait.max.ms": 100,
    # By default 64 MB are read ahead; a reader that is far behind would fill that, and gain nothing.
    "queued.max.messages.kbytes": 8192,
}
LASTING: Final[Mapping[str, int]] = {**AT_ONCE, "fetch.wait.max.ms": 500}
"""For many partitions over hours: asks twice a second. Asking ten times a second costs a tenth of a core."""
ASK_S: Final = 2.0
GONE: Final = frozenset({KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE})
"""The errors that say that the log does not hold the position asked for."""

log = logger("consumers.log.reader")


class LogAwayError(Exception):
    """The brokers do not answer; try again later."""


class PositionGoneError(Exception):
    """The log does not hold the position asked for: it was cut, or it is another life of the topic."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Offsets, from `first` up to `next`, at which a reader of what is committed is given no message."""

    topic: str
    partition: int
    first: int
    next: int


@dataclass(frozen=True)
class Bounds:
    """Topic and partition → first offset, and topic and partition → offset after the last one."""

    first: Mapping[Place, int]
    end: Mapping[Place, int]


class TopicsReader:
    """A reader of every partition of some topics, in turns.

    Args:
        kafka: how the brokers are reached.
        topics: topic → its number of partitions.
        answer_limit_s: how long brokers may take to say where the topics begin and end.
        fetching: how it fetches, unless somebody waits for each message.
        unbroken: topics in which every offset is a message, except for what outsiders have done; see `gaps`.

    Raises:
        LogAwayError: from `bounds`, when the brokers do not answer; `read` just waits for them.
        PositionGoneError: from `read`.
    """

    def __init__(
        self,
        kafka: KafkaAccess,
        topics: Mapping[str, int],
        answer_limit_s: float = 10.0,
        fetching: Mapping[str, int] = AT_ONCE,
        unbroken: frozenset[str] = frozenset(),
    ) -> None:
        self._topics = topics
        self._answer_limit_s = answer_limit_s
        self._assigned: frozenset[Place] = frozenset()
        self._at_end: set[Place] = set()
        self._met_since: set[Place] = set()
        self._reached: dict[Place, int] = {}
        self._unbroken = unbroken
        self._gaps: list[Gap] = []
        self._away = False
        self._consumer = make_consumer(
            kafka,
            {
                "enable.partition.eof": True,
                **fetching,
                "reconnect.backoff.max.ms": 1000,
                "log_level": 0,  # the client's own lines are not structured logs; `error_cb` says the same
                "error_cb": self._tell_problem,
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop reading."""
        self._consumer.close()

    def bounds(self) -> Bounds:
        """Return where the topics begin and end now; what readers may not see yet is beyond the end."""
        try:
            return self.bounds_once()
        except KafkaException as problem:
            raise LogAwayError(problem.args[0].name()) from problem

    def bounds_once(self) -> Bounds:
        """Return the same.

        Raises:
            KafkaException: the brokers do not say; their leaders may be moving.
        """
        places = [(topic, partition) for topic, count in self._topics.items() for partition in range(count)]
        found = {place: self._watermarks(place) for place in places}
        return Bounds(
            {place: low for place, (low, _) in found.items()},
            {place: high for place, (_, high) in found.items()},
        )

    def start(self, positions: Mapping[Place, int]) -> None:
        """Read from these offsets on, and no other partitions."""
        self._at_end.clear()
        self._met_since.clear()
        self._reached = dict(positions)
        self._gaps.clear()
        self._assigned = frozenset(positions)
        self._consumer.assign([TopicPartition(*place, offset) for place, offset in positions.items()])

    def read(self, timeout_s: float) -> list[Any]:
        """Return the messages that are there, waiting only for the first; none when the time has passed."""
        return [m for m in read_batch(self._consumer, BATCH_MESSAGES, timeout_s) if self._is_message(m)]

    def gather(self, within_s: float, at_most: int) -> list[Any]:
        """Return what comes within that time, or sooner with this many messages: for few large writes."""
        return [m for m in self._consumer.consume(at_most, within_s) if self._is_message(m)]

    def pause(self, places: Iterable[Place]) -> None:
        """Stop reading these until they are resumed."""
        self._consumer.pause([TopicPartition(*place) for place in places])

    def resume(self, places: Iterable[Place]) -> None:
        """Go on reading these from where they were paused."""
        self._consumer.resume([TopicPartition(*place) for place in places])

    @property
    def away(self) -> bool:
        """Whether no broker could be reached; this stays true until `answers` finds one."""
        return self._away

    def answers(self) -> bool:
        """Ask whether a broker answers."""
        try:
            self._consumer.list_topics(timeout=ASK_S)
        except KafkaException:
            return False
        self._away = False
        return True

    @property
    def at_end(self) -> bool:
        """Whether the end of every partition being read was met after its last message."""
        return self._at_end >= self._assigned

    def begin_round(self) -> None:
        """Begin again to watch for the end of every partition."""
        self._met_since = set(self._at_end)

    @property
    def round_done(self) -> bool:
        """Whether the end of every partition was met since the round began, though more may have come after.

        If messages never stop coming, this still becomes true, whereas `at_end` hardly ever does.
        """
        return self._met_since >= self._assigned

    @property
    def reached(self) -> Mapping[Place, int]:
        """How far each partition was read: past what transactions left in it, which is never handed over."""
        return self._reached

    def take_gaps(self) -> list[Gap]:
        """Return the gaps that were passed in unbroken topics since this was asked last."""
        taken, self._gaps = self._gaps, []
        return taken

    @property
    def behind(self) -> int:
        """How many offsets are still to be read, by what the brokers said last; it does not ask them."""
        return sum(self._left(place) for place in self._assigned - self._at_end)

    def _left(self, place: Place) -> int:
        _, end = self._consumer.get_watermark_offsets(TopicPartition(*place), cached=True)
        return max(0, int(end) - self._reached[place])

    def _is_message(self, message: Any) -> bool:
        error, place = message.error(), (message.topic(), message.partition())
        if error is None:
            self._at_end.discard(place)
            self._pass(place, message.offset(), message.offset() + 1)
            return True
        if error.code() == KafkaError._PARTITION_EOF:
            self._at_end.add(place)
            self._met_since.add(place)
            self._pass(place, message.offset(), message.offset())
        elif error.code() in GONE:
            raise PositionGoneError(error.name())
        else:
            log.warning("reading_failed", code=error.name(), topic=message.topic())
        return False

    def _pass(self, place: Place, offset: int, reached: int) -> None:
        if place[0] in self._unbroken and offset > self._reached[place]:
            self._gaps.append(Gap(*place, self._reached[place], offset))
        self._reached[place] = reached

    def _watermarks(self, place: Place) -> tuple[int, int]:
        found = self._consumer.get_watermark_offsets(TopicPartition(*place), timeout=self._answer_limit_s)
        if found is None:
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
        low, high = found
        return int(low), int(high)

    def _tell_problem(self, error: KafkaError) -> None:
        if error.code() == KafkaError._ALL_BROKERS_DOWN:  # once per outage; the client tries again by itself
            self._away = True
            log.warning("brokers_away", code=error.name())


class LogReader(TopicsReader):
    """A reader of every partition of one topic."""

    def __init__(self, kafka: KafkaAccess, topic: str, partitions: int, answer_limit_s: float = 10.0) -> None:
        super().__init__(kafka, {topic: partitions}, answer_limit_s)
