"""What messages say of each record, in whatever order they are read."""

import random
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from avro_schemas.catalogue import schema
from consumers.ledger.days import DaySums, bounds_of
from consumers.ledger.entries import UNDECODABLE, LedgerBatch, LedgerEntry, batch_of, merged
from consumers.ledger.reading import ledger_decoders, ledger_topics, narrowed
from exchange.domain.values import Position
from exchange.folding.memory_states import MemoryStates
from tests.cases import CASE_ID, accepted, given
from tests.made_log import CATALOGUE, ENCODERS, SCHEMAS, TAKEN_AT_MS, Log, Message, new_step
from tests.people import LI_XIULAN, WANG_JIANGUO
from topics.catalogue import CASES, REDELIVERIES, quarantine_topic, receipts_topic

TAKEN_AT = datetime.fromtimestamp(TAKEN_AT_MS / 1000, UTC)
DEATH = given("death_certificate")
PLACE = Position("records.cremation", 3, 7)


DECODERS = ledger_decoders(CATALOGUE, SCHEMAS.get)


def read(*messages: Any) -> LedgerBatch:
    """What one read of these says."""
    return batch_of(messages, CATALOGUE, DECODERS, new_step().case_ids)


def place_of(message: Message) -> Position:
    """Where a message stands."""
    return Position(message.topic(), message.partition(), message.offset())


def answered(log: Log, *messages: Message) -> list[Message]:
    """What the join says of messages, as far as the ledger reads it, as the log then has it."""
    return [
        log.append(output.topic, output.partition, output.key, output.value, TAKEN_AT_MS)
        for output in new_step().run(messages, MemoryStates()).outputs
        if output.topic in DECODERS
    ]


def quarantined(log: Log, code: str, source: str = "log") -> Message:
    """An entry of quarantine for a reason."""
    of_log = {"record_topic": PLACE.topic, "partition": PLACE.partition, "offset": PLACE.offset}
    entry = {
        "entry_id": f"{source}/1",
        "source": source,
        **(of_log if source == "log" else {}),
        "reasons": [{"code": code, "message": "", "message_en": ""}],
        "payload": b"",
        "payload_sha256": "0" * 64,
        "taken_at": TAKEN_AT,
    }
    topic = quarantine_topic("civil_affairs")
    return log.append(topic, PLACE.partition, b"key", ENCODERS[topic](entry), TAKEN_AT_MS)


def test_every_record_has_its_outcome_whichever_topic_is_read_first() -> None:
    """Topics are read side by side: an answer may be met before the record that it answers."""
    log = Log()
    records = [
        log.message(DEATH),
        log.message(DEATH),
        log.message(given("cremation", name="李秀英")),
        log.message(given("hukou_cancellation"), key=WANG_JIANGUO),
        log.message(given("notary"), payload=b"\x00rubbish"),
    ]
    messages = [*records, *answered(log, *records)]
    wanted = read(*messages)
    outcomes = [wanted.entries[place_of(record)].outcome for record in records]
    assert outcomes == ["ACCEPTED", "DUPLICATE", "HELD", "REJECTED", UNDECODABLE]
    assert all(entry.logged and entry.taken_at == TAKEN_AT for entry in wanted.entries.values())
    (ids,) = wanted.cases.values()
    assert ids is not None
    assert set(ids) == {wanted.entries[place_of(record)].record_id for record in (records[0], records[2])}
    for seed in range(20):
        topics = sorted({message.topic() for message in messages})
        random.Random(seed).shuffle(topics)
        assert read(*sorted(messages, key=lambda one, to=topics: to.index(one.topic()))) == wanted


def test_the_ledger_reads_no_persons_data() -> None:
    """What is not read cannot leak: neither name nor number is among the fields."""
    log = Log()
    record = log.message(given("death_certificate", record_id=DEATH[1]["record_id"]))
    batch = read(record, *answered(log, record))
    assert LI_XIULAN not in str([asdict(entry) for entry in batch.entries.values()])
    assert DECODERS[record.topic()](record.value() or b"").keys() == {"record_id"}
    case = next(m for m in answered(Log(), record) if m.topic() == CASES)
    assert DECODERS[CASES](case.value() or b"").keys() == {"case_id", "records"}


def test_an_id_that_is_none_is_not_kept() -> None:
    """A department that writes a person's number in place of an id must not bring it into the ledger."""
    notary = given("notary")
    value = ENCODERS["records.notary"]({**accepted(notary).avro, "record_id": LI_XIULAN})
    message = Log().message(notary, payload=value)
    assert read(message).entries[place_of(message)].record_id is None


