"""Where each matter of a case stands, once what has fallen and what handlers decided are looked at."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tests.reference import banks, choices, matters, rulings
from tests.reference.banks import Bank
from tests.reference.contests import applicants, choices_of, last_choice
from tests.reference.disputes import Dispute
from tests.reference.matters import Sight, Stage
from tests.reference.pages import Entry, Pages
from tests.reference.persons import Person
from tests.reference.rulings import Instance
from verification.records import Record

ANNOUNCED = (matters.READY, matters.APPLIED, matters.ACCEPTED, matters.REJECTED, matters.COMPLETED)

CONTESTED = (matters.WAITING, matters.APPLIED, matters.ACCEPTED, matters.SUSPENDED)
"""What several people can still want."""


@dataclass(frozen=True)
class Matter:
    """One matter of one case, all things considered."""

    entry: Entry
    bank: Bank | None
    department: str
    stage: Stage
    recovery: bool = False
    applications: tuple[tuple[str, str, str | None], ...] = ()
    untold: bool = False
    way_out: str | None = None
    told: tuple[tuple[str, str | None], ...] = ()

    @property
    def instance(self) -> str | None:
        """The bank, by the first of its names."""
        return matters.instance_of(self.bank)


@dataclass(frozen=True)
class Sights:
    """A case looked at in three ways.

    Attributes:
        now: as it is.
        unhindered: if no conflict were open and nothing held.
        before: if, besides, nothing had been revoked or lost.
        money_held: whether what corroborates the death contradicts its proof too much to pay anybody.
        money_let_go: ids of the decisions that settled that.
    """

    now: Sight
    unhindered: Sight
    before: Sight
    money_held: bool
    money_let_go: frozenset[str]


def sights_of(person: Person, disputes: Iterable[Dispute], pages: Pages) -> Sights:
    """The three ways to look at a case."""
    disputes = list(disputes)
    decisive = [one for one in disputes if one.holds("death")]
    of_money = [one for one in disputes if one.holds("money_matters")]
    unestablished = any(one.open for one in decisive)
    settling = frozenset(one.ruling.record_id for one in decisive if one.settled and one.ruling)

    decided, since, revisions = choices_of(person), person.first_recorded(), person.revisions()
    right = {
        paper.found_right.facts["in_favour_of"]: paper.found_right.record_id
        for paper in person.papers()
        if paper.found_right
    }
    standing = person.as_if_standing(pages)
    believed = choices.best_proof((r for r in standing if r.type in pages.proofs), pages.proofs)

    def sight(records: list[Record], hindered: bool) -> Sight:
        death = any(record.type in pages.proofs for record in records) and not hindered
        known = (believed, settling, decided, since, right, revisions)
        return Sight(person.key, tuple(records), death, pages, *known)

    return Sights(
        now=sight(person.live(), unestablished),
        unhindered=sight(person.live_but_for_holds(), False),
        before=sight(standing, False),
        money_held=any(one.open for one in of_money),
        money_let_go=frozenset(one.ruling.record_id for one in of_money if one.settled and one.ruling),
    )


def matters_of(entry: Entry, sights: Sights, person: Person) -> list[Matter]:
    """A matter, once per bank if it is about banks; a bank with nothing left is nobody's."""
    instances = [(entry, bank) for bank in matters.banks_of(entry, sights.before)]
    known = [bank for bank in matters.banks_of(entry, sights.now) if bank]
    found = [_matter(instance, instances, sights, person) for instance in instances]
    left = [
        matter
        for matter in found
        if matter.bank is None
        or matter.stage.state in (*ANNOUNCED, matters.SUSPENDED)
        or any(banks.are_one(matter.bank, one) for one in known)
    ]
    return left or [_matter((entry, None), [(entry, None)], sights, person)]


def _matter(instance: Instance, instances: Sequence[Instance], sights: Sights, person: Person) -> Matter:
    entry, bank = instance
    now, unhindered, before = (
        _stage(instance, instances, sight) for sight in (sights.now, sights.unhindered, sights.before)
    )
    stage, recovery = now, now.in_vain
    if _has_fallen(now, before, sights) and not _is_asked_for_anew(instance, now, sights, person):
        live = {record.record_id for record in sights.now.records}
        if before.state == matters.COMPLETED and all(r.record_id in live for r in before.finished_by):
            stage, recovery = before, bool(unhindered.missing - before.missing)
        else:
            stage, recovery = Stage(matters.SUSPENDED, now.missing), False
    untold = matters.is_nowhere(*instance, sights.now)
    way_out = None if stage is before else matters.way_out(entry, bank, sights.now, now)
    stage = _between_applicants(stage, instance, sights.now)
    stage = _until_dates_agree(stage, entry, sights)
    stage = rulings.held_or_released(stage, instance, sights.now)
    department = _department(entry, stage, person)
    lacking = now.missing if stage.state == matters.COMPLETED else frozenset[str]()
    applications = tuple(_applications(stage, lacking, instance, sights))
    asked = {one for one, state, _ in applications if state in ANNOUNCED}
    if stage.state == matters.COMPLETED and choices.results_count(entry):
        late = [one for one in matters.desk(*instance, sights.now).late if one in asked]
        said = {result for one, _, result in applications if one in late and result}
        stage = replace(stage, proofs=stage.proofs | said.union(late))
    told = tuple(_told(applications, stage, instance, sights.now))
    return Matter(entry, bank, department, stage, recovery, applications, untold, way_out, told)


