"""Holds a world against the reference model: case by case, and what stands announced."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from consumers.history.past import CasePast
from tests.cases import Given
from tests.reference.model import PersonModel, model
from tests.reference.pages import read_pages
from tests.reference.papers import Published
from tests.reference.persons import AMENDMENTS_DIFFER
from tests.reference.sharing import COUNTY, ONLY

Document = Mapping[str, Any]
Persons = Mapping[str, PersonModel]
REMINDERS = ("DUE_SOON", "OVERDUE")
TAKEN_BACK = ("SUSPENDED", "RECOVERY")
FIELDS = frozenset(ONLY.values())
OF_TIME = ("DECIDE", "KEEP_APPOINTMENT", "ANSWER_ENQUIRY")
"""These tasks do not follow from the records alone, or are the window's with itself."""
BESIDE = ("corrections_asked_again", "reference_unknown")
"""Remarks that the model does not make: `tests/domain/test_window.py` does."""


class WorldLike(Protocol):
    """What the machine needs of a world: tests.world has one with the engine in it."""

    @property
    def published(self) -> Sequence[Published]:
        """What the log took, the first of each record id."""

    @property
    def announcements(self) -> Sequence[Document]:
        """All that departments were told, in order."""

    @property
    def tasks(self) -> Mapping[str, Document]:
        """The last of every task."""

    @property
    def now(self) -> datetime:
        """The log's time."""

    @property
    def past(self) -> CasePast:
        """What looks back at cases."""

    @property
    def encoded(self) -> Mapping[str, bytes]:
        """The last of every case, byte for byte, by case id."""

    def publish(self, record: Given) -> str:
        """Publish and say how the receipt has it."""

    def restart(self) -> None:
        """Crash and begin again."""

    def tick(self, at: datetime | None = None) -> None:
        """Let time pass."""

    def case(self, key: str) -> Any:
        """The case of a key as last published."""

    def case_id(self, key: str) -> str:
        """The case's id."""

    def replayed(self) -> "WorldLike":
        """The whole log again, from nothing."""


def expected_of(published: Iterable[Published]) -> Persons:
    """What the model says, by key, once the log has taken these records."""
    return model(published, read_pages())


def differences(world: WorldLike, expected: Persons) -> list[str]:
    """Everything in which a world is not what the model says; nothing, it is to be hoped."""
    return [line for key, person in expected.items() for line in _in_case(world, key, person)]


def differences_then(world: WorldLike, moment: datetime) -> list[str]:
    """The same of what a look back shows, by what the log had taken by a moment."""
    taken = [one for one in world.published if datetime.fromisoformat(one.taken_at) <= moment]
    then = expected_of(taken)
    return [line for key in then for line in _in_past(world, key, then, moment)]


def wrong_marks(world: WorldLike, expected: Persons, since: int) -> list[str]:
    """Announcements, from one on, that are marked as corrections and are none, or the other way round.

    Only of cases that neither gave nor took records: in the others a step has stages.
    """
    marks = {
        world.case_id(key): person.reissued for key, person in expected.items() if person.due is not None
    }
    before = {_addressee(one): one["proofs"] for one in _lasting(world.announcements[:since])}
    wrong = []
    for one in _lasting(world.announcements[since:]):
        former = before.get(_addressee(one), ())
        if one["case_id"] in marks and one["transition"] not in TAKEN_BACK:
            pairs = marks[one["case_id"]]
            marked = any((old, new) in pairs for old in former for new in one["proofs"])
            wrong += [f"{one['id']}: correction: not {marked}"] if one["correction"] != marked else []
        before[_addressee(one)] = one["proofs"]
    return wrong


def wrong_shares(world: WorldLike, expected: Persons, since: int) -> list[str]:
    """Announcements, from one on, in which somebody sees what it may not see, or not what it may.

    Only of what the last record brought about, and of cases that neither gave nor took records: a draft is as
    things stand when it is sent.
    """
    persons = {world.case_id(key): person for key, person in expected.items() if person.due is not None}
    last = max((datetime.fromisoformat(one.taken_at) for one in world.published), default=None)
    wrong = []
    for one in _lasting(world.announcements[since:]):
        if one["at"] == last and one["case_id"] in persons and one["transition"] not in TAKEN_BACK:
            wanted = persons[one["case_id"]].shared[_addressee(one)[1:]]
            drafted = {name: one["draft"][name]["value"] for name in FIELDS if name in one["draft"]}
            found = {COUNTY: one[COUNTY], **drafted}
            wrong += [f"{one['id']}: {_apart(found, wanted)}"] if found != wanted else []
    return wrong


