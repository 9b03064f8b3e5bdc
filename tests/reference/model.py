"""The reference model: from all records that the log took to what every case must say. Slow and plain.

Written from the specification and the policy files, not from the engine; compared with it by Hypothesis.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.reference import banks, choices, matters, rulings
from tests.reference.disputes import Dispute, disputes_of
from tests.reference.limits import corrections, due_days
from tests.reference.matters import Sight, Stage
from tests.reference.pages import Pages
from tests.reference.papers import Published
from tests.reference.persons import AMENDMENTS_DIFFER, NO_CODES, Person, forwards_to, persons_of
from tests.reference.progress import ANNOUNCED, Matter, matters_of, sights_of
from tests.reference.sharing import shared

MatterKey = tuple[int, str | None]


@dataclass(frozen=True)
class PersonModel:
    """What the case of one key must say.

    Attributes:
        warnings: record id → what is remarkable in the name on it, if anything is.
        in_force: ids of the records that count and no later state has overtaken, duplicates of a fact too.
        held: record id → why it is put aside.
        moved_to: record id → key of the case where it counts instead.
        conflicts: names of the rules that are open.
        decisions: record id → standing.
        matters: (matter, instance) → state, whether it is to be recovered, what it waits for.
        ways_out: (matter, instance) → what somebody can do instead.
        applications: (matter, instance) → id, state and last result of each application.
        told_applicants: (matter, instance) → what each of those who apply can do instead.
        due: (matter, instance) → last day of the limit; None for a case that gave or took records.
        strange_banks: matter and instance of each bank that nobody knows, and what it is called.
        corrections: matter, instance and record id of each result that asks to put something right.
        standing: (matter, instance, department) → transition and proofs of what stands announced.
        certificates: kind of material → how its certificate stands, if that came and does not count.
        shared: (matter, instance, department) → what of the draft only some departments may see.
        signed: department and announcement of every acknowledgement that counts.
        reissued: a revoked record, and one that took its place so soon that it corrects it.
    """

    death_established: bool
    warnings: Mapping[str, tuple[str, ...]]
    in_force: frozenset[str]
    held: Mapping[str, frozenset[str]]
    moved_to: Mapping[str, str]
    forwards_to: str | None
    conflicts: frozenset[str]
    decisions: Mapping[str, str]
    matters: Mapping[MatterKey, tuple[str, bool, frozenset[str]]]
    ways_out: Mapping[MatterKey, str | None]
    applications: Mapping[MatterKey, tuple[tuple[str, str, str | None], ...]]
    told_applicants: Mapping[MatterKey, tuple[tuple[str, str | None], ...]]
    due: Mapping[MatterKey, date | None] | None
    corrections: frozenset[tuple[int, str | None, str]]
    strange_banks: frozenset[tuple[int, str | None, str]]
    standing: Mapping[tuple[int, str | None, str], tuple[str, frozenset[str]]]
    certificates: Mapping[int, str | None]
    shared: Mapping[tuple[int, str | None, str], Mapping[str, str | None]]
    signed: frozenset[tuple[str, str]]
    reissued: frozenset[tuple[str, str]]


def model(published: Iterable[Published], pages: Pages) -> dict[str, PersonModel]:
    """What every case must say, by partition key, once the log has taken these records in whatever order."""
    everything = list(published)
    persons = persons_of(everything, pages)
    return {key: _person_model(person, pages) for key, person in persons.items()}


def _person_model(person: Person, pages: Pages) -> PersonModel:
    disputes = disputes_of(person, pages)
    sights = sights_of(person, disputes, pages)
    found = [matter for entry in pages.matters for matter in matters_of(entry, sights, person)]
    return PersonModel(
        death_established=sights.now.death,
        warnings={
            record.record_id: ("name_with_gaps",)
            for record in person.seen()
            if choices.is_damaged(record.name)
        },
        in_force=_in_force(person, sights.now, pages),
        held=_held(person),
        moved_to=person.away,
        forwards_to=forwards_to(person, pages),
        conflicts=_open(disputes, person, found),
        decisions=rulings.standings(person, disputes, [(m.entry, m.bank) for m in found], sights.now),
        matters={
            (m.entry["matter"], m.instance): (m.stage.state, m.recovery, _waiting(m.stage)) for m in found
        },
        ways_out={(m.entry["matter"], m.instance): m.way_out for m in found},
        applications={(m.entry["matter"], m.instance): m.applications for m in found},
        told_applicants={(m.entry["matter"], m.instance): m.told for m in found},
        due=due_days(person, found, pages),
        corrections=corrections(person, found, sights.now),
        strange_banks=_strange_banks(found, sights.now),
        standing=_standing(found, person),
        certificates=_certificates(person, sights.now, pages),
        shared={(m.entry["matter"], m.instance, m.department): shared(m, sights.now) for m in found},
        signed=frozenset(
            (record.department, record.facts["announcement_id"])
            for record in person.live()
            if record.type == "acknowledgement"
        ),
        reissued=_reissued(person, pages),
    )


def _certificates(person: Person, now: Sight, pages: Pages) -> dict[int, str | None]:
    """Of the proof of death and the social card: held, in conflict or revoked, if none counts."""
    types = {4: pages.proofs, 5: ("social_insurance",)}
    found: dict[int, str | None] = {}
    for kind, of in types.items():
        came = [placed for placed in person.here if placed.paper.last.record.type in of]
        counting = [placed for placed in came if placed.paper.live and not placed.codes]
        if counting and (now.death or kind != 4):
            found[kind] = None
        elif any(placed.codes for placed in came):
            found[kind] = "HELD"
        elif counting:
            found[kind] = "IN_CONFLICT"
        else:
            found[kind] = "REVOKED" if came else None
    return found


def _in_force(person: Person, now: Sight, pages: Pages) -> frozenset[str]:
    """What counts, and with each word the others that say the same in its place."""
    found = frozenset(record.record_id for record in now.in_force(*pages.facts))
    return found.union(*(placed.paper.twins for placed in person.here if placed.paper.twins & found))


def _standing(
    found: Iterable[Matter], person: Person
) -> dict[tuple[int, str | None, str], tuple[str, frozenset[str]]]:
    """What must stand announced; a matter whose proofs are all history was never told."""
    history = {record.record_id for record in person.seen() if record.backfill}
    standing = {}
    for matter in found:
        if matter.stage.state in ANNOUNCED and not (matter.untold or matter.stage.proofs <= history):
            transition = "RECOVERY" if matter.recovery else matter.stage.state
            key = (matter.entry["matter"], matter.instance, matter.department)
            standing[key] = (transition, matter.stage.proofs)
    return standing


def _strange_banks(found: Iterable[Matter], now: Sight) -> frozenset[tuple[int, str | None, str]]:
    """The banks that the policy does not have and that still matter."""
    over = (matters.NOT_APPLICABLE, matters.COMPLETED)
    return frozenset(
        (one.entry["matter"], one.instance, one.instance or "")
        for one in found
        if now.death and banks.is_strange(one.bank) and one.stage.state not in over
    )


def _reissued(person: Person, pages: Pages) -> frozenset[tuple[str, str]]:
    """Records of documents that the log first took within the time after the end of one of their kind."""
    papers = [placed.paper for placed in person.here]
    soon = timedelta(minutes=pages.correction_minutes)
    pairs = set()
    for former in (paper for paper in papers if not paper.live):
        ended = _taken_at(former.last)
        for paper in papers:
            issued = _taken_at(paper.members[0])
            if paper.live and paper.kind == former.kind and ended <= issued <= ended + soon:
                pairs |= {(old, new) for old in former.ids for new in paper.ids}
    return frozenset(pairs)


def _taken_at(one: Published) -> datetime:
    return datetime.fromisoformat(one.taken_at)


def _waiting(stage: Stage) -> frozenset[str]:
    """What a matter waits for; one that is done waits for nothing."""
    return stage.missing if stage.state in (matters.WAITING, matters.SUSPENDED) else frozenset()


def _held(person: Person) -> dict[str, frozenset[str]]:
    held: dict[str, frozenset[str]] = {}
    for placed in (one for one in person.here if one.codes):
        for word in placed.paper.rivals or [placed.paper.last]:
            by_itself = NO_CODES if placed.linked else frozenset(word.held)
            together = by_itself | {AMENDMENTS_DIFFER}
            held[word.record.record_id] = together if placed.differ and not placed.aside else placed.codes
    return held


def _open(disputes: Iterable[Dispute], person: Person, found: Iterable[Matter]) -> frozenset[str]:
    rules = {str(one.rule["rule"]) for one in disputes if one.open}
    if any(placed.names_disagree for placed in person.here):
        rules.add("name_differs")
    if any(AMENDMENTS_DIFFER in placed.codes for placed in person.here):
        rules.add(AMENDMENTS_DIFFER)
    if any("choice_of_applicant" in matter.stage.missing for matter in found):
        rules.add("applicants_differ")
    return frozenset(rules)
