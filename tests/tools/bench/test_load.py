"""The benchmark's records are those that publishers would send."""

import pytest

from exchange.runtime.city import City
from tests.made_log import IDS, WIRE
from tools.bench.load import ALL_KINDS, FUND, Load, Newcomers, id_number

LOAD = Load(City(), IDS)


def test_each_person_has_one_record_of_each_kind() -> None:
    messages = LOAD.messages(ALL_KINDS, range(3))
    assert [(one.topic, one.key) for one in messages] == [
        (WIRE.catalogue.record_topic(kind).name, id_number(person))
        for person in range(3)
        for kind in ALL_KINDS
    ]
    read = [WIRE.published(one.topic, one.value)["record_id"] for one in messages]
    assert len(set(read)) == len(messages)


@pytest.mark.parametrize(
    "line", [("horoscope", {}), (FUND, {"record_id": "no uuid"})], ids=["type", "record"]
)
def test_what_a_publisher_would_not_let_through_is_no_message(line: tuple[str, dict[str, str]]) -> None:
    assert LOAD.message(*line) is None


def test_nobody_is_a_newcomer_twice() -> None:
    newcomers = Newcomers(10)
    assert [*newcomers.take(2), *newcomers.take(0), *newcomers.take(3)] == [10, 11, 12, 13, 14]
