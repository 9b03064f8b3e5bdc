"""What one matter is about: the records that decide whether it applies, and those that speak of it by name.

A matter of the policy that exists once per bank, or vehicle, makes one group for each. Records may call a
bank by its name, an alias, a branch or a credit code; the policy says which are one legal person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from exchange.domain.matters.applications import all_asking, applications_for
from exchange.domain.policy_files.banks import Banks
from exchange.domain.policy_files.models import Instance, Matter
from exchange.domain.records.findings import Facts
from verification.characters import is_blank, spelling
from verification.records import Record

NO_BANKS = Banks()


@dataclass(frozen=True, slots=True)
class Group:
    """The records that one instance of a matter is about.

    Attributes:
        named: What the instance is called; None where there is only one, or nobody knows a bank.
        records: What decides whether it applies.
        names: All its names as they are compared.
        known: What matters call the bank, where the policy knows it.
        written: Its names as they were written, each with its rank.
        banks: The policy's.
        asked_for: Whether somebody has named it who applies.
    """

    named: str | None
    records: tuple[Record, ...]
    names: frozenset[object] = frozenset()
    known: str | None = None
    written: tuple[tuple[int, str], ...] = ()
    banks: Banks = NO_BANKS
    asked_for: bool = False

    @property
    def is_nowhere(self) -> bool:
        """Say whether nothing is known of any bank."""
        return not (self.records or self.names)

    def goes_by(self, written: str) -> bool:
        """Say whether the bank is called so."""
        known = self.banks.instance_of(written)
        return known == self.known if known else spelling(written) in self.names

    def is_asked_for(self, application: Record, instance: Instance | None) -> bool:
        """Say whether an application for the matter is about this group: all banks, if it names none."""
        if instance is None:
            return True
        named = [name for bank in _banks_in(application, instance) for name in _written(bank, instance)]
        if not named:
            return not self.is_nowhere
        return any(self.goes_by(name) for _, name in named)


def groups_of(matter: Matter, facts: Facts, known: Banks) -> Iterator[Group]:
    """Return the groups of a matter, at least one, in the order of their names."""
    if matter.instance is None:
        yield Group(None, facts.at_death.get(matter.applies.record or "", ()))
        return
    banks = known if matter.instance.of_banks else NO_BANKS
    groups = _together(_groups(matter, matter.instance, facts, banks))
    yield from sorted(groups, key=lambda group: str(group.named)) or [Group(None, ())]


def is_about(record: Record, matter: Matter, group: Group) -> bool:
    """Say whether an application, a decision, a result or a record that ends it speaks of this matter."""
    if record.type == "application":
        return matter.matter in record.facts["matters"] and group.is_asked_for(record, matter.instance)
    if record.type == "decision":
        named = record.facts.get("instance")
        return (named is None or group.goes_by(named)) and record.facts.get("matter") == matter.matter
    if record.type == "result":
        return record.facts["matter"] == matter.matter and _is_result_of(record, matter, group)
    return record.type in matter.done_by.record


def asking(matter: Matter, group: Group, facts: Facts) -> tuple[Record, ...]:
    """Return the applications in force for this instance that were not overruled, oldest first."""
    return _of_group(applications_for(matter.matter, facts), matter, group)


def asked_by(matter: Matter, group: Group, facts: Facts) -> tuple[Record, ...]:
    """Return the applications in force for this instance, those too that a handler overruled."""
    return _of_group(all_asking(matter.matter, facts), matter, group)


def _of_group(applications: tuple[Record, ...], matter: Matter, group: Group) -> tuple[Record, ...]:
    return tuple(one for one in applications if group.is_asked_for(one, matter.instance))


def _is_result_of(result: Record, matter: Matter, group: Group) -> bool:
    if matter.instance is None:
        return True
    written = (result.issuer_name, result.issuer_uscc, result.facts.get("instance"))
    names = [name for name in written if name is not None and not is_blank(name)]
    return any(map(group.goes_by, names)) or not (names or group.names)


def _groups(matter: Matter, instance: Instance, facts: Facts, banks: Banks) -> Iterator[Group]:
    """Yield a group of its own for each record, and for each bank that an application names."""
    for record in facts.at_death.get(instance.record, ()):
        yield _group(record.facts, (record,), instance, banks)
    for application in applications_for(matter.matter, facts):
        for bank in _banks_in(application, instance):
            if _written(bank, instance):
                yield replace(_group(bank, (), instance, banks), asked_for=True)


def _banks_in(application: Record, instance: Instance) -> tuple[Mapping[str, Any], ...]:
    facts: Mapping[str, Any] = application.facts
    return tuple(facts.get(instance.in_application or "") or ())


def _group(said: Mapping[str, Any], records: tuple[Record, ...], instance: Instance, banks: Banks) -> Group:
    written = _written(said, instance)
    known = next((found for _, name in written if (found := banks.instance_of(name))), None)
    strange = (spelling(name) for _, name in written if banks.instance_of(name) is None)
    names = frozenset({*strange, *((known,) if known else ())})
    return Group(known or _first(written), records, names, known, written, banks)


def _together(groups: Iterator[Group]) -> list[Group]:
    """Join groups that share a name, directly or through others, but never two banks of the policy."""
    banks: list[Group] = []
    for group in groups:
        for other in [one for one in banks if _are_one(one, group)]:
            banks.remove(other)
            group = _joined(other, group)  # noqa: PLW2901 - it grows
        banks.append(group)
    return banks


def _are_one(one: Group, other: Group) -> bool:
    if one.known and other.known:
        return one.known == other.known
    return bool(one.names & other.names) or not (one.names or other.names)


def _joined(one: Group, other: Group) -> Group:
    known, written = one.known or other.known, one.written + other.written
    return Group(
        known or _first(written),
        one.records + other.records,
        one.names | other.names,
        known,
        written,
        one.banks,
        one.asked_for or other.asked_for,
    )


def _written(said: Mapping[str, Any], instance: Instance) -> tuple[tuple[int, str], ...]:
    found = ((rank, said.get(key) or "") for rank, key in enumerate(instance.named_by))
    return tuple((rank, name) for rank, name in found if not is_blank(name))


def _first(written: tuple[tuple[int, str], ...]) -> str | None:
    return min(written)[1] if written else None
