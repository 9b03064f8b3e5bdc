"""Sorts out a person's records: which are in force, which speak of one fact, and whether a death stands.

Everything here is a function of the set of records; in which order they came does not matter.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

from exchange.domain.identity.links import names_person
from exchange.domain.identity.persons import Persons
from exchange.domain.policy import FactRule, Policy
from exchange.domain.records.conflicts import disagree, judge
from exchange.domain.records.document_versions import is_revoked
from exchange.domain.records.findings import ByType, Facts, Judged, found_right
from exchange.domain.values import end_of, recording
from verification.characters import spelling
from verification.records import Record

REFERRED_TO = frozenset({"application", "result", "examination", "enquiry"})
"""Types whose records are known by the ids of those that they corrected, too."""
As = Literal["now", "agreed", "whole"]
Groups = Mapping[str, list[list[Record]]]
"""By type, the records of each fact, in the order of recording."""


def sort_out(persons: Persons, policy: Policy, as_if: As = "now") -> Facts:
    """Work out what is known from the records that belong to the person.

    Args:
        persons: The records, told apart by whose they are.
        policy: The facts' rules, the proofs of a death and the rules between records.
        as_if: ``now`` takes them as they are. ``agreed`` pretends that nothing is held or in conflict, and
            ``whole`` that nothing was revoked or moved either, to see what a matter has lost, and by what.
    """
    held = {} if as_if == "agreed" else persons.held
    standing = _standing(persons, held, policy, as_if)
    live = _by_type(standing)
    groups = _grouped(live, policy.facts)
    in_force = _one_per_fact(groups, policy.facts)
    duplicate_of = _duplicates(groups, policy)
    otherwise = _others(live, in_force, policy) - duplicate_of.keys()
    duplicate_of |= _twins(persons, (in_force, duplicate_of, otherwise))
    rules = policy.conflicts if as_if == "now" else ()
    judged = judge(rules, _compared(live, in_force, policy), _known(persons))
    stands = not any(one.open and one.holds == "death" for one in judged)
    proofs = _death_proofs(in_force, policy) if stands else ()
    since = _first_recorded(persons)
    told_of = proofs or _death_proofs(_as_if_nothing_lost(persons, standing, policy), policy)
    return Facts(
        live=live,
        in_force=in_force,
        at_death=_at_death(groups, in_force, _died_at(told_of, judged), policy.facts, since),
        death_proofs=proofs,
        death_told=bool(told_of),
        judged=judged,
        application_rulings=_application_rulings(live, persons),
        duplicate_of=duplicate_of,
        otherwise=otherwise,
        ruled=persons.ruled,
        held=held if as_if == "now" else {},
        lost=bool(persons.gone) or any(map(is_revoked, persons.documents)),
        corrected={
            one.record.record_id: tuple(entry.record for entry in versions)
            for versions in (*persons.documents, *persons.gone)
            if len(versions) > 1 and versions[0].record.type in REFERRED_TO
            for one in versions
        },
        examined=tuple(
            entry.record
            for versions in (*persons.documents, *persons.gone)
            if versions[0].record.type == "examination"
            for entry in versions
            if entry.record.action != "REVOKED"
        ),
    )


def _standing(
    persons: Persons, held: Mapping[str, tuple[str, ...]], policy: Policy, as_if: As
) -> list[Record]:
    latest = [versions for versions in persons.documents if not is_revoked(versions)]
    words = (
        map(persons.last_undisputed, latest) if as_if == "agreed" else (versions[-1] for versions in latest)
    )
    standing = [word.record for word in words if word and word.record.record_id not in held]
    return standing + _lost(persons, standing, policy) if as_if == "whole" else standing


def _lost(persons: Persons, standing: list[Record], policy: Policy) -> list[Record]:
    """Return records revoked, moved or held whose fact has no other record left; never a decision."""
    left = {(record.type, _fact(record, policy.facts[record.type])) for record in standing}
    all_documents = (*filter(is_revoked, persons.documents), *persons.gone)
    held = (versions for versions in persons.documents if versions[-1].record.record_id in persons.held)
    words = [
        entry.record for versions in (*all_documents, *held) if (entry := persons.last_undisputed(versions))
    ]
    return [
        word
        for word in words
        if names_person(word.type) and (word.type, _fact(word, policy.facts[word.type])) not in left
    ]


def _application_rulings(live: ByType, persons: Persons) -> tuple[tuple[Record, Record], ...]:
    rulings = [one for one in live.get("decision", ()) if one.facts["kind"] == "CONFLICT_RESOLVED"]
    if not rulings:
        return ()
    all_documents = (*persons.documents, *persons.gone)
    known = {entry.record.record_id: entry.record for versions in all_documents for entry in versions}
    favoured = ((one, known.get(one.facts.get("in_favour_of", ""))) for one in rulings)
    return tuple((one, other) for one, other in favoured if other and other.type == "application")


def _known(persons: Persons) -> dict[str, str]:
    return {
        entry.record.record_id: entry.record.type
        for versions in (*persons.documents, *persons.gone)
        for entry in versions
    }


def _compared(live: ByType, in_force: ByType, policy: Policy) -> ByType:
    """Take every document, but only those states in force: a later state overtakes, it does not clash."""
    return {
        name: in_force[name] if policy.facts[name].kind == "state" else records
        for name, records in live.items()
    }


def died_at(proof: Record) -> str:
    """Return the death's time as the proof has it: an instant, or a date where no more is known."""
    when: str = proof.facts.get("death_time") or proof.facts["declared_death_date"]
    return when


