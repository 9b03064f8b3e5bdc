"""Topics on the brokers, as the catalogue wants them: made where missing, never changed where they differ.

Partition counts and the retention of evidence are not repaired in passing: a difference stops the exchange,
for people to judge.
Kafka's defaults lose evidence: seven days of retention, one replica in sync, the producer's own timestamps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import ConfigResource, NewTopic, ResourceType

from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.kafka.moving_leaders import answer_of, answers_of
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from topics.catalogue import Topic

_TIMEOUT_S = 30.0
_ASK_S = 10.0
"""For one of the questions that are asked again."""
_MEETING_S = 15.0
"""How long brokers may take to know of each other once all are up."""
_REPLICAS_FOR_TWO_IN_SYNC = 3
_YEAR_MS = 365 * 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class TopicDifference:
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

    def __init__(self, differences: Sequence[TopicDifference]) -> None:
        lines = "\n".join(f"  {difference}" for difference in differences)
        super().__init__(
            f"The topics on the brokers differ from topics/catalogue.yaml:\n{lines}",
            "Settings can be corrected with kafka-configs, replicas with kafka-reassign-partitions; another "
            "number of partitions needs a new exchange and a replay.",
        )
        self.differences = tuple(differences)


def apply_topics(settings: Settings) -> TopicsReport:
    """Make every topic that is missing, in one call.

    Raises:
        TopicsDifferError: a topic that is there differs; nothing was made.
        ExchangeError: the brokers did not answer, or some are missing for the replicas that topics need.
    """
    admin, catalogue = _admin(settings), settings.city.catalogue
    wanted, factor = catalogue.topics, catalogue.replication_factor
    found = _metadata(admin)
    present = tuple(topic for topic in wanted if topic.name in found.topics)
    differences = _differences(admin, present, found, factor)
    if differences:
        raise TopicsDifferError(differences)
    missing = tuple(topic for topic in wanted if topic.name not in found.topics)
    if missing:
        _create(admin, missing, _replicas_to_make(admin, len(settings.kafka.addresses), factor))
    return TopicsReport(tuple(topic.name for topic in missing), tuple(topic.name for topic in present))


def compare(settings: Settings) -> list[TopicDifference]:
    """Every difference between the catalogue and the brokers, missing topics included; changes nothing.

    Raises:
        ExchangeError: the brokers did not answer.
    """
    admin, catalogue = _admin(settings), settings.city.catalogue
    found, wanted = _metadata(admin), catalogue.topics
    missing = [
        TopicDifference(topic.name, "topic", "there", "missing")
        for topic in wanted
        if topic.name not in found.topics
    ]
    present = tuple(topic for topic in wanted if topic.name in found.topics)
    return [*missing, *_differences(admin, present, found, catalogue.replication_factor)]


def topic_config(topic: Topic, replicas: int) -> dict[str, str]:
    """The broker settings that a topic with this many replicas must have, which are also those compared."""
    return {
        "cleanup.policy": topic.cleanup,
        "retention.ms": str(topic.retention_ms),
        "retention.bytes": "-1",
        "max.message.bytes": str(topic.max_message_bytes),
        "message.timestamp.type": "LogAppendTime",
        "min.insync.replicas": "2" if replicas >= _REPLICAS_FOR_TWO_IN_SYNC else "1",
        "unclean.leader.election.enable": "false",
        # After a day, Kafka's default, a copy that was away would never hear what was deleted meanwhile.
        **({"delete.retention.ms": str(_YEAR_MS)} if topic.cleanup == "compact" else {}),
    }


@dataclass(frozen=True, slots=True)
class TopicLayout:
    """How a topic lies on the brokers."""

    partitions: int
    replicas: int
    """Those of the partition that has the fewest."""


def differences_of(
    topic: Topic, layout: TopicLayout, found: Mapping[str, str], replicas: int
) -> list[TopicDifference]:
    """Where one topic, as the brokers describe it, differs from the catalogue and this many replicas."""
    wanted = {
        "partitions": str(topic.partitions),
        "replication factor": str(replicas),
        **topic_config(topic, replicas),
    }
    described = {
        "partitions": str(layout.partitions),
        "replication factor": str(layout.replicas),
        **found,
    }
    return [
        TopicDifference(topic.name, setting, value, described.get(setting, "unknown"))
        for setting, value in wanted.items()
        if described.get(setting) != value
    ]


def replicas_on(brokers: int, factor: int) -> int | None:
    """Return how many replicas topics have on this many brokers; None if that number cannot be right.

    One broker is for trying things. With more than one but fewer than the replicas (`factor`), some broker is
    missing: topics made now would lack a replica for good.
    """
    return 1 if brokers == 1 else factor if brokers >= factor else None


def _admin(settings: Settings) -> Any:
    return make_admin(settings.kafka, {"socket.timeout.ms": 10_000})


@dataclass(frozen=True)
class _Metadata:
    brokers: frozenset[int]
    """Those that answer, and those known only by the replicas they hold, which are away but not gone."""
    topics: Mapping[str, TopicLayout]


def _metadata(admin: Any) -> _Metadata:
    found = answer_of(lambda: admin.list_topics(timeout=_ASK_S))
    partitions = {name: tuple(entry.partitions.values()) for name, entry in found.topics.items()}
    holders = {broker for each in partitions.values() for partition in each for broker in partition.replicas}
    layouts = {
        name: TopicLayout(len(each), min((len(set(one.replicas)) for one in each), default=0))
        for name, each in partitions.items()
    }
    return _Metadata(frozenset(found.brokers) | holders, layouts)


def _differences(
    admin: Any, present: Sequence[Topic], found: _Metadata, factor: int
) -> list[TopicDifference]:
    if not present:
        return []
    replicas = replicas_on(len(found.brokers), factor) or factor
    described = _describe(admin, present)
    return [
        difference
        for topic in present
        for difference in differences_of(topic, found.topics[topic.name], described[topic.name], replicas)
    ]


def _describe(admin: Any, present: Sequence[Topic]) -> dict[str, dict[str, str]]:
    resources = [ConfigResource(ResourceType.TOPIC, topic.name) for topic in present]
    found = answers_of(lambda: admin.describe_configs(resources, request_timeout=_TIMEOUT_S))
    return {
        resource.name: {name: entry.value for name, entry in settings.items()}
        for resource, settings in found.items()
    }


def _replicas_to_make(admin: Any, addresses: int, factor: int) -> int:
    """Return how many replicas new topics get, once all brokers that have an address know of each other."""
    wait_until(lambda: len(_metadata(admin).brokers) >= addresses, _MEETING_S)
    brokers = len(_metadata(admin).brokers)
    replicas = replicas_on(brokers, factor) if brokers >= addresses else None
    if replicas is None:
        raise ExchangeError(said("brokers_too_few", brokers=brokers), said("start_brokers", factor=factor))
    return replicas


def _create(admin: Any, missing: Sequence[Topic], replicas: int) -> None:
    wanted = [
        NewTopic(
            topic.name,
            num_partitions=topic.partitions,
            replication_factor=replicas,
            config=topic_config(topic, replicas),
        )
        for topic in missing
    ]
    try:
        for future in admin.create_topics(
            wanted, operation_timeout=_TIMEOUT_S, request_timeout=_TIMEOUT_S
        ).values():
            future.result()
    except KafkaException as error:
        raise ExchangeError(
            said("topics_not_made", problem=error.args[0].str()), said("see_broker_log")
        ) from error
