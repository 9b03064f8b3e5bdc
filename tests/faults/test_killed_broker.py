"""One of three brokers is killed while records come in, and nothing that was acknowledged is lost."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka.admin import NewTopic

from exchange.runtime.kafka_clients import make_admin, make_consumer, make_producer
from exchange.runtime.settings import Settings
from exchange.runtime.topic_admin import apply_topics, compare
from exchange.runtime.waiting import wait_until
from tests import promises
from tests.journeys.log_tools import messages_of
from tests.running import kill_part, running_exchange, wait_for_next_life

pytestmark = pytest.mark.stack

TOPIC, PARTITIONS = "test.kept", 6
MESSAGES = 4_000
KILL_AT = 1_000
LIMIT_S = 60.0
INTERNAL = ("__consumer_offsets", "__transaction_state")


@pytest.fixture(scope="module")
def three() -> Iterator[Settings]:
    """An exchange of three brokers with its topics; our own parts are not needed here."""
    with running_exchange("--brokers", "3", "--bare") as settings:
        apply_topics(settings)
        yield settings


def test_three_brokers_keep_what_is_promised(three: Settings) -> None:
    """Whoever reads that a broker may die can rely on it: asked of the brokers themselves."""
    wanted = promises.promised(promises.BROKERS, 3)
    assert promises.kept_by_brokers(three, wanted) == {1: wanted, 2: wanted, 3: wanted}
    wanted = promises.promised(promises.TOPICS, 3)
    kept = promises.kept_by_topics(three, wanted)
    assert kept == dict.fromkeys(kept, wanted)
    assert compare(three) == []


def test_places_and_transactions_outlive_a_broker(three: Settings) -> None:
    """Kafka's own topics, in which groups' places and transactions are kept, have three replicas, too."""
    producer = make_producer(three.kafka, {"transactional.id": "test"})
    producer.init_transactions(LIMIT_S)
    consumer = make_consumer(three.kafka, {"group.id": "test"})
    consumer.subscribe(["clock"])
    assert wait_until(lambda: consumer.poll(0.1) is None and bool(consumer.assignment()), LIMIT_S)
    consumer.close()
    found = make_admin(three.kafka).list_topics(timeout=LIMIT_S).topics
    assert {
        len(set(partition.replicas)) for name in INTERNAL for partition in found[name].partitions.values()
    } == {3}


def test_a_killed_broker_takes_nothing_acknowledged_with_it_and_comes_back(three: Settings) -> None:
    """A leader dies in the middle: all that was sent is acknowledged and in the log, once; it leads again."""
    admin = make_admin(three.kafka)
    new = NewTopic(TOPIC, PARTITIONS, 3, config={"min.insync.replicas": "2"})
    admin.create_topics([new])[TOPIC].result(LIMIT_S)
    acknowledged: Counter[bytes] = Counter()
    failed: list[str] = []

    def told(error: Any, message: Any) -> None:
        if error is None:
            acknowledged[message.value()] += 1
        else:
            failed.append(error.name())

    producer = make_producer(three.kafka, {"on_delivery": told, "linger.ms": 5})
    values = [b"%d" % number for number in range(MESSAGES)]
    for value in values[:KILL_AT]:
        producer.produce(TOPIC, value, value)
        producer.poll(0)
    # Some are acknowledged, some are on their way, most are still to come.
    assert wait_until(lambda: producer.poll(0.01) is not None and bool(acknowledged), LIMIT_S)
    killed = kill_part(three, "kafka-2")
    for value in values[KILL_AT:]:
        producer.produce(TOPIC, value, value)
        producer.poll(0)
    assert producer.flush(LIMIT_S) == 0
    assert failed == []
    assert acknowledged == Counter(values)
    assert Counter(message.value() for message in messages_of(three, TOPIC, PARTITIONS)) == Counter(values)

    wait_for_next_life(three, killed)
    assert wait_until(lambda: _in_sync(admin) == {3}, LIMIT_S), _in_sync(admin)
    assert wait_until(lambda: 2 in _leaders(admin), LIMIT_S), _leaders(admin)


def _partitions(admin: Any) -> list[Any]:
    return list(admin.list_topics(TOPIC, timeout=LIMIT_S).topics[TOPIC].partitions.values())


def _in_sync(admin: Any) -> set[int]:
    return {len(partition.isrs) for partition in _partitions(admin)}


def _leaders(admin: Any) -> set[int]:
    return {partition.leader for partition in _partitions(admin)}
