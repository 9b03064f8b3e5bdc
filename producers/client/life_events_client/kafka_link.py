"""The brokers themselves: all that is said to Kafka is said here. Any thread may use it.

Nothing waits for longer than `LOOK_S`, except for the brokers to say where a topic ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from life_events_client.access import Access, Brokers, is_here
from life_events_client.errors import ClientError, ExchangeAway, NotAllowed, PositionGone
from life_events_client.steps import Cut

LOOK_S: Final = 0.2
_ASK_S: Final = 10.0
_MOST_AT_ONCE: Final = 1000
_LONGEST_MS: Final = (1 << 31) - 1
_NOT_ALLOWED: Final = frozenset(
    {
        KafkaError._AUTHENTICATION,
        KafkaError.SASL_AUTHENTICATION_FAILED,
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.GROUP_AUTHORIZATION_FAILED,
    }
)

Offsets = tuple[int, ...]
"""Of each partition of a topic, the next message to read."""


@dataclass(frozen=True, slots=True)
class Message:
    """One record for its topic."""

    topic: str
    key: str = field(repr=False)
    value: bytes = field(repr=False)
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of a topic that is read."""

    partition: int
    offset: int
    value: bytes = field(repr=False)


@dataclass(slots=True)
class Sending:
    """What becomes of messages that were sent.

    Attributes:
        count: How many they are.
        places: Of each that the brokers have, by its number: `topic/partition/offset`.
        problems: Of each that they have not, by its number.
    """

    count: int
    places: dict[int, str] = field(default_factory=dict)
    problems: dict[int, ClientError] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether all of them are told of."""
        return len(self.places) + len(self.problems) == self.count

    def note(self, number: int, error: KafkaError | None, message: Any) -> None:
        """Take what the library tells of one of them."""
        if error:
            self.problems[number] = failure(error)
        else:
            self.places[number] = f"{message.topic()}/{message.partition()}/{message.offset()}"


class _Refusals:
    """What the brokers do not allow: the library goes on trying, so whoever looks next is told."""

    def __init__(self) -> None:
        self._last: ClientError | None = None

    def note(self, error: KafkaError) -> None:
        """Take a fault that the library tells of."""
        if error.code() in _NOT_ALLOWED:
            self._last = failure(error)

    def take(self) -> ClientError | None:
        """Return the last one that was not told yet."""
        last, self._last = self._last, None
        return last


class KafkaLink:
    """A connection to the brokers.

    Args:
        access: Who comes.
        brokers: To where.
        group: The name of its readers, which keep no place at the brokers.

    Raises:
        ClientError: as `errors` says; this goes for all its methods.
    """

    def __init__(self, access: Access, brokers: Brokers, group: str) -> None:
        self._refusals = _Refusals()
        self._options = {**_options(access, brokers), "error_cb": self._refusals.note}
        self._group = group
        self._admin = AdminClient(self._options)
        self._patience_ms = min(max(1000, int(1000 * access.patience_s)), _LONGEST_MS)
        self._producer = self._make_producer()

    def _make_producer(self) -> Producer:
        return Producer(
            {
                **self._options,
                # Stored means: by all brokers that must have it, once, in order.
                "acks": "all",
                "enable.idempotence": True,
                # A person's records meet on one partition, whoever writes them.
                "partitioner": "murmur2_random",
                "compression.type": "lz4",
                "message.timeout.ms": self._patience_ms,
            }
        )

    def ends(self, topic: str) -> Offsets | Cut:
        """Return where a topic ends now."""
        try:
            shown = self._admin.list_topics(topic, timeout=_ASK_S).topics[topic]
            if shown.error:
                raise KafkaException(shown.error)
            places = [TopicPartition(topic, number) for number in sorted(shown.partitions)]
            asked = self._admin.list_offsets(
                dict.fromkeys(places, OffsetSpec.latest()), request_timeout=_ASK_S
            )
            return tuple(asked[place].result().offset for place in places)
        except KafkaException as problem:
            self._admin.poll(0)
            self._look_for_refusal()
            found = failure(problem.args[0])
            if isinstance(found, ExchangeAway):
                return Cut(problem.args[0].name())
            raise found from None

    def send(self, messages: Sequence[Message]) -> Sending:
        """Send messages, in order; what becomes of them is told while somebody looks."""
        sending = Sending(len(messages))
        for number, one in enumerate(messages):
            told = partial(sending.note, number)
            self._produce(one.topic, one.value, one.key, headers=dict(one.headers), on_delivery=told)
        return sending

    def _produce(self, *what: Any, **more: Any) -> None:
        while True:
            try:
                self._producer.produce(*what, **more)
            except BufferError:  # others send much
                self.look()
            except KafkaException as problem:  # after a fatal fault a producer is of no more use
                self._producer = self._make_producer()
                raise failure(problem.args[0]) from None
            else:
                return

    def look(self) -> None:
        """Let something be told."""
        self._producer.poll(LOOK_S)
        self._look_for_refusal()

    def _look_for_refusal(self) -> None:
        if refusal := self._refusals.take():
            self._producer.purge()  # what is under way is sent again, by whoever hears of this
            raise refusal

    def reader(self, topic: str, place: Offsets) -> "KafkaReader":
        """Read a topic from a place on."""
        return KafkaReader({**self._options, "group.id": self._group}, topic, place)

    def close(self) -> None:
        """End it."""
        self._producer.flush(LOOK_S)


class KafkaReader:
    """A place in a topic.

    Attributes:
        place: It.
    """

    def __init__(self, options: Mapping[str, Any], topic: str, place: Offsets) -> None:
        self._refusals = _Refusals()
        fixed = {
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "auto.offset.reset": "error",  # nobody jumps over what is gone
            "fetch.wait.max.ms": 100,
            "error_cb": self._refusals.note,
        }
        self._consumer, self._lock = Consumer({**options, **fixed}), Lock()
        self._topic = topic
        self._begin(place)

    def _begin(self, place: Offsets) -> None:
        self.place = place
        self._consumer.assign([TopicPartition(self._topic, *where) for where in enumerate(place)])

    def read(self) -> list[Heard]:
        """Return what comes next; nothing, if nothing comes for a moment."""
        with self._lock:
            return self._read()

    def _read(self) -> list[Heard]:
        first = self._consumer.poll(LOOK_S)
        found = [] if first is None else [first, *self._consumer.consume(_MOST_AT_ONCE - 1, timeout=0)]
        if refusal := self._refusals.take():
            raise refusal
        heard, place = [], list(self.place)
        for one in found:
            if error := one.error():
                _look_at(error)
                continue
            heard.append(Heard(one.partition(), one.offset(), one.value()))
            place[one.partition()] = one.offset() + 1
        self.place = tuple(place)
        return heard

    def go_back(self, place: Offsets) -> None:
        """Read on from a place, in those partitions where it is an earlier one."""
        if (earlier := tuple(map(min, place, self.place))) != self.place:
            self._begin(earlier)

    def close(self) -> None:
        """Read no more, once nobody reads."""
        with self._lock:
            self._consumer.close()


def failure(error: KafkaError) -> ClientError:
    """Return the error that a fault of the brokers means."""
    name = error.name()
    if error.code() in _NOT_ALLOWED:
        return NotAllowed(f"The brokers do not allow this ({name}).")
    if error.code() in {KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE}:
        return PositionGone("The exchange no longer holds the position: follow with anew=True.")
    return ExchangeAway(f"The brokers cannot be reached or cannot serve now ({name}).")


def _look_at(error: KafkaError) -> None:
    """Raise what waiting does not mend; the library itself tries again what it does."""
    found = failure(error)
    if not isinstance(found, ExchangeAway):
        raise found


def _options(access: Access, brokers: Brokers) -> dict[str, Any]:
    hosts = (urlsplit(f"//{one.strip()}").hostname or "" for one in brokers.servers.split(","))
    in_the_clear = access.ca is None and all(map(is_here, hosts))
    trusted = {"ssl.ca.location": access.ca} if access.ca else {}
    return {
        **trusted,
        "bootstrap.servers": brokers.servers,
        "security.protocol": "SASL_PLAINTEXT" if in_the_clear else "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": access.client_id,
        "sasl.password": brokers.password,
        "client.id": access.client_id,
        "log_level": 0,
    }
