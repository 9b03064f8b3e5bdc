"""Publishing, over whatever may happen to a request: one verdict for each record, in order."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, strategies

from life_events_client import batches, publishing
from life_events_client.answers import Pending, Progress, Receipt
from life_events_client.errors import (
    ClientError,
    ExchangeAway,
    NotAllowed,
    ReceiptsLate,
    RecordRefused,
    RequestWrong,
    TooFast,
)
from life_events_client.model import PlainRecord
from life_events_client.records import HukouCancellation
from tests.cells import each_cell
from tests.client.gateway import FAULTS, REFUSED_NAME, Fault, Gateway
from tests.client.memory import Clock, MemoryRunner
from tests.client.ways import Kind, over_both_ways, way_to

PUBLISHED = "POST /v1/records/hukou_cancellation"
REPEATED = strategies.lists(strategies.sampled_from(FAULTS), max_size=40)


def record(name: str = "王桂芳") -> HukouCancellation:
    """A record that the gateway takes, if its name is one."""
    return HukouCancellation(name=name, id_number="620503194907150462", cancelled_at=date(2025, 9, 5))


def verdict(number: int, refused: Sequence[int]) -> str:
    return "REJECTED" if number in refused else "ACCEPTED"


@over_both_ways
@given(count=strategies.integers(0, 20), refused=strategies.sets(strategies.integers(0, 19)), faults=REPEATED)
def test_over_any_faults_each_record_has_exactly_one_receipt_and_they_keep_their_order(
    kind: Kind, count: int, refused: set[int], faults: list[Fault]
) -> None:
    """Nobody counts a death twice, or misses one, because a line was bad."""
    clock, gateway = Clock(), Gateway(faults=iter(faults))
    records = [record(REFUSED_NAME if number in refused else "王桂芳") for number in range(count)]
    receipts: list[Receipt] = []
    told: list[Progress] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "BATCH_LINES", 3)
        patch.setattr(publishing, "BATCHES_AHEAD", 1)
        way = way_to(kind, gateway, clock)
        sending = publishing.send_many(way, iter(records), told.append, receipts.append)
        MemoryRunner(gateway, clock).run(sending)
    assert [one.record_id for one in receipts] == [one.record_id for one in records]
    assert [one.status for one in receipts] == [verdict(number, sorted(refused)) for number in range(count)]
    good = [one.record_id for number, one in enumerate(records) if number not in refused]
    assert stored(gateway, kind) == good
    if records:
        assert told[-1] == Progress(count, count)


def stored(gateway: Gateway, kind: Kind) -> list[str]:
    """The ids in the log; over Kafka what was sent again stands there again."""
    return gateway.log if kind == "http" else list(dict.fromkeys(gateway.log))


@over_both_ways
@given(faults=REPEATED)
def test_over_any_faults_one_record_has_the_verdict_that_it_had_first(
    kind: Kind, faults: list[Fault]
) -> None:
    """A record that was sent twice by the client itself is not called a repeat."""
    clock, gateway, mine = Clock(), Gateway(faults=iter(faults)), record()
    patient = 3600  # longer than all these faults take: over Kafka the client reads the receipt itself
    published = MemoryRunner(gateway, clock).run(way_to(kind, gateway, clock).publish(mine, patient))
    assert isinstance(published, Receipt)
    assert (published.record_id, published.status) == (mine.record_id, "ACCEPTED")


@over_both_ways
def test_a_record_published_again_is_a_duplicate(kind: Kind) -> None:
    """What the caller repeats, the caller is told."""
    clock, gateway, mine = Clock(), Gateway(), record()
    runner, way = MemoryRunner(gateway, clock), way_to(kind, gateway, clock)
    first, second = (runner.run(way.publish(mine, 5)) for _ in range(2))
    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt)
    assert [first.status, second.status] == ["ACCEPTED", "DUPLICATE"]
    assert [one.status for one in runner.run(way.receipts_of(mine.record_id))] == [
        "ACCEPTED",
        "DUPLICATE",
    ]
    assert runner.run(way.receipts_of(record().record_id)) == ()


@over_both_ways
def test_without_waiting_it_is_stored_and_pending(kind: Kind) -> None:
    """Who need not know at once goes on at once."""
    clock, mine, gateway = Clock(), record(), Gateway()
    published = MemoryRunner(gateway, clock).run(way_to(kind, gateway, clock).publish(mine, None))
    assert isinstance(published, Pending)
    assert (published.record_id, published.receipt_id) == (mine.record_id, gateway.told[-1]["receipt_id"])


@over_both_ways
def test_a_refusal_says_why_and_nothing_of_the_person(kind: Kind) -> None:
    """A programmer sees the field and the code; a log shows nobody's name."""
    clock, mine, gateway = Clock(), record(REFUSED_NAME), Gateway()
    with pytest.raises(RecordRefused) as raised:
        MemoryRunner(gateway, clock).run(way_to(kind, gateway, clock).publish(mine, 5))
    assert [(one.code, one.field) for one in raised.value.reasons] == [("name_placeholder", "name")]
    assert str(raised.value) == f"Record {mine.record_id} is refused: name_placeholder (name)."


