"""Topics as the catalogue wants them, against topics as the brokers describe them."""

import pytest

from exchange.runtime.topic_admin import TopicsDifferError, differences_of, topic_config
from topics.catalogue import CASES, load_catalogue


def _evidence() -> dict[str, str]:
    return topic_config(load_catalogue().by_name["records.cremation"])


def test_evidence_never_expires_and_bears_the_logs_own_time() -> None:
    """A broker's own defaults would delete evidence after seven days."""
    assert _evidence() == {
        "cleanup.policy": "delete",
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "max.message.bytes": "1048576",
        "message.timestamp.type": "LogAppendTime",
    }


def test_cases_are_compacted() -> None:
    """Of a case the latest state is kept; its history is in the records."""
    assert topic_config(load_catalogue().by_name[CASES])["cleanup.policy"] == "compact"


def test_a_topic_as_wanted_has_no_differences() -> None:
    """What was applied compares as equal, whatever else the broker tells."""
    topic = load_catalogue().by_name["records.cremation"]
    assert differences_of(topic, 12, {**_evidence(), "segment.bytes": "1073741824"}) == []


@pytest.mark.parametrize(
    ("setting", "found"),
    [
        ("cleanup.policy", "compact"),
        ("retention.ms", "604800000"),
        ("retention.bytes", "1000000"),
        ("max.message.bytes", "1048588"),
        ("message.timestamp.type", "CreateTime"),
    ],
)
def test_a_setting_that_differs_is_named_with_wanted_and_found(setting: str, found: str) -> None:
    """Whoever repairs a topic is told which, what and how."""
    topic = load_catalogue().by_name["records.cremation"]
    [difference] = differences_of(topic, 12, {**_evidence(), setting: found})
    assert str(difference) == f"records.cremation: {setting} is {found}, wanted {_evidence()[setting]}"


def test_another_number_of_partitions_is_a_difference() -> None:
    """Another number of partitions would split a person's records."""
    topic = load_catalogue().by_name["records.cremation"]
    [difference] = differences_of(topic, 3, _evidence())
    assert (difference.setting, difference.wanted, difference.found) == ("partitions", "12", "3")
    assert "records.cremation: partitions is 3, wanted 12" in TopicsDifferError([difference]).message
