"""A record that is delivered once more takes effect as if it had come at first, and only once."""

from datetime import UTC, datetime
from typing import Any

from avro_schemas.catalogue import Document
from exchange.folding.memory_states import MemoryStates
from exchange.folding.outputs import Output
from exchange.folding.step import Batch
from exchange.runtime.registry.serde import Decoder
from tests.cases import given
from tests.made_log import CATALOGUE, ENCODERS, IDS, SCHEMAS, Log, Message, new_step
from topics.catalogue import CASES, REDELIVERIES, quarantine_topic

DEATH = given("death_certificate")


def again(log: Log, message: Message, **other: Any) -> Message:
    """The message handed to the join once more, much later."""
    taken_at = datetime.fromtimestamp(message.taken_at_ms / 1000, UTC)
    document = {
        "record_topic": message.topic(),
        "record_offset": message.offset(),
        "taken_at": taken_at,
        "record_key": message.key(),
        "record_value": message.value(),
        "cause": "RECONCILED",
        **other,
    }
    value = ENCODERS[REDELIVERIES](document)
    return log.append(REDELIVERIES, message.partition(), b"key", value, message.taken_at_ms + 9_000_000)


def outputs(batch: Batch) -> list[Output]:
    """All that a batch publishes."""
    return batch.outputs


def decoded(output: Output) -> Document:
    """What an output says."""
    return Decoder(SCHEMAS[IDS[output.topic]], SCHEMAS.get).decode(output.value)


def test_a_record_that_was_passed_over_takes_effect_as_it_would_have_at_first() -> None:
    """The hole is healed: the same receipt, case and announcements, in the log's first time."""
    log = Log()
    message = log.message(DEATH)
    first = outputs(new_step().run([message], MemoryStates()))
    assert any(output.topic == CASES for output in first)
    assert outputs(new_step().run([again(log, message)], MemoryStates())) == first


def test_a_record_that_took_effect_only_repeats_its_receipt() -> None:
    """Whoever delivers once too often does no harm."""
    log, states, step = Log(), MemoryStates(), new_step()
    message = log.message(DEATH)
    batch = step.run([message], states)
    states.apply(batch)
    (receipt,) = outputs(step.run([again(log, message)], states))
    assert receipt in outputs(batch)
    assert decoded(receipt)["receipt_id"] == f"{message.topic()}/{message.partition()}/{message.offset()}"


def test_what_is_no_record_is_put_into_the_exchanges_own_quarantine() -> None:
    """Neither a topic that holds no records nor bytes that are no redelivery stop the join."""
    log = Log()
    message = log.message(DEATH)
    unfit = (
        again(log, message, record_topic=CASES),
        again(log, message, record_topic="no.such.topic"),
        log.append(REDELIVERIES, message.partition(), b"key", b"\x00garbage", message.taken_at_ms),
    )
    found = outputs(new_step().run(unfit, MemoryStates()))
    assert {output.topic for output in found} == {quarantine_topic("data_bureau")}
    codes = [reason["code"] for output in found for reason in decoded(output)["reasons"]]
    assert codes[:2] == ["redelivery_of_no_record"] * 2
    assert len(codes) == 3
    assert CATALOGUE.by_name[REDELIVERIES].owner == "data_bureau"