@each_cell(
    ("kind_of_record", "change", "why"),
    [
        ("cremation", {}, r"not_topic_owner \(type\)"),
        ("birth_certificate", {}, r"unknown_record_type \(type\)"),
        ("hukou_cancellation", {"record_id": "7"}, r"uuid_wrong \(record_id\)"),
        ("hukou_cancellation", {"name": None}, r"field_missing \(name\)"),
        ("hukou_cancellation", {}, ""),
        ("hukou_cancellation", {"record_id": str(uuid4()).upper()}, ""),
    ],
)
def test_over_kafka_what_could_have_no_receipt_is_refused_before_it_is_sent(
    kind_of_record: str, change: dict[str, Any], why: str
) -> None:
    """A program hears at once, and does not wait for an answer that cannot come."""
    clock, gateway, mine = Clock(), Gateway(), PlainRecord(kind_of_record, {**record().as_json(), **change})
    publishing_it = way_to("kafka", gateway, clock).publish(mine, 5)
    with pytest.raises(RecordRefused, match=why) if why else nullcontext():
        MemoryRunner(gateway, clock).run(publishing_it)
    assert len(gateway.log) == (not why)


@each_cell(
    ("fault", "error"),
    [*((fault, ExchangeAway) for fault in ("503", "cut", "500", "409")), ("429", TooFast)],
)
def test_when_patience_ends_the_caller_is_told_what_is_wrong(fault: Fault, error: type[ClientError]) -> None:
    """A program that waits for ever helps nobody; the outbox does that."""
    clock, gateway = Clock(), Gateway(faults=iter(100 * [fault]))
    with pytest.raises(error):
        MemoryRunner(gateway, clock).run(way_to("http", gateway, clock, 60).publish(record(), None))
    assert 20 < clock.now <= 60


def test_it_waits_at_least_as_long_as_it_is_asked_to() -> None:
    """Who is told to come back in two seconds does."""
    clock, gateway = Clock(), Gateway(faults=iter(["503 later"]))
    MemoryRunner(gateway, clock).run(way_to("http", gateway, clock).publish(record(), None))
    assert clock.now >= 2


@each_cell("code", ["not_found", "too_large"])
def test_what_cannot_become_right_is_never_asked_again(code: str) -> None:
    """A fault of the program is shown at once, and the exchange is not bothered with it."""
    clock, gateway = Clock(), Gateway(most_bytes=10 if code == "too_large" else 1 << 30)
    way, runner = way_to("http", gateway, clock), MemoryRunner(gateway, clock)
    batch = batches.Batch.of("b" if code == "too_large" else "b/c", [record()])
    with pytest.raises(RequestWrong, match=code):
        runner.run(way.store(batch))
    assert clock.now == 0
    assert len(gateway.asked) == 2


def test_a_wrong_secret_is_tried_once() -> None:
    """Who guesses is locked out; a client never guesses."""
    clock, gateway = Clock(), Gateway()
    way = way_to("http", gateway, clock)
    way.access.client_secret = "wrong"  # noqa: S105 - that is the point
    with pytest.raises(NotAllowed, match=r"police\.1"):
        MemoryRunner(gateway, clock).run(way.publish(record(), None))
    assert gateway.asked == ["POST /oauth/token"]


def test_a_token_that_is_refused_is_renewed_once() -> None:
    """A credential that was taken back is told at once, an old token never."""
    clock, gateway = Clock(), Gateway(faults=iter(["", "", "401"]))
    runner, way = MemoryRunner(gateway, clock), way_to("http", gateway, clock)
    for _ in range(2):
        runner.run(way.publish(record(), None))
    assert gateway.asked.count("POST /oauth/token") == 2
    gateway.suspended = True
    with pytest.raises(NotAllowed):
        runner.run(way.publish(record(), None))
    assert gateway.asked[-3:] == [PUBLISHED, "POST /oauth/token", PUBLISHED]
    assert clock.now == 0


def test_a_token_is_renewed_before_it_ends() -> None:
    clock, gateway = Clock(), Gateway()
    runner, way = MemoryRunner(gateway, clock), way_to("http", gateway, clock)
    for clock.now in (0.0, 239.0, 241.0):
        runner.run(way.publish(record(), None))
    assert gateway.asked.count("POST /oauth/token") == 2


def test_a_receipt_of_what_the_exchange_could_not_read_names_the_record() -> None:
    """A program finds the record of every refusal, also of one that nobody can read."""
    clock, gateway, mine, heard = Clock(), Gateway(knows_no_ids=True), [record(), record()], list[Receipt]()
    way = way_to("http", gateway, clock)
    MemoryRunner(gateway, clock).run(publishing.send_many(way, mine, lambda _: None, heard.append))
    assert [one.record_id for one in heard] == [one.record_id for one in mine]


@over_both_ways
def test_receipts_that_do_not_come_are_told_apart_from_records_that_are_not_stored(kind: Kind) -> None:
    """Nothing is sent again, by hand, that is already there."""
    clock, gateway, mine = Clock(), Gateway(late=True), record()
    way = way_to(kind, gateway, clock, 60)
    sending = publishing.send_many(way, [mine], lambda _: None, lambda _: None)
    with pytest.raises(ReceiptsLate, match="1 records are stored"):
        MemoryRunner(gateway, clock).run(sending)
    assert gateway.log == [mine.record_id]
