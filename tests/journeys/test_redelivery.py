"""A record that is delivered again reaches the join as the log took it."""

from datetime import date

from exchange.runtime.join.redelivery import open_redeliverer
from exchange.runtime.registry.client import Registry
from exchange.runtime.settings import Settings
from tests.journeys.log_tools import Encoding, messages_in, produce, read_all
from tests.people import id_number
from tests.waiting import wait_for
from topics.catalogue import REDELIVERIES

TOPIC = "records.death_certificate"
DEATH = {"death_time": "2026-03-01T08:00:00+08:00", "death_cause": "心力衰竭"}


def test_a_record_delivered_again_is_answered_with_the_same_receipt(stack: Settings) -> None:
    """Nobody is told anything new: the record's id, place and time are what they were."""
    number = id_number("620502", date(1931, 5, 6))
    _, _, value = sent = Encoding(stack).encode("death_certificate", {"id_number": number, **DEATH})
    produce(stack, [sent])
    # Other tests have put records there as well, and which partition is read last is chance.
    (record,) = [one for one in messages_in(stack, [TOPIC]) if one.value() == value]
    place = f"{TOPIC}/{record.partition()}/{record.offset()}"

    def receipts() -> list[dict[str, object]]:
        return [one for _, _, one in read_all(stack, ["receipts.health"]) if one["receipt_id"] == place]

    wait_for("the receipt", lambda: len(receipts()) == 1, every_s=0.2)
    told: list[int] = []
    with Registry(stack.registry) as registry:
        redeliverer = open_redeliverer(stack, registry, "RETRIED", "/tests")
        redeliverer.deliver_again([record], told.append)

    assert told == [1]
    delivered = messages_in(stack, [REDELIVERIES])
    assert [one.partition() for one in delivered if one.key() == place.encode()] == [record.partition()]
    wait_for("the second receipt", lambda: len(receipts()) == 2, every_s=0.2)
    first, second = receipts()
    assert first == second
