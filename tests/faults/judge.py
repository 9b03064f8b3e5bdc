"""Judges from outside, by what is in the log alone, what became of all that was acknowledged."""

from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Set
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from avro_schemas.catalogue import Document
from exchange.folding.case_ids import CaseIds
from exchange.runtime.settings import Settings
from tests.faults.answers import Answers
from tests.faults.load import KINDS, STANDING
from tests.faults.observer import Observer, Position
from tests.journeys.log_tools import messages_in, read_all, topics_of
from topics.catalogue import CASES

Told = Mapping[str, dict[tuple[int, str | None, str], str]]
"""Case → matter, instance and department → what was told last."""


@dataclass
class Verdict:
    """What was found; all the lists must be empty.

    Attributes:
        acknowledged: records that the brokers said they have.
        lost: of those, what the log does not hold, what has no answer, or is in no case.
        twice: what had two effects: in a case twice, or answered or announced in two ways.
        disordered: first answers to one person's records of one topic in another order than the records.
        wrong: sums of answers that are not what they should be, and cases that stand announced wrongly.
        answers: how many there are of each kind.
        repeated: receipts said again with the same id, which readers know.
        longest_gap_s: the longest time in which nothing at all was answered.
        longest_wait_s: the longest time from a record's place in the log to its answer.
    """

    acknowledged: int
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    longest_gap_s: float = 0.0
    longest_wait_s: float = 0.0

    @property
    def findings(self) -> list[str]:
        """All that must not be."""
        return [*self.lost, *self.twice, *self.disordered, *self.wrong]


def judge(settings: Settings, observer: Observer, answers: Answers) -> Verdict:
    """Hold what was acknowledged against what came of it."""
    verdict = Verdict(len(observer.acknowledged))
    _judge_answers(settings, observer, answers, verdict)
    _judge_cases(settings, observer, verdict)
    people = _people(settings, observer)
    for (case_id, topic), offsets in answers.order.items():
        if case_id in people:
            verdict.disordered += (
                f"{topic}: {b} before {a} of {case_id}" for a, b in pairwise(offsets) if a > b
            )
    return verdict


def _judge_answers(settings: Settings, observer: Observer, answers: Answers, verdict: Verdict) -> None:
    held = _values(settings, observer.acknowledged.keys())
    for place, noted in observer.acknowledged.items():
        statuses = [answer.status for answer in answers.of.get(place, ())]
        if held.get(place) != noted.sent.value:
            verdict.lost.append(f"not in the log: {place}")
        elif not statuses:
            verdict.lost.append(f"without an answer: {place}")
        elif len(set(statuses)) > 1:
            verdict.twice.append(f"answered in two ways: {place} {set(statuses)}")
        verdict.repeated += max(0, len(statuses) - 1)
        verdict.answers[statuses[0] if statuses else "none"] += 1
    wanted = Counter(noted.sent.expected for noted in observer.acknowledged.values())
    if verdict.answers != wanted:
        verdict.wrong.append(f"answered {dict(verdict.answers)}, not {dict(wanted)}")
    _measure(observer, answers, verdict)


def _measure(observer: Observer, answers: Answers, verdict: Verdict) -> None:
    first_ms = {place: answers.of[place][0].at_ms for place in observer.acknowledged if place in answers.of}
    moments = sorted(first_ms.values())
    verdict.longest_gap_s = max((b - a for a, b in pairwise(moments)), default=0) / 1000
    waits = (at - observer.acknowledged[place].at_ms for place, at in first_ms.items())
    verdict.longest_wait_s = max(waits, default=0) / 1000


def _judge_cases(settings: Settings, observer: Observer, verdict: Verdict) -> None:
    people = _people(settings, observer)
    cases: dict[str, Document] = {key: one for _, key, one in read_all(settings, [CASES], people)}
    told, contradictions = _announced(settings, people)
    verdict.twice += contradictions
    complete = Counter(n.sent.key for n in observer.acknowledged.values() if n.sent.expected == "ACCEPTED")
    for case_id, number in people.items():
        records = [entry["record_id"] for entry in cases.get(case_id, {}).get("records", ())]
        if len(records) != len(set(records)):
            verdict.twice.append(f"a record twice in case {case_id}")
        if len(records) < complete[number]:
            verdict.lost.append(f"{complete[number] - len(records)} records not in case {case_id}")
        elif complete[number] == len(KINDS) and _standing(told, case_id) != STANDING:
            verdict.wrong.append(f"case {case_id} stands announced as {sorted(_standing(told, case_id))}")


def _people(settings: Settings, observer: Observer) -> dict[str, str]:
    case_ids = CaseIds(settings.case_key)
    return {case_ids.of_key(number): number for number in observer.load.numbers}


def _standing(told: Told, case_id: str) -> frozenset[tuple[int, str]]:
    return frozenset((matter, said) for (matter, _, _), said in told.get(case_id, {}).items())


def _values(settings: Settings, places: Set[Position]) -> dict[Position, bytes | None]:
    return {
        place: m.value()
        for m in messages_in(settings, {topic for topic, _, _ in places})
        if (place := (m.topic(), m.partition(), m.offset())) in places
    }


def _announced(settings: Settings, people: Container[str]) -> tuple[Told, list[str]]:
    """Return what stands told of each case, and of ids that said two things."""
    said: dict[str, tuple[Any, ...]] = {}
    told: dict[str, dict[tuple[int, str | None, str], str]] = defaultdict(dict)
    contradictions = []
    for _, key, one in read_all(settings, topics_of("matters"), people):
        content = (key, one["matter"], one["instance"], one["transition"])
        if said.setdefault(one["id"], content) != content:
            contradictions.append(f"announcement {one['id']} says two things")
        told[key][one["matter"], one["instance"], one["department"]] = one["transition"]
    return told, contradictions
