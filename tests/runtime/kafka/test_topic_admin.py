"""Topics as the catalogue wants them, against topics as the brokers describe them."""

from datetime import timedelta

import pytest

from exchange.runtime.kafka.topic_admin import (
    TopicLayout,
    TopicsDifferError,
    differences_of,
    replicas_on,
    topic_config,
)
from tests.cells import each_cell
from topics.catalogue import CASES, load_catalogue

AS_WANTED = TopicLayout(partitions=12, replicas=3)


def _evidence() -> dict[str, str]:
    return topic_config(load_catalogue().by_name["records.cremation"], 3)


def test_evidence_never_expires_and_bears_the_logs_own_time() -> None:
    """A broker's own defaults would delete evidence after seven days."""
    assert _evidence() == {
        "cleanup.policy": "delete",
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "max.message.bytes": "1048576",
        "message.timestamp.type": "LogAppendTime",
        "min.insync.replicas": "2",
        "unclean.leader.election.enable": "false",
    }


def test_cases_are_compacted() -> None:
    """The latest state of a case is kept; its history is in the records."""
    assert topic_config(load_catalogue().by_name[CASES], 3)["cleanup.policy"] == "compact"


def test_a_copy_that_was_away_for_long_hears_what_was_deleted() -> None:
    """After a day, Kafka's own choice, it would keep what all others have forgotten."""
    kept_ms = int(topic_config(load_catalogue().by_name[CASES], 3)["delete.retention.ms"])
    assert kept_ms == timedelta(days=365) // timedelta(milliseconds=1)


@pytest.mark.parametrize(("brokers", "replicas"), [(1, 1), (2, None), (3, 3), (5, 3)])
def test_a_replica_is_on_each_of_three_brokers_and_on_the_only_one(
    brokers: int, replicas: int | None
) -> None:
    """With two, one of three is missing: a topic made now would lack a replica for good."""
    assert replicas_on(brokers, 3) == replicas


def test_one_broker_can_not_ask_for_a_second_one_in_sync() -> None:
    """It would refuse every write."""
    assert topic_config(load_catalogue().by_name[CASES], 1)["min.insync.replicas"] == "1"


def test_a_topic_as_wanted_has_no_differences() -> None:
    """What was applied compares as equal, whatever else the broker tells."""
    topic = load_catalogue().by_name["records.cremation"]
    assert differences_of(topic, AS_WANTED, {**_evidence(), "segment.bytes": "1073741824"}, 3) == []


@each_cell(
    ("setting", "found"),
    [
        ("cleanup.policy", "compact"),
        ("retention.ms", "604800000"),
        ("retention.bytes", "1000000"),
        ("max.message.bytes", "1048588"),
        ("message.timestamp.type", "CreateTime"),
        ("min.insync.replicas", "1"),
        ("unclean.leader.election.enable", "true"),
    ],
)
def test_a_setting_that_differs_is_named_with_wanted_and_found(setting: str, found: str) -> None:
    """Whoever repairs a topic is told which, what and how."""
    topic = load_catalogue().by_name["records.cremation"]
    [difference] = differences_of(topic, AS_WANTED, {**_evidence(), setting: found}, 3)
    assert str(difference) == f"records.cremation: {setting} is {found}, wanted {_evidence()[setting]}"


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        (TopicLayout(3, 3), "records.cremation: partitions is 3, wanted 12"),
        (TopicLayout(12, 1), "records.cremation: replication factor is 1, wanted 3"),
    ],
)
def test_another_number_of_partitions_or_replicas_is_a_difference(layout: TopicLayout, said: str) -> None:
    """Other partitions would split a person's records; with fewer replicas a broker can take some with it."""
    topic = load_catalogue().by_name["records.cremation"]
    [difference] = differences_of(topic, layout, _evidence(), 3)
    assert said in TopicsDifferError([difference]).message
