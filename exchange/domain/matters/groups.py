"""What one matter is about: the records that decide whether it applies, and those that speak of it by name.

A matter of the policy that exists once per bank makes one group for each bank.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exchange.domain.policy_files.models import Instance, Matter
from exchange.domain.records.findings import Facts
from verification.characters import is_blank, spelling
from verification.records import Record


@dataclass(frozen=True, slots=True)
class Group:
    """The records that one instance of a matter is about; ``named`` is None where there is only one.

    ``names`` are all its names as they are compared, ``named`` is one of them as it was written.
    """

    named: str | None
    records: tuple[Record, ...]
    names: frozenset[object] = frozenset()


def groups_of(matter: Matter, facts: Facts) -> Iterator[Group]:
    """Return the groups of a matter, at least one, in the order of their names."""
    if matter.instance is None:
        yield Group(None, facts.at_death.get(matter.applies.record or "", ()))
        return
    banks = _banks(matter.instance, facts.at_death.get(matter.instance.record, ()))
    yield from sorted(banks, key=lambda bank: str(bank.named)) or [Group(None, ())]


def is_about(record: Record, matter: Matter, group: Group) -> bool:
    """Say whether an application, a decision, a result or a record that ends it speaks of this matter."""
    if record.type == "application":
        return matter.matter in record.facts["matters"]
    if record.type == "decision":
        named = record.facts.get("instance")
        means = named is None or spelling(named) in group.names
        return means and record.facts.get("matter") == matter.matter
    if record.type == "result":
        return record.facts["matter"] == matter.matter and _is_result_of(record, matter, group)
    return record.type in matter.done_by.record


def _is_result_of(result: Record, matter: Matter, group: Group) -> bool:
    if matter.instance is None:
        return True
    written = (result.issuer_name, result.issuer_uscc, result.facts.get("instance"))
    names = {spelling(name) for name in written if name is not None} - {""}
    return bool(names & group.names) or not (names or group.names)


def _banks(instance: Instance, records: tuple[Record, ...]) -> list[Group]:
    """Group records that share any name, directly or through others; a group takes its best kind of name."""
    banks: list[Group] = []
    for record in records:
        bank = Group(None, (record,), frozenset(_names(record, instance)))
        for other in [one for one in banks if one.names & bank.names or not (one.names or bank.names)]:
            banks.remove(other)
            bank = Group(None, other.records + bank.records, other.names | bank.names)
        banks.append(bank)
    return [Group(_best_name(bank.records, instance), bank.records, bank.names) for bank in banks]


def _names(record: Record, instance: Instance) -> Iterator[str]:
    facts: Mapping[str, Any] = record.facts
    spelled = (spelling(facts.get(key) or "") for key in instance.named_by)
    return (name for name in spelled if name)


def _best_name(records: tuple[Record, ...], instance: Instance) -> str | None:
    found: list[Mapping[str, Any]] = [record.facts for record in records]
    for key in instance.named_by:
        written = [facts.get(key) or "" for facts in found]
        names = sorted(name for name in written if not is_blank(name))
        if names:
            return names[0]
    return None
