"""Topics on the brokers, as the catalogue wants them: made where missing, never changed where they differ.

Partition counts and retention of evidence are not repaired in passing: a difference stops the exchange and is
for people to judge.
Kafka's defaults lose evidence: seven days of retention, one replica in sync, the producer's own timestamps.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import ConfigResource, NewTopic, ResourceType

from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka_clients import make_admin
from exchange.runtime.settings import Settings
from topics.catalogue import Topic, load_catalogue

_TIMEOUT_S = 30.0
_REPLICAS_FOR_TWO_IN_SYNC = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the brokers disagree with the catalogue."""

    topic: str
    setting: str
    wanted: str
    found: str

    def __str__(self) -> str:
        return f"{self.topic}: {self.setting} is {self.found}, wanted {self.wanted}"


@dataclass(frozen=True, slots=True)
class TopicsReport:
    """What applying the catalogue did."""

    created: tuple[str, ...]
    present: tuple[str, ...]


class TopicsDifferError(ExchangeError):
    """The brokers hold topics that are not as the catalogue wants them."""

    def __init__(self, differences: Sequence[Difference]) -> None:
        lines = "\n".join(f"  {difference}" for difference in differences)
        super().__init__(
            f"The topics on the brokers differ from topics/catalogue.yaml:\n{lines}",
            "Settings can be corrected with kafka-configs; another number of partitions needs a new exchange "
            "and a replay.",
        )
        self.differences = tuple(differences)


class BrokersAwayError(ExchangeError):
    """The brokers did not answer the question."""


def apply_topics(settings: Settings) -> TopicsReport:
    """Makes every topic that is missing, in one call.

    Raises:
        TopicsDifferError: a topic that is there differs; nothing was made.
        BrokersAwayError: the brokers did not answer.
    """
    admin = _admin(settings)
    wanted = load_catalogue().topics
    existing = _partitions(admin)
    present = tuple(topic for topic in wanted if topic.name in existing)
    differences = _differences(admin, present, existing)
    if differences:
        raise TopicsDifferError(differences)
    missing = tuple(topic for topic in wanted if topic.name not in existing)
    _create(admin, missing)
    return TopicsReport(tuple(topic.name for topic in missing), tuple(topic.name for topic in present))


def compare(settings: Settings) -> list[Difference]:
    """Every difference between the catalogue and the brokers, missing topics among them; changes nothing.

    Raises:
        BrokersAwayError: the brokers did not answer.
    """
    admin = _admin(settings)
    existing = _partitions(admin)
    wanted = load_catalogue().topics
    missing = [
        Difference(topic.name, "topic", "there", "missing") for topic in wanted if topic.name not in existing
    ]
    present = tuple(topic for topic in wanted if topic.name in existing)
    return [*missing, *_differences(admin, present, existing)]


def topic_config(topic: Topic) -> dict[str, str]:
    """The broker settings that a topic must have, which are also those compared."""
    return {
        "cleanup.policy": topic.cleanup,
        "retention.ms": str(topic.retention_ms),
        "retention.bytes": "-1",
        "max.message.bytes": str(topic.max_message_bytes),
        "message.timestamp.type": "LogAppendTime",
    }


def differences_of(topic: Topic, partitions: int, found: Mapping[str, str]) -> list[Difference]:
    """Where one topic, as the brokers describe it, differs from the catalogue."""
    wanted = {"partitions": str(topic.partitions), **topic_config(topic)}
    described = {"partitions": str(partitions), **found}
    return [
        Difference(topic.name, setting, value, described.get(setting, "unknown"))
        for setting, value in wanted.items()
        if described.get(setting) != value
    ]


def _admin(settings: Settings) -> Any:
    return make_admin(settings.kafka, {"socket.timeout.ms": 10_000})


def _partitions(admin: Any) -> dict[str, int]:
    try:
        found = admin.list_topics(timeout=_TIMEOUT_S).topics
    except KafkaException as error:
        raise _away(error) from error
    return {name: len(entry.partitions) for name, entry in found.items()}


def _differences(admin: Any, present: Sequence[Topic], partitions: Mapping[str, int]) -> list[Difference]:
    if not present:
        return []
    described = dict(_describe(admin, present))
    return [
        difference
        for topic in present
        for difference in differences_of(topic, partitions[topic.name], described[topic.name])
    ]


def _describe(admin: Any, present: Sequence[Topic]) -> Iterator[tuple[str, dict[str, str]]]:
    resources = [ConfigResource(ResourceType.TOPIC, topic.name) for topic in present]
    try:
        for resource, future in admin.describe_configs(resources, request_timeout=_TIMEOUT_S).items():
            yield resource.name, {name: entry.value for name, entry in future.result().items()}
    except KafkaException as error:
        raise _away(error) from error


def _create(admin: Any, missing: Sequence[Topic]) -> None:
    if not missing:
        return
    replicas = _replicas(admin)
    wanted = [_new_topic(topic, replicas) for topic in missing]
    try:
        for future in admin.create_topics(
            wanted, operation_timeout=_TIMEOUT_S, request_timeout=_TIMEOUT_S
        ).values():
            future.result()
    except KafkaException as error:
        raise ExchangeError(
            f"The brokers did not make the topics: {error.args[0].str()}", "Look into the broker's log."
        ) from error


def _new_topic(topic: Topic, replicas: int) -> Any:
    in_sync = 2 if replicas >= _REPLICAS_FOR_TWO_IN_SYNC else 1
    return NewTopic(
        topic.name,
        num_partitions=topic.partitions,
        replication_factor=replicas,
        config={**topic_config(topic), "min.insync.replicas": str(in_sync)},
    )


def _replicas(admin: Any) -> int:
    brokers = len(admin.list_topics(timeout=_TIMEOUT_S).brokers)
    return min(load_catalogue().replication_factor, brokers)


def _away(error: KafkaException) -> BrokersAwayError:
    return BrokersAwayError(
        f"The brokers do not answer: {error.args[0].str()}",
        "`exchange status` shows what runs; `exchange up` starts it.",
    )
