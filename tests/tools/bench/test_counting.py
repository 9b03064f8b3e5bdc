"""The rule that is next to nothing counts right: what counts wrong would measure nothing."""

from exchange.folding.memory_states import MemoryStates
from exchange.folding.work import Batch
from tests.made_log import CATALOGUE, Log, Message
from tools.bench.counting import CountingRule
from topics.catalogue import CLOCK, receipts_topic

DEATHS = CATALOGUE.record_topic("death_certificate")
FUNDS = CATALOGUE.record_topic("provident_fund")
RULE = CountingRule(CATALOGUE)


def told(batch: Batch) -> list[tuple[str, int, bytes, bytes]]:
    return [(one.topic, one.partition, one.key, one.value) for one in batch.outputs]


def record(topic: str, partition: int, key: bytes) -> Message:
    return LOG.append(topic, partition, key, b"whatever", 0)


LOG = Log()


def test_each_record_is_answered_with_the_count_of_its_key() -> None:
    records = [
        record(DEATHS.name, 1, b"wang"),
        record(FUNDS.name, 1, b"wang"),
        record(DEATHS.name, 2, b"li"),
    ]
    batch = RULE.run(records, MemoryStates())
    deaths, funds = receipts_topic(DEATHS.owner), receipts_topic(FUNDS.owner)
    assert told(batch) == [(deaths, 1, b"wang", b"1"), (funds, 1, b"wang", b"2"), (deaths, 2, b"li", b"1")]
    assert batch.states == {1: {"count/wang": b"2"}, 2: {"count/li": b"1"}}
    assert batch.ends == [(one.topic(), False) for one in records]


def test_the_next_batch_goes_on_from_what_is_kept() -> None:
    states = MemoryStates()
    for _ in range(3):
        batch = RULE.run([record(DEATHS.name, 1, b"wang")], states)
        states.apply(batch)
    assert [value for *_, value in told(batch)] == [b"3"]


def test_what_the_clock_says_is_passed_over() -> None:
    """The join hears it as well, and no department is to be answered."""
    batch = RULE.run([record(CLOCK, 1, b"clock")], MemoryStates())
    assert (told(batch), batch.states, batch.ends) == ([], {}, [(CLOCK, False)])
