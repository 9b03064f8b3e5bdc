"""CPU of the rules alone, in one process and on no stack: what a record costs from its bytes to its outputs.

It runs in a process of its own: ``python -m tools.bench.rules`` prints the figures as JSON.
"""

import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from exchange.folding.memory_states import MemoryStates
from exchange.folding.partitions import partition_of
from exchange.folding.step import Step
from exchange.runtime.city import City
from exchange.runtime.join.feed import MAX_BATCH
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.logs import configure_logs
from exchange.runtime.memory import settle_memory
from exchange.runtime.registry.access import RegistryAccess
from exchange.runtime.registry.client import Registry
from exchange.runtime.rules import make_step_of_history
from exchange.runtime.settings import Settings
from producers.sample.city import sample_city
from tools.bench.load import DEATH, OWN_FIELDS, Load, id_number

ROUNDS: Final = 3
RECORDS_PER_CASE: Final = (5, 10, 30, 100)
LAST: Final = 5
"""So many records of each case are measured: those that make it as large as it is said to be."""
PEOPLE: Final = 12
APPLICANT: Final = 1_000_000
START_MS: Final = 1_783_000_000_000
BETWEEN_MS: Final = 60_000

_BY_TURNS: Final[tuple[tuple[str, str, Mapping[str, Any]], ...]] = (
    ("bank_deposit", "account_no_tail", {"bank_name": "甘肃银行", "balance_fen": 10_000}),
    ("provident_fund", "account_no", {"balance_fen": 4_321_000, "status": "ACTIVE"}),
    ("bank_deposit", "account_no_tail", {"bank_name": "兰州银行", "balance_fen": 20_000}),
    ("driving_licence", "licence_no", {"status": "VALID"}),
)
"""Type, the field that tells its documents apart, the other fields."""


@dataclass(frozen=True, slots=True)
class BenchMessage:
    """A message as a client of Kafka hands it over."""

    name: str
    place: int
    at: int
    person: bytes
    payload: bytes
    taken_at_ms: int

    def topic(self) -> str:  # noqa: D102 - what `LogRecord` says
        return self.name

    def partition(self) -> int:  # noqa: D102
        return self.place

    def offset(self) -> int:  # noqa: D102
        return self.at

    def key(self) -> bytes:  # noqa: D102
        return self.person

    def value(self) -> bytes:  # noqa: D102
        return self.payload

    def timestamp(self) -> tuple[int, int]:  # noqa: D102
        return (2, self.taken_at_ms)


NO_REGISTRY: Final = RegistryAccess("", "", "")


class SchemasAtHand(Registry):
    """Stands for the registry where there is no stack.

    Args:
        by_id: the schemas that it would know.
    """

    def __init__(self, by_id: Mapping[int, Mapping[str, Any]]) -> None:
        super().__init__(NO_REGISTRY)
        self._by_id = by_id

    def schema_by_id(self, schema_id: int) -> Mapping[str, Any] | None:
        """Return the schema of an id."""
        return self._by_id.get(schema_id)


class Rules:
    """The rules of the shipped city, and messages for them as its log would have them."""

    def __init__(self) -> None:
        self.city = City()
        self._catalogue = self.city.catalogue
        schemas = [topic.name for topic in self._catalogue.topics if topic.schema]
        ids = {name: number for number, name in enumerate(schemas, 1)}
        self._registry = SchemasAtHand(
            {number: self._catalogue.schema_of(name) for name, number in ids.items()}
        )
        self._load = Load(self.city, ids)

    def step(self) -> Step:
        """Return the rules as a worker has them; their outputs are encoded, and go nowhere."""
        nowhere = Settings(KafkaAccess("", "", ""), NO_REGISTRY, "", Path(), b"k" * 32, city=self.city)
        return make_step_of_history(nowhere, self._registry)

    def log(self, lines: Iterable[tuple[str, Mapping[str, Any]]]) -> list[BenchMessage]:
        """Return the lines that a publisher would let through, a minute apart."""
        log, ends = list[BenchMessage](), Counter[tuple[str, int]]()
        for number, line in enumerate(lines):
            message = self._load.message(*line)
            if message is not None:
                key, at_ms = message.key.encode(), START_MS + number * BETWEEN_MS
                place = partition_of(message.key, self._catalogue.by_name[message.topic].partitions)
                end = ends[message.topic, place]
                log.append(BenchMessage(message.topic, place, end, key, message.value, at_ms))
                ends[message.topic, place] += 1
        return log


