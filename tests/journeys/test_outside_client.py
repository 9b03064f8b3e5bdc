"""A client that shares no code with us reads what we publish, as a user of Kafka and of the registry."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from confluent_kafka import DeserializingConsumer, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer

from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.registry.access import RegistryAccess
from exchange.runtime.settings import Settings, load_settings
from tests.journeys.log_tools import Encoding, count, produce, wait_for_count
from tests.people import id_number
from tests.waiting import wait_for

NUMBER = id_number("620523", date(1941, 4, 4))


def test_an_outside_client_reads_records_cases_and_announcements(stack: Settings) -> None:
    """Confluent's own deserializer needs nothing but addresses, users and their passwords."""
    before = count(stack, "receipts")
    death = Encoding(stack).encode(
        "death_certificate", {"id_number": NUMBER, "death_time": "2026-03-01", "death_cause": "肺炎"}
    )
    produce(stack, [death])
    wait_for_count(stack, "receipts", before + 1)
    read = partial(_read, stack.kafka, load_settings(stack.home).registry)

    record = read("records.death_certificate", lambda value: value["id_number"] == NUMBER)
    announcement = read(
        "matters.civil_affairs",
        lambda value: (value["draft"] or {}).get("deceased.id_number", {}).get("value") == NUMBER,
    )
    case = read("cases", lambda value: value["case_id"] == announcement["case_id"])

    assert record["death_cause"] == "肺炎"
    assert case["death_established"]
    assert (announcement["matter"], announcement["transition"]) == (2, "READY")


def _read(
    kafka: KafkaAccess, schemas: RegistryAccess, topic: str, wanted: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """Read a topic from its beginning with Confluent's Avro client until the wanted value comes."""
    user = {"basic.auth.user.info": ":".join(schemas.auth)}
    with SchemaRegistryClient({"url": schemas.url, "timeout": 5, **user}) as registry:
        consumer = DeserializingConsumer(
            {
                **kafka.client_options(),
                "group.id": "outside",
                "enable.auto.commit": False,
                "value.deserializer": AvroDeserializer(registry),
            }
        )
        consumer.assign([TopicPartition(topic, partition, 0) for partition in range(12)])
        found: list[dict[str, Any]] = []

        def comes() -> bool:
            message = consumer.poll(0.5)
            if message is not None and wanted(message.value()):
                found.append(message.value())
            return bool(found)

        try:
            wait_for(f"the value in {topic}", comes, every_s=0)
        finally:
            consumer.close()
    return found[0]
