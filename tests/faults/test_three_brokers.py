"""What three brokers promise, asked of the brokers themselves after `test_faults` has killed one of them."""

from typing import Any

from exchange.runtime.kafka.clients import make_admin, make_consumer, make_producer
from exchange.runtime.kafka.topic_admin import compare
from exchange.runtime.settings import Settings
from tests import promises
from tests.waiting import PATIENCE_S, wait_for
from topics.catalogue import CASES

INTERNAL = ("__consumer_offsets", "__transaction_state")


def test_three_brokers_keep_what_is_promised(three: Settings) -> None:
    """Whoever reads that a broker may die can rely on it."""
    wanted = promises.promised(promises.BROKERS, 3)
    assert promises.kept_by_brokers(three, wanted) == {1: wanted, 2: wanted, 3: wanted}
    wanted = promises.promised(promises.TOPICS, 3)
    kept = promises.kept_by_topics(three, wanted)
    assert kept == dict.fromkeys(kept, wanted)
    assert compare(three) == []


def test_places_and_transactions_outlive_a_broker(three: Settings) -> None:
    """Kafka's own topics, which keep groups' places and transactions, also have three replicas."""
    producer = make_producer(three.kafka, {"transactional.id": "test"})
    producer.init_transactions(PATIENCE_S)
    consumer = make_consumer(three.kafka, {"group.id": "test"})
    consumer.subscribe(["clock"])
    wait_for("the assignment", lambda: consumer.poll(0.1) is None and bool(consumer.assignment()))
    consumer.close()
    found = make_admin(three.kafka).list_topics(timeout=PATIENCE_S).topics
    assert {
        len(set(partition.replicas)) for name in INTERNAL for partition in found[name].partitions.values()
    } == {3}


def test_a_broker_that_was_away_catches_up_and_leads_again(three: Settings) -> None:
    """Every copy is complete, and the work is shared among all three as before."""
    admin = make_admin(three.kafka)
    wait_for("all replicas in sync", lambda: _in_sync(admin) == {3}, seen=lambda: _in_sync(admin))
    wait_for("each broker to lead", lambda: _leaders(admin) == {1, 2, 3}, seen=lambda: _leaders(admin))


def _partitions(admin: Any) -> list[Any]:
    return list(admin.list_topics(CASES, timeout=PATIENCE_S).topics[CASES].partitions.values())


def _in_sync(admin: Any) -> set[int]:
    return {len(partition.isrs) for partition in _partitions(admin)}


def _leaders(admin: Any) -> set[int]:
    return {partition.leader for partition in _partitions(admin)}
