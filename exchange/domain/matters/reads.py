"""What a matter reads of a person's records: those of the types that its standing depends on, and on it."""

from dataclasses import replace

from exchange.domain.policy import Policy
from exchange.domain.records.findings import ByType, Facts
from verification.records import Record


def read_for(matter: int, facts: Facts, policy: Policy) -> Facts:
    """Return what the matter reads and nothing else: a rule that asks for more finds nothing.

    So its standing follows from this alone. Only for facts that are `plain`: where records disagree, are held
    or fell, or a handler decided, anything may depend on anything.
    """
    types = policy.read_by[matter]

    def read(records: ByType) -> ByType:
        found = {name: _on(those, matter, policy) for name, those in records.items() if name in types}
        return {name: those for name, those in found.items() if those}

    live = read(facts.live)
    known = {one.record_id for those in live.values() for one in those}
    return replace(
        facts,
        live=live,
        in_force=read(facts.in_force),
        at_death=read(facts.at_death),
        judged=(),
        duplicate_of={},
        otherwise=frozenset(),
        corrected={name: versions for name, versions in facts.corrected.items() if name in known},
    )


def _on(records: tuple[Record, ...], matter: int, policy: Policy) -> tuple[Record, ...]:
    if matter in policy.reading_all:
        return records
    if records[0].type == "application":
        return tuple([one for one in records if matter in one.facts["matters"]])
    if records[0].type == "result":
        return tuple([one for one in records if one.facts["matter"] == matter])
    return records
