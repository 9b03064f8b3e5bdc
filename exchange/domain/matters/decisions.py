"""What handlers decide about a matter: that it does not apply, that it is held, that it is released."""

from collections.abc import Iterator

from exchange.domain.matters.groups import Group, groups_of, is_about
from exchange.domain.policy import Policy
from exchange.domain.policy_files.conditions import holds
from exchange.domain.policy_files.models import Matter
from exchange.domain.records.findings import Facts
from exchange.domain.values import Standing, recording
from verification.records import Record

HELD, RELEASED = "MATTER_HELD", "MATTER_RELEASED"


def not_applicable(matter: Matter, group: Group, facts: Facts) -> tuple[Record, ...]:
    """Return the decisions that the matter does not apply, whether they still stand or not."""
    return _about(matter, group, facts, ("MATTER_NOT_APPLICABLE",))


def is_reopened(decision: Record, matter: Matter, group: Group, facts: Facts) -> bool:
    """Say whether what the handler looked at has changed since: a later record decides or ends the matter."""
    return any(record.recorded_at > decision.recorded_at for record in _grounds(matter, group, facts))


def latest_hold(matter: Matter, group: Group, facts: Facts) -> Record | None:
    """Return the last decision to hold or to release the matter."""
    found = _about(matter, group, facts, (HELD, RELEASED))
    return max(found, key=recording) if found else None


def matter_standings(facts: Facts, policy: Policy) -> dict[str, Standing]:
    """Say whether each decision about a matter still counts: REOPENED for one bank is REOPENED for all."""
    standings: dict[str, Standing] = {}
    for matter in policy.matters:
        for group in groups_of(matter, facts, policy.banks):
            for decision in not_applicable(matter, group, facts):
                reopened = is_reopened(decision, matter, group, facts)
                if reopened or decision.record_id not in standings:
                    standings[decision.record_id] = "REOPENED" if reopened else "IN_FORCE"
            latest = latest_hold(matter, group, facts)
            for decision in _about(matter, group, facts, (HELD, RELEASED)):
                if decision is latest or decision.record_id not in standings:
                    standings[decision.record_id] = "IN_FORCE" if decision is latest else "OVERTAKEN"
    return standings


def _about(matter: Matter, group: Group, facts: Facts, kinds: tuple[str, ...]) -> tuple[Record, ...]:
    if "decision" not in facts.live:
        return ()
    named = (one for one in facts.live["decision"] if one.facts.get("matter") == matter.matter)
    return tuple(one for one in named if one.facts["kind"] in kinds and is_about(one, matter, group))


def _grounds(matter: Matter, group: Group, facts: Facts) -> Iterator[Record]:
    yield from group.records
    done = matter.done_by
    for name in done.record:
        yield from (record for record in facts.live.get(name, ()) if holds(done.where or {}, record))
    if done.result:
        yield from (result for result in facts.live.get("result", ()) if is_about(result, matter, group))