def _told(
    applications: Iterable[tuple[str, str, str | None]], stage: Stage, instance: Instance, now: Sight
) -> Iterator[tuple[str, str | None]]:
    """What each applicant can do instead: who is not meant, and who was not chosen."""
    entry, _ = instance
    counted = {one.record_id for one in matters.applying(*instance, now)}
    made = {one.record_id: one for one in now.of("application")}
    for name, state, _ in applications:
        rule = entry.get("entitled")
        if stage.state == matters.NOT_APPLICABLE or state == matters.COMPLETED:
            yield name, None
        elif rule and not matters.is_entitled(made[name], rule, now):
            yield name, rule["way_out"]
        else:
            yield name, None if name in counted else "another_applicant"


def _applications(
    stage: Stage, lacking: frozenset[str], instance: Instance, sights: Sights
) -> Iterator[tuple[str, str, str | None]]:
    """Each application with its state and the last result that answers it."""
    (entry, bank), now = instance, sights.now
    desk, counted = matters.desk(*instance, now), matters.applying(*instance, now)
    waiting = [one for one in counted if desk.state.get(one.record_id) not in ("COMPLETED", "REJECTED")]
    is_money = entry["matter"] in now.pages.money_matters
    late = [one for one in matters.unanswered(*instance, now)]
    kept = bool(lacking) or rulings.is_held(instance, now)
    kept = kept or (is_money and (sights.money_held or len(applicants(late)) > 1))
    for one in sorted(matters.about_bank(now.asking(entry), entry, bank, now), key=choices.by_time):
        answer = desk.answer.get(one.record_id)
        if one not in counted:
            state = matters.NOT_APPLICABLE
        elif not choices.results_count(entry):
            state = stage.state
        elif one not in waiting:
            state = desk.state[one.record_id]
        elif stage.state not in ANNOUNCED:
            state = stage.state
        elif kept:
            state = matters.SUSPENDED
        else:
            state = matters.ACCEPTED if desk.state[one.record_id] == matters.ACCEPTED else matters.APPLIED
        yield one.record_id, state, answer.record_id if answer else None


def _between_applicants(stage: Stage, instance: Instance, now: Sight) -> Stage:
    """A stage as it is where several people want the matter, or did until a handler chose."""
    entry, _ = instance
    wanting = matters.unanswered(*instance, now)
    if not wanting or stage.state not in CONTESTED:
        return stage
    if len(applicants(wanting)) > 1:
        if entry["matter"] not in now.pages.money_matters:
            asking = frozenset(one.record_id for one in wanting)
            open_now = stage.state in (matters.APPLIED, matters.ACCEPTED)
            return replace(stage, proofs=stage.proofs | asking) if open_now else stage
        state = matters.WAITING if stage.state == matters.WAITING else matters.SUSPENDED
        return Stage(state, stage.missing | {"choice_of_applicant"}, stage.proofs)
    last = last_choice(entry, now.asking(entry), now.choices)
    if last is None or stage.state not in ANNOUNCED:
        return stage
    return replace(stage, proofs=stage.proofs | {last.ruling.record_id})


def _until_dates_agree(stage: Stage, entry: Entry, sights: Sights) -> Stage:
    """A stage as it is while nobody may be paid; what is paid stays paid."""
    is_money = entry["matter"] in sights.now.pages.money_matters
    if not is_money or stage.state in (matters.COMPLETED, matters.NOT_APPLICABLE):
        return stage
    if sights.money_held:
        state = matters.WAITING if stage.state == matters.WAITING else matters.SUSPENDED
        return Stage(state, stage.missing | {"settlement"}, stage.proofs)
    going_on = stage.state in ANNOUNCED
    return replace(stage, proofs=stage.proofs | sights.money_let_go) if going_on else stage


def _stage(instance: Instance, instances: Sequence[Instance], sight: Sight) -> Stage:
    """Where the matter stands in one sight, decisions that it does not apply included."""
    stage = matters.stage_of(*instance, sight)
    apart = rulings.set_apart(instance, instances, sight)
    if apart:
        stage = Stage(matters.NOT_APPLICABLE, proofs=apart, finished_by=stage.finished_by)
    believed = sight.believed is not None
    if stage.state == matters.NOT_APPLICABLE and choices.done_in_vain(bool(stage.finished_by), believed):
        done = frozenset(record.record_id for record in stage.finished_by)
        stage = replace(stage, state=matters.COMPLETED, proofs=stage.proofs | done, in_vain=True)
    return _with_rulings(stage, sight)


def _with_rulings(stage: Stage, sight: Sight) -> Stage:
    """The decisions by which a proof counts rather than its rivals are also proofs."""
    rulings = {ruling for right, ruling in sight.found_right.items() if right in stage.proofs}
    return replace(stage, proofs=stage.proofs | rulings)


def _has_fallen(now: Stage, before: Stage, sights: Sights) -> bool:
    """Whether a matter that had begun has lost what it rested on."""
    if now.state == matters.NOT_APPLICABLE or now.in_vain or before.state not in ANNOUNCED:
        return False
    lost_death = sights.before.death and not sights.now.death
    return bool(now.missing - before.missing) or now.state == matters.WAITING or lost_death


def _is_asked_for_anew(instance: Instance, now: Stage, sights: Sights, person: Person) -> bool:
    """Whether somebody applied after all that had completed it was revoked, and that alone opens it."""
    entry, _ = instance
    if not matters.is_asked_for_first(entry, now.state):
        return False
    papers = [one.paper for one in person.here if one.paper.type in entry["done_by"]["record"]]
    applied = [one.recorded_at for one in matters.applying(*instance, sights.now)]
    return all(not paper.live and paper.last.record.recorded_at < max(applied) for paper in papers)


def _department(entry: Entry, stage: Stage, person: Person) -> str:
    """The department that decides: the one named first, unless another decides on this kind of proof."""
    instead = entry.get("decides_instead", {})
    types = [person.type_of(proof) for proof in sorted(stage.proofs)]
    return str(next((instead[kind] for kind in types if kind in instead), entry["decides"]))
