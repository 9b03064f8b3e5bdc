"""The matters of a case: for each its state, what it waits for, and what proves it."""

from collections.abc import Iterable
from typing import cast

from exchange.domain.identity.links import names_person
from exchange.domain.matters.choices import Choice, choice_of
from exchange.domain.matters.dealings import Dealings, dealings_of
from exchange.domain.matters.decisions import is_reopened, latest_hold, not_applicable
from exchange.domain.matters.examinations import handed_in
from exchange.domain.matters.groups import Group, groups_of
from exchange.domain.matters.views import MatterState, MatterView, WaitingFor
from exchange.domain.matters.waivers import waived_kinds
from exchange.domain.matters.ways_out import besides, instead
from exchange.domain.policy import Policy
from exchange.domain.policy_files.conditions import hold_together, holds
from exchange.domain.policy_files.models import Applies, Matter
from exchange.domain.records.findings import Facts
from verification.identity import NO_NUMBER
from verification.records import Record


def matter_views(facts: Facts, policy: Policy) -> tuple[MatterView, ...]:
    """Return every matter's view, in the order of the policy; a matter per bank gives one for each bank."""
    return tuple(view for matter in policy.matters for view in views_of(matter, facts, policy))


def views_of(matter: Matter, facts: Facts, policy: Policy) -> tuple[MatterView, ...]:
    """Return the views of one matter: one, or one for each bank."""
    return tuple([_view(matter, group, facts, policy) for group in groups_of(matter, facts, policy.banks)])


def waits_without_records(matter: Matter, facts: Facts, policy: Policy) -> tuple[WaitingFor, ...]:
    """Return what a matter waits for when no record is left that would decide whether it applies."""
    _, missing = _prerequisites(matter, (), choice_of(matter, facts, policy), facts, policy)
    if matter.instance is None:
        return missing
    lost = matter.instance.record
    owed = [(name, one) for name, one in policy.prerequisites.items() if one.any_record == (lost,)]
    return (*missing, *(WaitingFor(name, one.owed_by, facts.established_at) for name, one in owed))


def _view(matter: Matter, group: Group, facts: Facts, policy: Policy) -> MatterView:
    department = _department(matter, facts)
    said = dealings_of(matter, group, facts)
    choice = choice_of(matter, facts, policy)
    applies, deciding = _applies(matter, group, choice, facts)
    if applies is False:
        return _not_applicable(matter, group, department, deciding, said, facts)
    proofs, missing = _prerequisites(matter, deciding, choice, facts, policy)
    state, final = _reached(matter, said, facts, bool(missing))
    return MatterView(
        matter.matter,
        group.named,
        department,
        state,
        missing if state == "WAITING" else (),
        _with_rulings((*deciding, *proofs, *final), facts),
        final,
        frozenset(one.prerequisite for one in missing) | (frozenset() if facts.death_proofs else {"death"}),
        missing,
        latest_hold(matter, group, facts),
        asked=said.asked,
        returned=said.returned,
        results=said.results,
        asked_by=said.asked_by,
        untold=matter.instance is not None and group.is_nowhere,
        way_out=besides(matter, said.asked, facts) or choice.told or _without_asking(matter, state),
        unknown_bank=_is_strange(group) and state != "COMPLETED",
    )


def _without_asking(matter: Matter, state: MatterState) -> str | None:
    """Return what is told of a matter that goes on though nobody applies, while it does."""
    return matter.without_application if state in {"READY", "APPLIED"} else None


def _is_strange(group: Group) -> bool:
    """Say whether a bank is named that the policy does not have; a policy without banks asks about none."""
    return bool(group.banks.known and group.named and not group.known)


def _not_applicable(
    matter: Matter,
    group: Group,
    department: str,
    deciding: tuple[Record, ...],
    said: Dealings,
    facts: Facts,
) -> MatterView:
    """Return a matter that does not apply; if it was completed all the same, that is to be recovered."""
    done = _done_by_record(matter, facts)
    if said.disposed and said.disposed.facts["outcome"] == "COMPLETED":
        done = (said.disposed,)
    if not done or not facts.death_told:
        return MatterView(
            matter.matter,
            group.named,
            department,
            "NOT_APPLICABLE",
            proofs=_with_rulings(deciding, facts),
            asked_by=said.asked_by,
            results=said.results,
            way_out=instead(matter, group, deciding),
        )
    return MatterView(
        matter.matter,
        group.named,
        department,
        "COMPLETED",
        proofs=_with_rulings(deciding + done, facts),
        final=done,
        recovery=True,
        asked_by=said.asked_by,
        results=said.results,
    )


def _with_rulings(proofs: tuple[Record, ...], facts: Facts) -> tuple[Record, ...]:
    """Add the decisions that made a proof count rather than its rivals."""
    if not facts.ruled:
        return proofs
    return proofs + tuple(facts.ruled[one.record_id] for one in proofs if one.record_id in facts.ruled)


