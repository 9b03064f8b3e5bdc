"""The matters of a case: for each its state, what it waits for, and what proves it."""

from collections.abc import Iterable
from typing import cast

from exchange.domain.identity.links import names_person
from exchange.domain.matters.answers import RETURNED, AnswersGiven, answers_of
from exchange.domain.matters.choices import declining, is_undecided, told_of_choice
from exchange.domain.matters.decisions import is_reopened, latest_hold, not_applicable
from exchange.domain.matters.groups import Group, asked_by, asking, groups_of, is_about
from exchange.domain.matters.views import MatterState, MatterView, WaitingFor
from exchange.domain.matters.ways_out import besides, instead
from exchange.domain.policy import Policy
from exchange.domain.policy_files.conditions import hold_together, holds
from exchange.domain.policy_files.models import Applies, Matter
from exchange.domain.records.findings import Facts
from verification.identity import NO_NUMBER
from verification.records import Record


def matter_views(facts: Facts, policy: Policy) -> tuple[MatterView, ...]:
    """Return every matter's view, in the order of the policy; a matter per bank gives one for each bank."""
    return tuple(
        _view(matter, group, facts, policy)
        for matter in policy.matters
        for group in groups_of(matter, facts, policy)
    )


def waits_without_records(matter: Matter, facts: Facts, policy: Policy) -> tuple[WaitingFor, ...]:
    """Return what a matter waits for when no record is left that would decide whether it applies."""
    _, missing = _prerequisites(matter, (), facts, policy)
    if matter.instance is None:
        return missing
    lost = matter.instance.record
    owed = [(name, one) for name, one in policy.prerequisites.items() if one.any_record == (lost,)]
    return (*missing, *(WaitingFor(name, one.owed_by, facts.established_at) for name, one in owed))


def _view(matter: Matter, group: Group, facts: Facts, policy: Policy) -> MatterView:
    department = _department(matter, facts)
    applies, deciding = _applies(matter, group, facts)
    if applies is False:
        return _not_applicable(matter, group, department, deciding, facts)
    proofs, missing = _prerequisites(matter, deciding, facts, policy)
    state, final = _reached(matter, group, facts, bool(missing))
    asked = _asked(matter, group, facts)
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
        asked=asked,
        returned=_returned(matter, group, facts),
        results=_results(matter, group, facts),
        asked_by=asked_by(matter, group, facts),
        untold=matter.instance is not None and group.is_nowhere,
        way_out=besides(matter, asked, facts)
        or told_of_choice(matter, facts)
        or _without_asking(matter, state),
        unknown_bank=_is_strange(matter, group, policy) and state != "COMPLETED",
    )


def _without_asking(matter: Matter, state: MatterState) -> str | None:
    """Return what is told of a matter that goes on though nobody applies, while it does."""
    return matter.without_application if state in {"READY", "APPLIED"} else None


def _is_strange(matter: Matter, group: Group, policy: Policy) -> bool:
    """Say whether a bank is named that the policy does not have; a policy without banks asks about none."""
    return bool(matter.instance and policy.banks.known and group.named and not group.known)


def _not_applicable(
    matter: Matter, group: Group, department: str, deciding: tuple[Record, ...], facts: Facts
) -> MatterView:
    """Return a matter that does not apply; if it was completed all the same, that is to be recovered."""
    result = _latest_result(matter, group, facts) if matter.done_by.result else None
    done = _done_by_record(matter, facts)
    if result and result.facts["outcome"] == "COMPLETED":
        done = (result,)
    if not done or not facts.death_told:
        return MatterView(
            matter.matter,
            group.named,
            department,
            "NOT_APPLICABLE",
            proofs=_with_rulings(deciding, facts),
            asked_by=asked_by(matter, group, facts),
            results=_results(matter, group, facts),
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
        asked_by=asked_by(matter, group, facts),
        results=_results(matter, group, facts),
    )


def _with_rulings(proofs: tuple[Record, ...], facts: Facts) -> tuple[Record, ...]:
    """Add the decisions that made a proof count rather than its rivals."""
    if not facts.ruled:
        return proofs
    return proofs + tuple(facts.ruled[one.record_id] for one in proofs if one.record_id in facts.ruled)


