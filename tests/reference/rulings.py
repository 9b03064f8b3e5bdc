"""What handlers decided about matters, and whether each decision still stands."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tests.reference import banks, matters
from tests.reference.banks import Bank
from tests.reference.choices import by_time
from tests.reference.contests import standing_of_choice
from tests.reference.disputes import Dispute, standing_of
from tests.reference.matters import Sight, Stage
from tests.reference.pages import Entry
from tests.reference.papers import last_ruling, settles
from tests.reference.persons import Person
from tests.reference.placing import LINKED, UNLINKED
from verification.records import Record

IN_FORCE, REOPENED, OVERTAKEN = "IN_FORCE", "REOPENED", "OVERTAKEN"
DOES_NOT_APPLY, HELD, RELEASED = "MATTER_NOT_APPLICABLE", "MATTER_HELD", "MATTER_RELEASED"

Instance = tuple[Entry, Bank | None]
"""A matter, and for those about banks the names of one."""


def standings(
    person: Person, disputes: Sequence[Dispute], instances: Sequence[Instance], now: Sight
) -> dict[str, str]:
    """The standing of every decision of a case."""
    found: dict[str, str] = {}
    for ruling in person.rulings():
        standing: str | None
        kind = ruling.facts["kind"]
        if kind in (LINKED, UNLINKED):
            standing = _of_link(ruling, person.rulings())
        elif any(one.ruling == ruling for one in now.choices):
            wanted = [(entry, now.asking(entry)) for entry in now.pages.matters]
            standing = standing_of_choice(ruling, wanted, now.choices, now.pages.money_matters)
        elif kind == "CONFLICT_RESOLVED":
            standing = standing_of(ruling, disputes, person)
        elif kind == DOES_NOT_APPLY:
            standing = REOPENED if _reopened(ruling, instances, now) else IN_FORCE
        else:
            standing = _of_hold(ruling, person.rulings(), instances, now)
        found[ruling.record_id] = _graver(standing, between_rivals(person).get(ruling.record_id))
    return found


def between_rivals(person: Person) -> dict[str, str]:
    """The last of the decisions on amendments that contradict each other counts, if it knew of all."""
    standings: dict[str, str] = {}
    rulings = person.rulings()
    for paper in person.papers():
        unsettled = replace(paper, found_right=None)
        last = last_ruling(unsettled, rulings)
        ids = [one.record.record_id for one in unsettled.rivals]
        for ruling in rulings if last else ():
            if ruling.facts["kind"] == "CONFLICT_RESOLVED" and ruling.facts.get("in_favour_of") in ids:
                counts = IN_FORCE if settles(unsettled, ruling) else REOPENED
                standings[ruling.record_id] = counts if ruling == last else OVERTAKEN
    return standings


def _graver(standing: str | None, between: str | None) -> str:
    """The graver standing: to be looked at again for one of several things is to be looked at again."""
    said = [one for one in (standing, between) if one]
    return next((one for one in (REOPENED, IN_FORCE, OVERTAKEN) if one in said), IN_FORCE)


def _of_link(ruling: Record, rulings: Iterable[Record]) -> str:
    """In force unless the same case decided later about the same record, or the whole person."""
    about = ruling.facts.get("in_favour_of")
    links = [one for one in rulings if one.facts["kind"] in (LINKED, UNLINKED)]
    last = max((one for one in links if one.facts.get("in_favour_of") == about), key=by_time)
    return IN_FORCE if last == ruling else OVERTAKEN


def _of_hold(ruling: Record, rulings: Sequence[Record], instances: Iterable[Instance], now: Sight) -> str:
    """Overtaken if something later was decided of all that it is about and that there is."""
    concerned = [instance for instance in instances if _is_about(ruling, instance, now)]
    counts = [instance for instance in concerned if _hold_on(instance, rulings, now) == ruling]
    return IN_FORCE if counts or not concerned else OVERTAKEN


def set_apart(instance: Instance, instances: Sequence[Instance], sight: Sight) -> frozenset[str]:
    """The decisions that were not reopened and take the matter out."""
    apart = [
        r for r in sight.of("decision") if r.facts["kind"] == DOES_NOT_APPLY and _is_about(r, instance, sight)
    ]
    return frozenset(r.record_id for r in apart if not _reopened(r, instances, sight))


def held_or_released(stage: Stage, instance: Instance, now: Sight) -> Stage:
    """A stage as the last decision to hold or to release leaves it."""
    hold = _hold_on(instance, now.of("decision"), now)
    if hold is None or stage.state == matters.NOT_APPLICABLE or stage.in_vain:
        return stage
    if hold.facts["kind"] == RELEASED:
        waits = stage.state in (matters.WAITING, matters.SUSPENDED)
        return stage if waits else replace(stage, proofs=stage.proofs | {hold.record_id})
    if stage.state == matters.COMPLETED:
        return stage
    state = matters.WAITING if stage.state == matters.WAITING else matters.SUSPENDED
    return Stage(state, stage.missing | {"release"})


def is_held(instance: Instance, now: Sight) -> bool:
    """Whether a handler's last word on the matter is that it waits."""
    hold = _hold_on(instance, now.of("decision"), now)
    return hold is not None and hold.facts["kind"] == HELD


def _hold_on(instance: Instance, rulings: Iterable[Record], now: Sight) -> Record | None:
    """The last decision to hold or to release."""
    holds = [r for r in rulings if r.facts["kind"] in (HELD, RELEASED) and _is_about(r, instance, now)]
    return max(holds, key=by_time, default=None)


def _is_about(ruling: Record, instance: Instance, sight: Sight) -> bool:
    """Whether a decision is about the matter, and about this bank or about all."""
    (entry, bank), named = instance, ruling.facts.get("instance")
    meant = named is None or banks.goes_by(bank, named, sight.pages)
    return meant and ruling.facts.get("matter") == entry["matter"]


def _reopened(ruling: Record, instances: Iterable[Instance], now: Sight) -> bool:
    """Whether a record that would make the matter apply, or says that it is done, came afterwards."""
    return any(
        record.recorded_at > ruling.recorded_at
        for instance in instances
        if _is_about(ruling, instance, now)
        for record in matters.about(*instance, now)
    )