def _department(matter: Matter, facts: Facts) -> str:
    best = facts.death_proofs[0].type if facts.death_proofs else ""
    return matter.decides_instead.get(best, matter.decides)


def _applies(
    matter: Matter, group: Group, choice: Choice, facts: Facts
) -> tuple[bool | None, tuple[Record, ...]]:
    """Say whether the matter applies (None: not known yet), and the records that say so."""
    if decided := tuple(
        one for one in not_applicable(matter, group, facts) if not is_reopened(one, matter, group, facts)
    ):
        return False, decided
    if choice.declined:
        return False, choice.declined
    rule = matter.applies
    if rule.unless_only_proof:
        only = {record.type for record in facts.death_proofs} == {rule.unless_only_proof}
        return not only, facts.death_proofs if only else ()
    if rule.id_type:
        return _has_number_of(rule.id_type, facts), ()
    if rule.record is None:
        return True, ()
    return _applies_by_records(rule, group.records)


def _has_number_of(kinds: tuple[str, ...], facts: Facts) -> bool | None:
    """Say whether the person's number is of these kinds; None if no number is known."""
    records = (records[0] for name, records in facts.live.items() if names_person(name))
    known = next((record.id_type for record in records if record.id_type != NO_NUMBER), None)
    return None if known is None else known in kinds


def _applies_by_records(rule: Applies, records: tuple[Record, ...]) -> tuple[bool | None, tuple[Record, ...]]:
    if not records:
        return None, ()
    if rule.together is not None:
        return hold_together(rule.together, records, rule.not_counted), records
    fitting = tuple(record for record in records if holds(rule.where or {}, record))
    return bool(fitting), fitting or records


def _prerequisites(
    matter: Matter, deciding: tuple[Record, ...], choice: Choice, facts: Facts, policy: Policy
) -> tuple[tuple[Record, ...], tuple[WaitingFor, ...]]:
    proofs: tuple[Record, ...] = ()
    missing = []
    for name in matter.prerequisites:
        wanted = policy.prerequisites[name]
        if wanted.or_material and wanted.or_material in waived_kinds(matter, facts):
            continue
        if matter.applies.record in wanted.any_record:
            found = deciding
        else:
            found = _first_of(wanted.any_record, facts) or _with_material(wanted.or_material, facts)
        stands = found and name not in facts.held_up
        proofs += found + facts.deciding(name) if stands else ()
        if not stands:
            missing.append(WaitingFor(name, wanted.owed_by, facts.established_at))
    if matter.family_chooses and choice.undecided:
        chosen = matter.family_chooses.waits_for
        missing.append(WaitingFor(chosen, policy.prerequisites[chosen].owed_by, facts.established_at))
    return proofs, tuple(missing)


def _first_of(types: tuple[str, ...], facts: Facts) -> tuple[Record, ...]:
    return _news_first(record for name in types for record in facts.in_force.get(name, ()))


def _news_first(records: Iterable[Record]) -> tuple[Record, ...]:
    """Return the first record that is news, else the first: news must not hide behind backfilled history."""
    history: tuple[Record, ...] = ()
    for record in records:
        if not record.backfill:
            return (record,)
        history = history or (record,)
    return history


def _with_material(kind: int | None, facts: Facts) -> tuple[Record, ...]:
    return _news_first(
        record
        for record in facts.in_force.get("application", ())
        if any(material["kind"] == kind for material in handed_in((record,), facts))
    )


def _reached(
    matter: Matter, said: Dealings, facts: Facts, missing: bool
) -> tuple[MatterState, tuple[Record, ...]]:
    """Return the state that the matter has reached, with the records that took it beyond READY."""
    done, asked, result = _done_by_record(matter, facts), said.asking, said.disposed
    if matter.opened_by_application and not done and asked:
        return "APPLIED", _news_first(asked)
    if not facts.death_proofs:
        return "WAITING", ()
    if done:
        return "COMPLETED", done
    if result:
        asked = tuple(one for one in asked if one.recorded_at > result.recorded_at)
        if missing or not asked or result.facts["outcome"] != "REJECTED":
            return cast(MatterState, result.facts["outcome"]), (result,)  # UNKNOWN is refused
    if missing:
        return "WAITING", ()
    return ("APPLIED", _news_first(asked)) if asked else ("READY", ())


def _done_by_record(matter: Matter, facts: Facts) -> tuple[Record, ...]:
    rule = matter.done_by
    records = tuple(record for name in rule.record for record in facts.in_force.get(name, ()))
    fitting = tuple(record for record in records if holds(rule.where or {}, record))
    if rule.every:
        return fitting if len(fitting) == len(records) else ()
    return _news_first(fitting)