def test_a_later_receipt_replaces_an_earlier_one_and_what_cannot_be_decoded_replaces_none() -> None:
    """A record that is delivered again is answered again, and the last answer counts."""
    rejected, accepted = (LedgerEntry(TAKEN_AT, outcome=outcome) for outcome in ("REJECTED", "ACCEPTED"))
    undecodable = LedgerEntry(TAKEN_AT, outcome=UNDECODABLE)
    assert merged(rejected, accepted).outcome == "ACCEPTED"
    assert merged(accepted, undecodable).outcome == "ACCEPTED"
    assert merged(undecodable, accepted).outcome == "ACCEPTED"
    assert merged(undecodable, LedgerEntry(TAKEN_AT, logged=True)).outcome == UNDECODABLE


def test_quarantine_says_the_outcome_only_of_what_could_not_be_decoded() -> None:
    """A refused record has a receipt besides; were that missing, its entry must not hide it."""
    assert read(quarantined(Log(), "avro_undecodable")).entries[PLACE].outcome == UNDECODABLE
    assert not read(quarantined(Log(), "id_checksum_wrong")).entries


def test_what_a_gateway_turned_away_is_counted_apart() -> None:
    """It never was in the log, so that it has no place there."""
    batch = read(quarantined(Log(), "id_checksum_wrong", "gateway"))
    assert not batch.entries
    assert batch.refusals == {"gateway/1": ("civil_affairs", TAKEN_AT)}


def test_a_gateways_receipt_is_of_no_record_of_the_log() -> None:
    """Its place is none."""
    topic = receipts_topic("civil_affairs")
    receipt = {
        "receipt_id": "gateway/1",
        "record_topic": PLACE.topic,
        "record_partition": -1,
        "record_offset": -1,
        "status": "REJECTED",
        "taken_at": TAKEN_AT,
    }
    assert not read(Log().append(topic, 3, b"key", ENCODERS[topic](receipt), TAKEN_AT_MS)).entries


def test_redeliveries_are_counted_from_the_log_itself_and_an_operators_are_not() -> None:
    """So a ledger that is built again still knows what was tried."""
    log = Log()

    def again(cause: str) -> Message:
        document = {
            "record_topic": PLACE.topic,
            "record_offset": PLACE.offset,
            "taken_at": TAKEN_AT,
            "cause": cause,
        }
        value = ENCODERS[REDELIVERIES](document)
        return log.append(REDELIVERIES, PLACE.partition, b"key", value, TAKEN_AT_MS + 9_000)

    entry = read(again("RECONCILED"), again("RETRIED"), again("RECONCILED")).entries[PLACE]
    assert (entry.redeliveries, entry.redelivery_offset, entry.logged) == (2, 2, False)


def test_of_a_case_the_last_state_counts_and_a_deleted_one_has_nothing() -> None:
    """The topic is compacted: each message replaces the one before."""
    log = Log()
    gone = log.append(CASES, 3, CASE_ID.encode(), None, TAKEN_AT_MS)
    assert read(gone).cases == {CASE_ID: None}


def test_what_is_unreadable_is_passed_over_and_never_read_again() -> None:
    """One broken receipt must not stop the reckoning of all others."""
    topic = receipts_topic("police")
    batch = read(Log().append(topic, 3, b"key", b"\x00rubbish", TAKEN_AT_MS))
    assert not batch.entries
    assert batch.positions == {(topic, 3): 1}


def test_the_ledger_is_made_of_records_answers_quarantine_cases_and_redeliveries() -> None:
    """A new record topic is in it by itself; what the reckoning does not need is not read."""
    topics = set(ledger_topics(CATALOGUE))
    assert topics >= {topic.name for topic in CATALOGUE.records}
    assert topics >= {CASES, REDELIVERIES, receipts_topic("police"), quarantine_topic("data_bureau")}
    assert not any(name.startswith(("matters.", "access", "case_states")) for name in topics)
    assert narrowed("records", schema("notary"))["fields"][0]["name"] == "record_id"


def test_a_day_is_tianshuis() -> None:
    """A record of half past midnight belongs to the day that people had begun."""
    first, after = bounds_of(date(2026, 3, 2))
    assert first == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert after == datetime(2026, 3, 2, 16, tzinfo=UTC)


def test_sums_add_up_when_everything_sent_is_accounted_for_and_nothing_is_missing() -> None:
    """Neither a record without an answer nor an answer without a record goes unseen."""
    day = DaySums("police", sent=10, accepted=5, duplicate=1, rejected=1, held=2, pending=1, undecodable=7)
    assert day.adds_up
    assert DaySums("police", sent=2, accepted=1).unexplained == 1
    assert DaySums("police", sent=1, accepted=2).unexplained == -1
    assert not DaySums("police", sent=1, accepted=1, missing=1).adds_up