def _died_at(proofs: tuple[Record, ...], judged: tuple[Judged, ...]) -> str | None:
    """Return the time of death by the best proof, or as a handler has settled it last."""
    if not proofs:
        return None
    right = found_right(one for one in judged if proofs[0].type in one.rule.types)
    return right[-1].text if right else died_at(proofs[0])


def _by_type(records: Iterable[Record]) -> dict[str, tuple[Record, ...]]:
    """Group by type, each type in the order of recording."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record.type].append(record)
    return {
        name: tuple(sorted(group, key=recording)) if len(group) > 1 else (group[0],)
        for name, group in groups.items()
    }


def _fact(record: Record, rule: FactRule) -> tuple[object, ...]:
    if rule.kind == "each":
        return (record.record_id,)
    return tuple(_spelled(record.facts.get(key)) for key in rule.keys)


def _spelled(value: object) -> object:
    """Compare numbers and names without blanks and shapeless characters: nobody means anything by them."""
    return spelling(value) if isinstance(value, str) else value


def _as_if_nothing_lost(persons: Persons, standing: list[Record], policy: Policy) -> ByType:
    live = _by_type(standing + _lost(persons, standing, policy))
    return _one_per_fact(_grouped(live, policy.facts), policy.facts)


def _grouped(live: ByType, rules: Mapping[str, FactRule]) -> Groups:
    return {name: _by_fact(records, rules[name]) for name, records in live.items()}


def _one_per_fact(groups: Groups, rules: Mapping[str, FactRule]) -> ByType:
    return {
        name: tuple(
            [group[-1] if rules[name].kind == "state" else min(group, key=_rank) for group in by_fact]
        )
        for name, by_fact in groups.items()
    }


def _rank(document: Record) -> tuple[bool, str, str]:
    """Rank by recording, but news before history: a live proof must not hide behind a backfilled one."""
    return document.backfill, *recording(document)


def _others(live: ByType, in_force: ByType, policy: Policy) -> frozenset[str]:
    """Return the documents that are not in force because another document of the same fact is."""
    first = {record.record_id for records in in_force.values() for record in records}
    return frozenset(
        record.record_id
        for name, records in live.items()
        if len(records) > 1 and policy.facts[name].kind != "state"
        for record in records
        if record.record_id not in first
    )


def _duplicates(groups: Groups, policy: Policy) -> dict[str, str]:
    """Map each document to the first of its fact that says the same; two that disagree are not duplicates."""
    duplicate_of: dict[str, str] = {}
    for name, by_fact in groups.items():
        if policy.facts[name].kind != "document":
            continue
        for group in by_fact:
            if len(group) < 2:
                continue
            firsts: list[Record] = []
            for record in sorted(group, key=_rank):
                first = next((one for one in firsts if not disagree(policy.conflicts, one, record)), None)
                if first is None:
                    firsts.append(record)
                else:
                    duplicate_of[record.record_id] = first.record_id
    return duplicate_of


def _twins(persons: Persons, counting: tuple[ByType, Mapping[str, str], frozenset[str]]) -> dict[str, str]:
    """Map each amendment that another of the same document repeats to that other, where the other counts."""
    in_force, duplicate_of, otherwise = counting
    first = {record.record_id for records in in_force.values() for record in records}
    counts = first | duplicate_of.keys() | otherwise
    return {twin: last for twin, last in persons.twins.items() if last in counts}


def _by_fact(records: tuple[Record, ...], rule: FactRule) -> list[list[Record]]:
    groups: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    for record in records:
        groups[_fact(record, rule)].append(record)
    return list(groups.values())


def _death_proofs(in_force: ByType, policy: Policy) -> tuple[Record, ...]:
    """Return the proofs in the policy's order, news before history: the first decides who is told."""
    proofs = (record for name in policy.death.established_by for record in in_force.get(name, ()))
    return tuple(sorted(proofs, key=lambda record: record.backfill))


def _first_recorded(persons: Persons) -> dict[str, str]:
    """Map each record's id to when its document was first recorded: a correction stands in its place."""
    all_documents = (*persons.documents, *persons.gone)
    return {
        entry.record.record_id: versions[0].record.recorded_at
        for versions in all_documents
        for entry in versions
    }


def _at_death(
    groups: Groups,
    in_force: ByType,
    death: str | None,
    rules: Mapping[str, FactRule],
    since: Mapping[str, str],
) -> ByType:
    """Take, for each state, the last one recorded by the time of death, else the first one after it."""
    if death is None:
        return in_force
    moment = end_of(death)
    return {
        name: tuple(_as_at(moment, group, since) for group in groups[name])
        if rules[name].kind == "state"
        else records
        for name, records in in_force.items()
    }


def _as_at(moment: str, states: list[Record], since: Mapping[str, str]) -> Record:
    in_time = sorted(states, key=lambda state: (since[state.record_id], state.record_id))
    before = [state for state in in_time if since[state.record_id] <= moment]
    return before[-1] if before else in_time[0]