def _department(matter: Matter, facts: Facts) -> str:
    best = facts.death_proofs[0].type if facts.death_proofs else ""
    return matter.decides_instead.get(best, matter.decides)


def _applies(matter: Matter, group: Group, facts: Facts) -> tuple[bool | None, tuple[Record, ...]]:
    """Say whether the matter applies (None: not known yet), and the records that say so."""
    if decided := tuple(
        one for one in not_applicable(matter, group, facts) if not is_reopened(one, matter, group, facts)
    ):
        return False, decided
    if declined := declining(matter, facts):
        return False, declined
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
    matter: Matter, deciding: tuple[Record, ...], facts: Facts, policy: Policy
) -> tuple[tuple[Record, ...], tuple[WaitingFor, ...]]:
    proofs: tuple[Record, ...] = ()
    missing = []
    for name in matter.prerequisites:
        wanted = policy.prerequisites[name]
        if matter.applies.record in wanted.any_record:
            found = deciding
        else:
            found = _first_of(wanted.any_record, facts) or _with_material(wanted.or_material, facts)
        stands = found and name not in facts.held_up
        proofs += found + facts.deciding(name) if stands else ()
        if not stands:
            missing.append(WaitingFor(name, wanted.owed_by, facts.established_at))
    if matter.family_chooses and is_undecided(matter, facts, policy):
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
        if any(material["kind"] == kind for material in record.facts.get("materials") or ())
    )


def _reached(
    matter: Matter, group: Group, facts: Facts, missing: bool
) -> tuple[MatterState, tuple[Record, ...]]:
    """Return the state that the matter has reached, with the records that took it beyond READY."""
    done = _done_by_record(matter, facts)
    if matter.opened_by_application and not done and (asked := asking(matter, group, facts)):
        return "APPLIED", _news_first(asked)
    if not facts.death_proofs:
        return "WAITING", ()
    if done:
        return "COMPLETED", done
    result = _latest_result(matter, group, facts) if matter.done_by.result else None
    asked = asking(matter, group, facts)
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


def _asked(matter: Matter, group: Group, facts: Facts) -> tuple[Record, ...]:
    """Return the applications since the department last rejected or completed the matter.

    If it took that back by accepting after all, the earlier applications are to be decided again.
    """
    asked = asking(matter, group, facts)
    results = _disposals(matter, group, facts) if asked and matter.done_by.result else ()
    ends = [result.recorded_at for result in results if result.facts["outcome"] != "ACCEPTED"]
    since = tuple(one for one in asked if not ends or one.recorded_at > max(ends))
    return since or (asked if results and results[-1].facts["outcome"] == "ACCEPTED" else ())


def _latest_result(matter: Matter, group: Group, facts: Facts) -> Record | None:
    results = _disposals(matter, group, facts)
    return results[-1] if results else None


def _disposals(matter: Matter, group: Group, facts: Facts) -> tuple[Record, ...]:
    """Return the results that change the matter's state: one that asks to put something right does not."""
    results = answered(matter, group, facts).moving
    return tuple(result for result in results if result.facts["outcome"] != RETURNED)


def answered(matter: Matter, group: Group, facts: Facts) -> AnswersGiven:
    """Return which application each result of the matter answers, and which results move the matter."""
    results = _results(matter, group, facts)
    if not matter.done_by.result:
        return AnswersGiven(results)
    return answers_of(results, asking(matter, group, facts), facts)


def _returned(matter: Matter, group: Group, facts: Facts) -> Record | None:
    """Return the last result if it asks to put something right, until the family hands in an application."""
    results = answered(matter, group, facts).moving
    if not results or results[-1].facts["outcome"] != RETURNED:
        return None
    since = (one.recorded_at > results[-1].recorded_at for one in asking(matter, group, facts))
    return None if any(since) else results[-1]


def _results(matter: Matter, group: Group, facts: Facts) -> tuple[Record, ...]:
    """Return the results about the matter, the first recorded first.

    All in force, not one per fact: two banks' results of matter 10 may differ in their issuer alone.
    """
    said = [one for one in facts.live.get("result", ()) if one.facts["matter"] == matter.matter]
    return tuple([record for record in said if is_about(record, matter, group)])
