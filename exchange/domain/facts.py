"""Sorts a person's records out: which are in force, which speak of one fact, which are held.

Everything here is a function of the set of records; in which order they came does not matter.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from exchange.domain.chains import Chain, chains_of, held_of, is_revoked
from exchange.domain.policy import FactRule, Policy
from exchange.domain.values import Taken, recording
from verification.names import name_key
from verification.records import Record
from verification.times import SHANGHAI, instant_text

ByType = Mapping[str, tuple[Record, ...]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person.

    Attributes:
        live: Every record in force, by type; two documents of one fact are both here.
        in_force: One record for each fact, by type: of states the latest, of documents the first.
        at_death: As ``in_force``, but of each state the one that held when the person died.
        death_proofs: Records that establish the death, the best proof first; empty while none does.
        duplicate_of: Record id → id of the document that already says the same.
        held: Record id → codes for which it is put aside.
        revoked: The documents that were revoked, each with all its records in order.
        renamed: The ids of the last records of documents that once gave a name which no live record gives.
    """

    live: ByType
    in_force: ByType
    at_death: ByType
    death_proofs: tuple[Record, ...]
    duplicate_of: Mapping[str, str]
    held: Mapping[str, tuple[str, ...]]
    revoked: tuple[tuple[Record, ...], ...]
    renamed: tuple[str, ...]

    @property
    def fallen(self) -> bool:
        """Say whether any document was revoked or is held."""
        return bool(self.revoked or self.held)

    @property
    def established_at(self) -> str | None:
        """Return the moment when the first proof of the death was recorded, or None."""
        return min((record.recorded_at for record in self.death_proofs), default=None)

    def is_in_force(self, record: Record) -> bool:
        """Say whether the record counts: not superseded, revoked, held or overtaken; a duplicate does."""
        return record.record_id in self.duplicate_of or record in self.in_force.get(record.type, ())


def sort_out(taken: Collection[Taken], policy: Policy, *, as_if_standing: bool = False) -> Facts:
    """Work out what is known from the records taken.

    Args:
        taken: All records of the person, in any order.
        policy: The facts' rules and the proofs of a death.
        as_if_standing: Pretend that nothing was revoked or held, to see what a matter has lost.
    """
    documents = chains_of(taken)
    held = held_of(documents)
    latest = [chain[-1].record for chain in documents if not is_revoked(chain)]
    standing = [record for record in latest if record.record_id not in held]
    renamed = _renamed(documents, standing)
    if as_if_standing:
        standing = [entry.record for chain in documents if (entry := _last_unrevoked(chain))]
    live = _by_type(standing)
    in_force, duplicate_of = _one_per_fact(live, policy.facts)
    proofs = _death_proofs(in_force, policy)
    return Facts(
        live=live,
        in_force=in_force,
        at_death=_at_death(live, in_force, proofs, policy.facts, _first_recorded(documents)),
        death_proofs=proofs,
        duplicate_of=duplicate_of,
        held=held,
        revoked=tuple(tuple(e.record for e in chain) for chain in documents if is_revoked(chain)),
        renamed=renamed,
    )


def end_of(event_time: str) -> str:
    """Return the last instant of an event time: itself, or for a date that day's end in Asia/Shanghai."""
    if "T" in event_time:
        return event_time
    day = datetime.combine(date.fromisoformat(event_time), time.max, SHANGHAI)
    return instant_text(day.astimezone(UTC))


def died_at(proof: Record) -> str:
    """Return the death's time as the proof has it: an instant, or a date where no more is known."""
    when: str = proof.facts.get("death_time") or proof.facts["declared_death_date"]
    return when


def _last_unrevoked(chain: Chain) -> Taken | None:
    return next((entry for entry in reversed(chain) if entry.record.action != "REVOKED"), None)


def _renamed(documents: list[Chain], standing: list[Record]) -> tuple[str, ...]:
    """Return the records that ended a disagreement on the name; a document of one record has ended none."""
    revised = [chain for chain in documents if len(chain) > 1]
    names = {name_key(record.name) for record in standing} if revised else frozenset()
    return tuple(
        sorted(
            chain[-1].record.record_id
            for chain in revised
            if any(
                name_key(entry.record.name) not in names
                for entry in chain
                if entry.record.action != "REVOKED" and not entry.held
            )
        )
    )


def _by_type(records: Iterable[Record]) -> dict[str, tuple[Record, ...]]:
    """Group by type, each type in the order of recording."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record.type].append(record)
    return {name: tuple(sorted(group, key=recording)) for name, group in groups.items()}


def _fact(record: Record, rule: FactRule) -> tuple[object, ...]:
    if rule.kind == "each":
        return (record.record_id,)
    return tuple(record.facts.get(key) for key in rule.keys)


def _one_per_fact(live: ByType, rules: Mapping[str, FactRule]) -> tuple[ByType, dict[str, str]]:
    in_force: dict[str, tuple[Record, ...]] = {}
    duplicate_of: dict[str, str] = {}
    for name, records in live.items():
        groups = _by_fact(records, rules[name])
        if rules[name].kind == "state":
            in_force[name] = tuple(group[-1] for group in groups)
        else:
            # The first recorded, but news before history: a live proof must not hide behind a backfilled one.
            best = [min(group, key=lambda record: (record.backfill, *recording(record))) for group in groups]
            in_force[name] = tuple(best)
            duplicate_of |= {
                other.record_id: first.record_id
                for first, group in zip(best, groups, strict=True)
                for other in group
                if other is not first
            }
    return in_force, duplicate_of


def _by_fact(records: tuple[Record, ...], rule: FactRule) -> list[list[Record]]:
    groups: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    for record in records:
        groups[_fact(record, rule)].append(record)
    return list(groups.values())


def _death_proofs(in_force: ByType, policy: Policy) -> tuple[Record, ...]:
    return tuple(record for name in policy.death.established_by for record in in_force.get(name, ()))


def _first_recorded(documents: list[Chain]) -> dict[str, str]:
    """Map each record's id to when its document was first recorded: a correction stands in its place."""
    return {entry.record.record_id: chain[0].record.recorded_at for chain in documents for entry in chain}


def _at_death(
    live: ByType,
    in_force: ByType,
    proofs: tuple[Record, ...],
    rules: Mapping[str, FactRule],
    since: Mapping[str, str],
) -> ByType:
    """Of each state take the last that was recorded by the death, else the first recorded after it."""
    if not proofs:
        return in_force
    death = end_of(died_at(proofs[0]))
    return {
        name: tuple(_as_at(death, group, since) for group in _by_fact(live[name], rules[name]))
        if rules[name].kind == "state"
        else records
        for name, records in in_force.items()
    }


def _as_at(moment: str, states: list[Record], since: Mapping[str, str]) -> Record:
    in_time = sorted(states, key=lambda state: (since[state.record_id], state.record_id))
    before = [state for state in in_time if since[state.record_id] <= moment]
    return before[-1] if before else in_time[0]
