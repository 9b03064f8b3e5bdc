"""Finds where records in force disagree, and what a handler has settled. Nothing is settled by arrival."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from exchange.domain.policy_files.conditions import holds, value_at
from exchange.domain.policy_files.models import ConflictRule
from exchange.domain.records.findings import ONE_DAY, ByType, Judged, Value
from exchange.domain.values import Standing, covers, recording
from verification.records import Record
from verification.times import EventTime, is_after, read_event_time


def judge(rules: Collection[ConflictRule], records: ByType, known: Mapping[str, str]) -> tuple[Judged, ...]:
    """Say for every rule whether the records keep it.

    Args:
        rules: The policy's.
        records: What is compared, by type, decisions among it.
        known: Record id → type, for everything ever taken: a decision may be about something that is gone.
    """
    decisions = [one for one in records.get("decision", ()) if one.facts["kind"] == "CONFLICT_RESOLVED"]
    alone = {one.rule: _judged(one, records, decisions, known) for one in rules if not one.against}
    wrong = frozenset(record_id for one in alone.values() for record_id in one.overruled)
    right = _without(wrong, records) if wrong else records
    return tuple(alone.get(rule.rule) or _judged(rule, right, decisions, known) for rule in rules)


def _without(wrong: Collection[str], records: ByType) -> ByType:
    return {
        name: tuple(one for one in group if one.record_id not in wrong) for name, group in records.items()
    }


def _values(paths: tuple[tuple[str, str], ...], rule: ConflictRule, records: ByType) -> Iterator[Value]:
    for record_type, path in paths:
        condition = rule.only_if.get(record_type)
        for record in records.get(record_type, ()):
            text = value_at(record, path)
            if text is not None and (condition is None or holds(condition, record)):
                yield Value(text, record, paths is rule.proofs)


def _judged(rule: ConflictRule, records: ByType, decisions: list[Record], known: Mapping[str, str]) -> Judged:
    values = (*_values(rule.proofs, rule, records), *_values(rule.compared, rule, records))
    if rule.compared and not any(value.proof for value in values):
        values = ()
    clashing = _clashing(rule, values) if len(values) > 1 else ()
    if not clashing:
        return Judged(rule, (), None, {})
    open_now = Judged(rule, clashing, None, {}, _is_grave(rule, values, clashing))
    about = [one for one in decisions if known.get(one.facts.get("in_favour_of", "")) in rule.types]
    latest = max(about, key=recording, default=None)
    if latest is None:
        return open_now
    standings: dict[str, Standing] = {one.record_id: "OVERTAKEN" for one in about}
    favoured = next((v for v in values if v.record.record_id == latest.facts["in_favour_of"]), None)
    left = _without_the_overruled(rule, values, favoured, latest) if favoured else values
    if favoured is None or _clashing(rule, left):
        return replace(open_now, standings=standings | {latest.record_id: "REOPENED"})
    kept = {value.record.record_id for value in left}
    return replace(
        open_now,
        clashing=(),
        settled=(latest, favoured),
        standings=standings | {latest.record_id: "IN_FORCE"},
        overruled=frozenset(value.record.record_id for value in values) - kept,
    )


def _without_the_overruled(
    rule: ConflictRule, values: tuple[Value, ...], favoured: Value, decision: Record
) -> tuple[Value, ...]:
    """Return the values that stand; what corroborated a day and was found right is now what proves it."""
    left = (
        value
        for value in values
        if not (covers(decision, value.record) and _clashing(rule, (favoured, value)))
    )
    proves = rule.must == "be_of_that_day"
    return tuple(replace(value, proof=True) if proves and value is favoured else value for value in left)


def disagree(rules: Collection[ConflictRule], one: Record, other: Record) -> bool:
    """Say whether two records of one type name different days for something that, by any rule, has one day.

    Whether that holds anything up, or what a handler decided, does not matter: they do not say the same.
    """
    wanted = (rule for rule in rules if rule.must in ONE_DAY and one.type in rule.types)
    return any(len(_days(rule, one) | _days(rule, other)) > 1 for rule in wanted)


def _days(rule: ConflictRule, record: Record) -> set[date]:
    said = _values((*rule.proofs, *rule.compared), rule, {record.type: (record,)})
    return {_day(value) for value in said}


def _clashing(rule: ConflictRule, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return the values that break the rule, and those that they break it with."""
    proofs = [value for value in values if value.proof]
    if rule.must == "be_of_one_day":
        return values if len({_day(value) for value in values}) > 1 else ()
    compared = [value for value in values if not value.proof]
    if rule.must == "be_of_that_day":
        days = {_day(proof) for proof in proofs}
        differing = [value for value in compared if days and _day(value) not in days]
        return (*proofs, *differing) if differing else ()
    if rule.must == "not_be_later" and proofs:
        last = max(proofs, key=lambda value: (_day(value), *recording(value.record)))
        limit = _day(last) + timedelta(days=rule.grace_days)
        late = [value for value in compared if _day(value) > limit]
        return (last, *late) if late else ()
    pairs = [(proof, other) for proof in proofs for other in compared if _is_earlier(other, proof)]
    found = {value.record.record_id for pair in pairs for value in pair}
    return tuple(value for value in values if value.record.record_id in found)


def _is_grave(rule: ConflictRule, values: Iterable[Value], clashing: Iterable[Value]) -> bool:
    """Say whether anything compared is further from every value than the rule lets pass."""
    if rule.holds_beyond_days is None:
        return True
    days = [_day(value) for value in values if value.proof]
    compared = [_day(value) for value in clashing if not value.proof]
    bound = timedelta(days=rule.holds_beyond_days)
    return any(all(abs(day - one) > bound for day in days) for one in compared)


def _day(value: Value) -> date:
    return _read(value.text).date


@lru_cache(maxsize=4096)
def _read(text: str) -> EventTime:
    return read_event_time(text)


def _is_earlier(one: Value, other: Value) -> bool:
    return is_after(_read(other.text), _read(one.text))
