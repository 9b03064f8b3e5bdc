"""What is read of the log, and where it begins."""

from consumers.log.reader import Bounds
from consumers.notifier.reading import read_of
from consumers.notifier.tables import begin_at
from exchange.runtime.city import City
from exchange.runtime.registry.serde import Decoder
from tests.cases import CASE_ID, Given, applied, document, given
from tests.made_log import ENCODERS, SCHEMAS, TAKEN_AT_MS, Log, Message
from topics.catalogue import CASES

DECODE = Decoder(SCHEMAS[next(i for i, s in SCHEMAS.items() if s["name"] == "Case")], SCHEMAS.get).decode
BOUNDS = Bounds({(CASES, 0): 3, (CASES, 1): 0}, {(CASES, 0): 9, (CASES, 1): 4})


def published(log: Log, *records: Given) -> Message:
    """A case of these records as the join publishes it."""
    return log.append(CASES, 3, CASE_ID.encode(), ENCODERS[CASES](document(*records)), TAKEN_AT_MS)


def test_of_each_case_the_last_message_counts_and_what_is_unreadable_is_passed_over() -> None:
    """One broken message must not keep all families waiting."""
    log = Log()
    first = published(log, given("death_certificate"))
    rubbish = log.append(CASES, 3, CASE_ID.encode(), b"\x00rubbish", TAKEN_AT_MS)
    last = published(log, given("death_certificate"), applied(9))
    read = read_of([first, rubbish, last], DECODE, City().family, City().policy)
    assert read.standings[CASE_ID].entries[9][0]["state"] == "APPLIED"
    assert read.positions == {(CASES, 3): 3}
    assert read.standings[CASE_ID].at.timestamp() * 1000 == TAKEN_AT_MS


def test_a_deleted_case_is_forgotten_and_one_that_comes_again_is_not() -> None:
    """What was known of the earlier one does not count for it."""
    log = Log()
    messages = [
        published(log, given("death_certificate")),
        log.append(CASES, 3, CASE_ID.encode(), None, TAKEN_AT_MS),
    ]
    assert not read_of(messages, DECODE, City().family, City().policy).standings
    again = read_of(
        [*messages, published(log, given("death_certificate"))], DECODE, City().family, City().policy
    )
    assert set(again.standings) == again.removed == {CASE_ID}


def test_what_happened_before_the_portal_was_to_be_told_is_told_to_nobody() -> None:
    """A first start begins at the end; so does one on other partitions."""
    assert begin_at(None, BOUNDS) == BOUNDS.end
    assert begin_at({(CASES, 0): 5}, BOUNDS) == BOUNDS.end


def test_a_later_life_goes_on_where_the_last_one_ended() -> None:
    """If the log was cut, the rest is read; if it was set back, nothing is waited for."""
    assert begin_at({(CASES, 0): 5, (CASES, 1): 4}, BOUNDS) == {(CASES, 0): 5, (CASES, 1): 4}
    assert begin_at({(CASES, 0): 1, (CASES, 1): 7}, BOUNDS) == {(CASES, 0): 3, (CASES, 1): 4}