def _lasting(announcements: Iterable[Document]) -> list[Document]:
    return [one for one in announcements if one["transition"] not in REMINDERS]


def repeated_ids(announcements: Sequence[Document]) -> list[str]:
    """Ids that were announced again after something else had been said of the same matter."""
    said: dict[tuple[Any, ...], list[str]] = {}
    for one in announcements:
        if one["transition"] not in REMINDERS:
            said.setdefault(_addressee(one), []).append(one["id"])
    return [name for ids in said.values() for at, name in enumerate(ids) if name in ids[: max(at - 1, 0)]]


def _in_case(world: WorldLike, key: str, person: PersonModel) -> Iterator[str]:
    case = world.case(key)
    if case is None:
        yield f"{key}: no case"
        return
    yield from _unlike(key, _found(world, key, case), _wanted(world, key, person))


def _in_past(world: WorldLike, key: str, then: Persons, moment: datetime) -> Iterator[str]:
    goal = key
    while (further := then[goal].forwards_to) is not None:
        goal = further
    case = world.past.as_of(key, world.case_id(key), moment).case
    found = _found_in_case(case) if case else {}
    wanted = _wanted_in_case(world, then[goal])
    yield from _unlike(f"{key} at {moment}", found, wanted)


def _unlike(key: str, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    for name in wanted:
        if wanted[name] != found.get(name) and not (name == "due" and wanted[name] is None):
            yield f"{key}: {name}: {_apart(found.get(name), wanted[name])}"


def _wanted(world: WorldLike, key: str, person: PersonModel) -> dict[str, Any]:
    return {
        **_wanted_in_case(world, person),
        "held": {record_id: codes - {AMENDMENTS_DIFFER} for record_id, codes in person.held.items()},
        "standing": person.standing,
        "tasks": {**_tasks_of_model(person), **_acknowledgements(world, world.case_id(key), person)},
    }


def _wanted_in_case(world: WorldLike, person: PersonModel) -> dict[str, Any]:
    ids = {record_id: world.case_id(key) for record_id, key in person.moved_to.items()}
    return {
        "death_established": person.death_established,
        "warnings": person.warnings,
        "in_force": {record_id: True for record_id in person.in_force},
        "moved_to": ids,
        "forwards_to": person.forwards_to and world.case_id(person.forwards_to),
        "conflicts": {rule: True for rule in person.conflicts},
        "decisions": person.decisions,
        "matters": person.matters,
        "ways_out": person.ways_out,
        "applications": person.applications,
        "told_applicants": person.told_applicants,
        "due": person.due,
        "certificates": person.certificates,
    }


def _found(world: WorldLike, key: str, case: Document) -> dict[str, Any]:
    open_tasks = [task for task in world.tasks.values() if _is_open(task, case["case_id"])]
    return {
        **_found_in_case(case),
        "held": _held(case["records"], open_tasks),
        "standing": _standing(world.announcements, world.case_id(key)),
        "tasks": {_task(task): True for task in open_tasks if task["kind"] not in OF_TIME},
    }


def _found_in_case(case: Document) -> dict[str, Any]:
    records = case["records"]
    return {
        "death_established": case["death_established"],
        "warnings": {e["record_id"]: _codes(e) for e in records if _codes(e)},
        "in_force": {entry["record_id"]: True for entry in records if entry["in_force"]},
        "moved_to": {entry["record_id"]: entry["moved_to"] for entry in records if entry["moved_to"]},
        "forwards_to": case["forwards_to"],
        "conflicts": {conflict["rule"]: True for conflict in case["conflicts"]},
        "decisions": {ruling["record_id"]: ruling["standing"] for ruling in case["decisions"]},
        "matters": {(m["matter"], m["instance"]): _matter(m) for m in case["matters"]},
        "ways_out": {(m["matter"], m["instance"]): m["way_out"] for m in case["matters"]},
        "applications": {(m["matter"], m["instance"]): _applications(m) for m in case["matters"]},
        "told_applicants": {
            (m["matter"], m["instance"]): tuple((a["record_id"], a["way_out"]) for a in m["applications"])
            for m in case["matters"]
        },
        "due": {(m["matter"], m["instance"]): m["due"] for m in case["matters"]},
        "certificates": _certificates(case),
    }


def _certificates(case: Document) -> dict[int, str | None]:
    """Of the proof of death and the social card, as any matter has it: nobody here hands them in."""
    materials = (one for matter in case["matters"] for one in matter["materials"])
    return {one["kind"]: one["standing"] for one in materials if one["kind"] in (4, 5)}


def _applications(matter: Document) -> tuple[tuple[str, str, str | None], ...]:
    return tuple(
        (one["record_id"], one["state"], one["result"] and one["result"]["record_id"])
        for one in matter["applications"]
    )


def _codes(entry: Document) -> tuple[str, ...]:
    return tuple(one["code"] for one in entry["warnings"] if one["code"] not in BESIDE)


def _matter(matter: Document) -> tuple[str, bool, frozenset[str]]:
    waiting = frozenset(one["prerequisite"] for one in matter["waiting_for"])
    return matter["state"], matter["recovery"], waiting


def _held(records: Sequence[Document], open_tasks: Sequence[Document]) -> dict[str, frozenset[str]]:
    """Which records are held; why, only the tasks say that ask for a look at them."""
    codes: dict[str, set[str]] = {entry["record_id"]: set() for entry in records if entry["held"]}
    for task in open_tasks:
        if task["kind"] == "IDENTIFY_PERSON":
            for record_id in task["records"]:
                codes.setdefault(record_id, set()).add(task["subject"])
    return {record_id: frozenset(found) for record_id, found in codes.items()}


def _is_open(task: Document, case_id: str) -> bool:
    return bool(task["case_id"] == case_id and task["state"] != "DONE")


def _task(task: Document) -> tuple[Any, ...]:
    if task["kind"] == "RECOVER":
        return "RECOVER", task["matter"], task["instance"]
    if task["kind"] in ("CORRECT", "IDENTIFY_BANK"):
        return task["kind"], task["matter"], task["instance"], task["subject"]
    return task["kind"], task["owed_by"], task["subject"]


def _tasks_of_model(person: PersonModel) -> dict[tuple[Any, ...], bool]:
    """What is owed follows from the case; names are a question of persons."""
    recover = [("RECOVER", *key) for key, (_, recovery, _) in person.matters.items() if recovery]
    rules = person.conflicts - {"name_differs"}
    codes = {code for codes in person.held.values() for code in codes} - {AMENDMENTS_DIFFER}
    reopened = {ruling for ruling, standing in person.decisions.items() if standing == "REOPENED"}
    named = (("RESOLVE_CONFLICT", rules), ("IDENTIFY_PERSON", codes), ("REVIEW_DECISION", reopened))
    asked = [(kind, "service_centre", subject) for kind, subjects in named for subject in subjects]
    correct = [("CORRECT", *one) for one in person.corrections]
    banks = [("IDENTIFY_BANK", *one) for one in person.strange_banks]
    return dict.fromkeys([*recover, *asked, *correct, *banks], True)


def _acknowledgements(world: WorldLike, case_id: str, person: PersonModel) -> dict[tuple[Any, ...], bool]:
    """What was taken back stays owed until the department that was told has signed for it."""
    taken_back = [
        (one["department"], one["id"])
        for one in world.announcements
        if one["case_id"] == case_id and one["transition"] in TAKEN_BACK
    ]
    return {("ACKNOWLEDGE", *told): True for told in taken_back if told not in person.signed}


def _standing(announcements: Sequence[Document], case_id: str) -> dict[tuple[Any, ...], Any]:
    """The last that each department was told of each matter, except what was withdrawn."""
    last = {
        _addressee(one)[1:]: (one["transition"], frozenset(one["proofs"]))
        for one in announcements
        if one["case_id"] == case_id and one["transition"] not in REMINDERS
    }
    return {addressee: said for addressee, said in last.items() if said[0] != "SUSPENDED"}


def _addressee(one: Document) -> tuple[Any, ...]:
    return one["case_id"], one["matter"], one["instance"], one["department"]


def _apart(found: Any, wanted: Any) -> str:
    """Both sides, without what they have in common."""
    if not (isinstance(found, Mapping) and isinstance(wanted, Mapping)):
        return f"{found!r}, the model {wanted!r}"
    names = [name for name in {**found, **wanted} if found.get(name) != wanted.get(name)]
    return "; ".join(f"{name}: {found.get(name)!r}, the model {wanted.get(name)!r}" for name in names)
