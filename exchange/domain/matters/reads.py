"""What a matter reads of a person's records: those of the types that its standing depends on, and on it."""

from dataclasses import replace
from functools import partial

from exchange.domain.policy import Policy
from exchange.domain.records.findings import ByType, Facts


def read_for(matter: int, facts: Facts, policy: Policy) -> Facts:
    """Return what the matter reads and nothing else: a rule that asks for more finds nothing.

    So its standing follows from this alone. Only for facts that are `plain`: where records disagree, are held
    or fell, or a handler decided, anything may depend on anything.
    """
    is_on_it, types = partial(policy.depends_on, matter=matter), policy.read_by[matter]

    def read(records: ByType) -> ByType:
        found = ((name, tuple(filter(is_on_it, those))) for name, those in records.items() if name in types)
        return {name: those for name, those in found if those}

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