def figures() -> dict[str, Any]:
    """Return microseconds of CPU per record, each the least of some rounds by turns.

    ``sample``: the sample city, read as by a worker that is behind; ``sample_singly``: one record at a time;
    ``sample_decoded``: read and decoded alone; ``records_per_case``: the last records of cases of that size.
    """
    rules = Rules()
    city = sample_city(rules.city.sample, rules.city.policy)
    sample = rules.log((line["type"], line["record"]) for line in city.lines)
    cases = {size: rules.log(_case_lines(size)) for size in RECORDS_PER_CASE}
    rounds = [_round(rules, sample, cases) for _ in range(ROUNDS)]
    least = {name: min(one[name] for one in rounds) for name in rounds[0]}
    per_case = {str(size): least.pop(str(size)) for size in RECORDS_PER_CASE}
    return {
        "cpu_us_per_record": {**least, "records_per_case": per_case},
        "records": len(sample),
        "ratio_100_to_5": per_case["100"] / per_case["5"],
    }


def _round(
    rules: Rules, sample: Sequence[BenchMessage], cases: Mapping[int, Sequence[BenchMessage]]
) -> dict[str, float]:
    whole = [sample[first : first + MAX_BATCH] for first in range(0, len(sample), MAX_BATCH)]
    step = rules.step()
    began = time.process_time()
    for one in sample:
        step.decode(one.topic(), one.value())
    decoded = time.process_time() - began
    return {
        "sample": _us(rules.step(), MemoryStates(), whole),
        "sample_singly": _us(rules.step(), MemoryStates(), [[one] for one in sample]),
        "sample_decoded": decoded / len(sample) * 1e6,
        **{str(size): _last_us(rules.step(), messages, size) for size, messages in cases.items()},
    }


def _us(step: Step, states: MemoryStates, batches: Sequence[Sequence[BenchMessage]]) -> float:
    began = time.process_time()
    _take(step, states, batches)
    return (time.process_time() - began) / sum(map(len, batches)) * 1e6


def _take(step: Step, states: MemoryStates, batches: Iterable[Sequence[BenchMessage]]) -> None:
    for batch in batches:
        states.apply(step.run(batch, states))


def _last_us(step: Step, messages: Sequence[BenchMessage], size: int) -> float:
    """Return what the last records cost, one at a time, of all cases of this size."""
    states, last = MemoryStates(), list[BenchMessage]()
    for first in range(0, len(messages), size):
        _take(step, states, ([one] for one in messages[first : first + size - LAST]))
        last += messages[first + size - LAST : first + size]
    return _us(step, states, [[one] for one in last])


def _case_lines(size: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for person in range(PEOPLE):
        for number in range(size):
            record_type, fields = _nth(number)
            record_id = uuid5(NAMESPACE_OID, f"{size}/{person}/{number}")
            yield (
                record_type,
                {
                    "record_id": str(record_id),
                    "recorded_at": f"2026-03-02T{number // 60:02d}:{number % 60:02d}:00+08:00",
                    "id_number": id_number(person),
                    "name": "张三",
                    **fields,
                },
            )


def _nth(number: int) -> tuple[str, Mapping[str, Any]]:
    """Return type and own fields of a case's next record: a death, an application, then data by turns."""
    if number == 0:
        return DEATH, OWN_FIELDS[DEATH]
    if number == 1:
        applicant = {"name": "李四", "id_number": id_number(APPLICANT)}
        return "application", {"applicant": applicant, "matters": [4, 5, 7, 8, 10]}
    record_type, field, fields = _BY_TURNS[number % len(_BY_TURNS)]
    return record_type, {field: f"{number:04d}", **fields}


def main() -> None:
    """Measure, and print the figures."""
    configure_logs(logging.ERROR)
    settle_memory()
    json.dump(figures(), sys.stdout)


if __name__ == "__main__":
    main()
