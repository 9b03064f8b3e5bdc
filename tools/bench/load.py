"""Records for the benchmark: many made-up people, encoded once so that making them is not measured."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from stdnum.iso7064 import mod_11_2

from exchange.runtime.city import City
from exchange.runtime.kafka.clients import make_producer
from exchange.runtime.registry.client import subject_ids
from exchange.runtime.registry.serde import Encoder
from exchange.runtime.settings import Settings
from verification.acceptance import Accepted, accept
from verification.records import partition_key

PENSION: Final = "social_insurance"
DEATH: Final = "death_certificate"
CREMATION: Final = "cremation"
FUND: Final = "provident_fund"
ALL_KINDS: Final = (PENSION, DEATH, CREMATION, FUND)

OWN_FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    PENSION: {"scheme": "EMPLOYEE_PENSION", "receiving_benefit": True, "account_balance_fen": 1_234_500},
    DEATH: {"death_time": "2026-03-01T08:30:00+08:00", "death_cause": "心力衰竭", "death_place": "医院"},
    CREMATION: {"death_time": "2026-03-01", "cremation_time": "2026-03-01", "cremation_place": "殡仪馆"},
    FUND: {"account_no": "62050001", "balance_fen": 4_321_000, "status": "ACTIVE", "employer": "某厂"},
}


@dataclass(frozen=True, slots=True)
class LoadMessage:
    """An encoded record, ready to be produced."""

    topic: str
    key: str
    value: bytes


class Load:
    """Makes the messages that publishers would send.

    Args:
        city: says what is accepted, and on which topic it goes.
        ids: topic → id of its schema.
    """

    def __init__(self, city: City, ids: Mapping[str, int]) -> None:
        self._catalogue = city.catalogue
        self._rules = city.policy.acceptance
        self._encoders = {
            topic.name: Encoder(self._catalogue.schema_of(topic.name), ids[topic.name])
            for topic in self._catalogue.records
        }

    def messages(self, kinds: tuple[str, ...], people: range) -> list[LoadMessage]:
        """Return one record of each of the kinds above for each person, person by person."""
        return [self._small(kind, person) for person in people for kind in kinds]

    def message(self, record_type: str, raw: Mapping[str, Any]) -> LoadMessage | None:
        """Return a record as its publisher would send it; None where it would not be let through."""
        if record_type not in self._catalogue.owners:
            return None
        owner = self._catalogue.owner_of(record_type) or raw.get("department", "")
        found = accept(record_type, raw, owner=owner, rules=self._rules, taken_at=None)
        if not isinstance(found, Accepted):
            return None
        topic = self._catalogue.record_topic(record_type, raw.get("department")).name
        return LoadMessage(topic, partition_key(found.record), self._encoders[topic].encode(found.avro))

    def _small(self, kind: str, person: int) -> LoadMessage:
        message = self.message(kind, record_of(kind, person))
        if message is None:
            raise TypeError(f"the benchmark's own {kind} is refused")
        return message


def load_for(settings: Settings) -> Load:
    """Return what makes messages for a running exchange."""
    return Load(settings.city, subject_ids(settings))


def record_of(kind: str, person: int) -> dict[str, Any]:
    """Return a made-up person's record, as JSON has it."""
    return {
        "record_id": str(uuid5(NAMESPACE_OID, f"{kind}/{person}")),
        "recorded_at": "2026-03-02T09:00:00+08:00",
        "id_number": id_number(person),
        "name": "张三",
        **OWN_FIELDS[kind],
    }


class Newcomers:
    """People about whom nothing was published yet, each given out once.

    Args:
        first: the number of the first of them.
    """

    def __init__(self, first: int) -> None:
        self._next = first

    def take(self, count: int) -> range:
        """Return that many."""
        self._next += count
        return range(self._next - count, self._next)


def id_number(person: int) -> str:
    """Return the number of a made-up person; different for each of the first 2 million."""
    rest, month = divmod(person, 12)
    rest, day = divmod(rest, 28)
    years, sequence = divmod(rest, 900)
    body = f"620502{1940 + years:04d}{month + 1:02d}{day + 1:02d}{sequence + 1:03d}"
    return body + str(mod_11_2.calc_check_digit(body))


def new_producer(settings: Settings, linger_ms: int) -> Any:
    """Return a producer as a department would set it."""
    return make_producer(settings.kafka, {"linger.ms": linger_ms, "queue.buffering.max.messages": 1_000_000})


def produce(settings: Settings, messages: Iterator[LoadMessage] | list[LoadMessage]) -> None:
    """Write the messages to the log and wait until it has them."""
    producer = new_producer(settings, linger_ms=20)
    for message in messages:
        producer.produce(message.topic, message.value, message.key)
    producer.flush()
