"""What departments hand in over HTTP while something goes wrong, and what has to have become of it."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from avro_schemas.catalogue import schema
from exchange.folding.case_ids import CaseIds
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings
from tests.faults.judge import Verdict
from tests.faults.load import DUPLICATE_EVERY, KINDS, REJECTED_EVERY, number_of
from tests.faults.senders import WAYS
from tests.journeys.log_tools import CATALOGUE, messages_in, read_all, topics_of
from topics.catalogue import CASES

ACCEPTED, DUPLICATE, REJECTED = "ACCEPTED", "DUPLICATE", "REJECTED"
_NOBODYS_NUMBER = "0" * 18
_RECORDS_EACH = 2
"""Of each kind a person has one record and its correction, whose order counts."""


@dataclass(frozen=True)
class HandedIn:
    """All that is handed in.

    Attributes:
        lines: department and way → its lines, in the order in which they are handed in.
        expected: record id → how the exchange has to answer the first time.
        in_order: person and record type → the ids of the records, in the order in which they are handed in.
    """

    lines: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]
    expected: Mapping[str, str]
    in_order: Mapping[tuple[str, str], Sequence[str]]


def hand_in(first_person: int, records: int, seed: int = 20261130) -> HandedIn:
    """Return so many records of people from this one on, each person's by one way; always the same ones.

    Of twenty one is handed in twice, of fifty one is nobody's.
    """
    chance = random.Random(seed)
    lines: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    expected, in_order = {}, {}
    people = range(first_person, first_person + -(-records // (len(KINDS) * _RECORDS_EACH)))
    for kind in KINDS:
        department = CATALOGUE.owner_of(kind)
        assert department is not None
        for turn, way in enumerate(WAYS):
            twice = [person for person in people if person % len(WAYS) == turn] * _RECORDS_EACH
            chance.shuffle(twice)
            records_of = _records(kind, twice, chance)
            lines[department, way] = [*_with_bad_ones(kind, records_of, chance)]
            for record in records_of:
                in_order.setdefault((record["id_number"], kind), []).append(record["record_id"])
    for found in lines.values():
        for one in found:
            number = one["record"]["id_number"]
            expected[one["record"]["record_id"]] = REJECTED if number == _NOBODYS_NUMBER else ACCEPTED
    return HandedIn(lines, expected, in_order)


def _records(kind: str, people: Sequence[int], chance: random.Random) -> list[dict[str, Any]]:
    """Return a record for each person the first time, and its correction the second time."""
    first: dict[int, dict[str, Any]] = {}
    found = []
    for person in people:
        record = {
            **KINDS[kind],
            "record_id": _id(chance),
            "recorded_at": "2026-03-02T09:00:00+08:00",
            "name": "张三",
            "id_number": number_of(person),
        }
        if person in first:
            record |= {"action": "AMENDED", "supersedes": first[person]["record_id"], "revision": 1}
        first.setdefault(person, record)
        found.append(record)
    return found


def _with_bad_ones(
    kind: str, records: Sequence[dict[str, Any]], chance: random.Random
) -> Iterator[dict[str, Any]]:
    for at, record in enumerate(records, 1):
        yield {"type": kind, "record": record}
        if at % DUPLICATE_EVERY == 0:
            yield {"type": kind, "record": record}
        if at % REJECTED_EVERY == 0:
            nobodys = {"record_id": _id(chance), "id_number": _NOBODYS_NUMBER}
            yield {"type": kind, "record": {**record, **nobodys}}


def _id(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))


class _Said(NamedTuple):
    """One receipt, and when the log took it and its record."""

    receipt_id: str
    status: str
    offset: int
    at_ms: int
    taken_ms: float


def unanswered(settings: Settings, handed_in: HandedIn) -> int:
    """Return how many records have no receipt by now."""
    return len(handed_in.expected.keys() - _receipts(settings, handed_in).keys())


def judge_door(settings: Settings, handed_in: HandedIn) -> Verdict:
    """Hold what was handed in against what is in the log."""
    said, verdict = _receipts(settings, handed_in), Verdict(len(handed_in.expected))
    for record_id, wanted in handed_in.expected.items():
        _judge_receipts(record_id, wanted, said.get(record_id, []), verdict)
    _judge_places(settings, handed_in, verdict)
    for (number, kind), ids in handed_in.in_order.items():
        first = [min((one.offset for one in said.get(record_id, ())), default=-1) for record_id in ids]
        verdict.disordered += (f"{kind} of {number}: {a}, then {b}" for a, b in pairwise(first) if a > b)
    every = [one for found in said.values() for one in found]
    moments = sorted(one.at_ms for one in every)
    verdict.longest_gap_s = max((b - a for a, b in pairwise(moments)), default=0) / 1000
    verdict.longest_wait_s = max((one.at_ms - one.taken_ms for one in every), default=0.0) / 1000
    return verdict


def _judge_receipts(record_id: str, wanted: str, said: Sequence[_Said], verdict: Verdict) -> None:
    """One verdict, and of whatever came again DUPLICATE; the door refuses anew what it is shown anew."""
    statuses = {one.receipt_id: one.status for one in said}
    first = sorted(set(statuses.values()) - {DUPLICATE})
    accepted = Counter(statuses.values())[ACCEPTED]
    if not said:
        verdict.lost.append(f"without a receipt: {record_id}")
    elif len(first) > 1 or accepted > 1:
        verdict.twice.append(f"{record_id}: {statuses}")
    elif first != [wanted]:
        verdict.wrong.append(f"{record_id} is {first}, not {wanted}")
    verdict.answers.update(statuses.values())
    verdict.repeated += len(said) - len(statuses)


def _judge_places(settings: Settings, handed_in: HandedIn, verdict: Verdict) -> None:
    """What was accepted is in a case, once; what was refused is in quarantine."""
    case_ids = CaseIds(settings.case_key)
    people = {case_ids.of_key(number) for number, _ in handed_in.in_order}
    last = {key: case for _, key, case in read_all(settings, [CASES], people)}
    kept = Counter(entry["record_id"] for case in last.values() for entry in case["records"])
    refused = {entry["record_id"] for _, _, entry in read_all(settings, topics_of("quarantine"))}
    for record_id, wanted in handed_in.expected.items():
        if wanted == ACCEPTED and not kept[record_id]:
            verdict.lost.append(f"in no case: {record_id}")
        elif kept[record_id] > 1:
            verdict.twice.append(f"in cases {kept[record_id]} times: {record_id}")
        if wanted == REJECTED and record_id not in refused:
            verdict.lost.append(f"not in quarantine: {record_id}")


def _receipts(settings: Settings, handed_in: HandedIn) -> dict[str, list[_Said]]:
    found: dict[str, list[_Said]] = defaultdict(list)
    with Registry(settings.registry) as registry:
        decode = Decoder(schema("receipt"), registry.schema_by_id).decode
        for message in messages_in(settings, topics_of("receipts")):
            receipt: Any = decode(message.value())
            if receipt["record_id"] in handed_in.expected:
                said = (receipt["receipt_id"], receipt["status"], receipt["record_offset"])
                taken_ms = receipt["taken_at"].timestamp() * 1000
                found[receipt["record_id"]].append(_Said(*said, message.timestamp()[1], taken_ms))
    return found
