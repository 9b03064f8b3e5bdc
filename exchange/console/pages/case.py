"""The page of a case: who waits for whom since when, with the proof beside it; materials, and its course."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from avro_schemas.typed_documents import (
    CaseDocument,
    ConflictDocument,
    FormFieldDocument,
    MatterDocument,
    RecordEntryDocument,
    ResultEntryDocument,
    TaskDocument,
)
from consumers.family.next_steps import FAMILY, NextStep, next_steps
from consumers.labels.next_steps import ASKS, acting_words, material_step_words, wanted_words
from consumers.labels.results import answer_words, detail_words, to_correct_words
from consumers.labels.rulings import DECISION_KINDS, TASK_KINDS, conflict_words
from consumers.labels.words import (
    ACTIONS,
    FIELD_STATES,
    STATES,
    department_words,
    field_words,
    for_people,
    material_words,
    way_out_words,
    words,
)
from exchange.console.pages.frame import Frame
from exchange.console.pages.naming import Naming
from exchange.console.pages.parts import OWED_MATERIALS, READY, DueView, due_of, proofs_of_death, stand_in
from exchange.console.pages.rendering import render
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.words import CODES
from exchange.desk.look import LookResult
from exchange.domain.case_disclosure import recipient_of
from exchange.domain.matters.views import OVER
from exchange.domain.policy import Policy
from topics.labels import Labels, Words
from verification.times import calendar_date

LABELS: Final = Labels(__file__)
LANES: Final = LABELS.table("lanes")
"""Who acts next, in the order of the page."""
_STEPS: Final = LABELS.table("steps")
_STANDING: Final = LABELS.table("standing")
_ACTIONS: Final = LABELS.table("actions")
_OF_MATTERS: Final = frozenset({"accept", "return", "result", "correct", "withdraw_result"})
_LEADING: Final = ("name", "id_number", "sex")
"""What of the deceased stands at the top; the rest is among the fields of the form."""


class WaitView(NamedTuple):
    """Who is waited for, for what, and since when."""

    who: str
    what: str
    since: datetime | None


class LinkView(NamedTuple):
    """A way to a form: what it is called, and its address."""

    name: Words
    address: str


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter on the page; ``id`` is where links jump to."""

    id: str
    matter: int
    name: str
    department: str
    state: str
    lane: str
    waits: tuple[WaitView, ...]
    told: tuple[str, ...]
    due: DueView | None
    proofs: tuple[RecordEntryDocument, ...]
    links: tuple[LinkView, ...]


class MaterialLine(NamedTuple):
    """A material, once for all matters that want it, and those that still do; ``by``: what does for it."""

    kind: int
    name: Words
    state: str
    wanted_by: tuple[int, ...]
    by: Words | None


class EventView(NamedTuple):
    """A record of the case as something that happened."""

    entry: RecordEntryDocument
    action: Words
    standing: Words | None
    told: tuple[str, ...]
    solid: bool


class AppointmentView(NamedTuple):
    """When and where somebody is expected or visited, how and who; ``over``: the day has passed."""

    at: datetime
    place: str
    told: tuple[str, ...]
    over: bool


class TaskView(NamedTuple):
    """What is owed in the case; ``announcement``: what the visitor's own department is to acknowledge."""

    task: TaskDocument
    kind: Words
    department: str
    matter: str
    announcement: str


@dataclass(frozen=True)
class CaseSight:
    """A case as it is shown to a visitor, and on which day.

    Attributes:
        found: as the desk shows it.
        menu: actions that have a form, and about what.
        day: today, or the day as of which it is seen (Asia/Shanghai).
        moment: the moment as of which it is seen; None: now.
        unmasked: whether numbers are in full.
    """

    found: LookResult
    menu: tuple[tuple[str, FormSubject], ...]
    day: date
    moment: datetime | None = None
    unmasked: bool = False


def case_page(frame: Frame, sight: CaseSight) -> str:
    """Return the page of a case."""
    page = _CasePage(frame, sight)
    matters = tuple(page.matters())
    document = page.document
    return render(
        "case",
        frame,
        document=document,
        sight=sight,
        deceased=document["form"]["deceased"],
        proofs=proofs_of_death(document, frame.policy),
        lanes=[(name, [one for one in matters if one.lane == code]) for code, name in LANES.items()],
        matters=matters,
        links=page.links(),
        tasks=list(page.tasks()),
        materials=list(page.materials()),
        events=list(page.events()),
        sections=list(page.sections()),
        applicants=list(page.applicants()),
        appointments=list(page.appointments()),
        conflicts=document["conflicts"],
        conflict_name=page.conflict_name,
        whole=page.to is None,
        field_state=lambda one: words(FIELD_STATES, one["state"]),
    )


@dataclass(frozen=True)
class _CasePage:
    frame: Frame
    sight: CaseSight

    @property
    def document(self) -> CaseDocument:
        return self.sight.found.case

    @property
    def policy(self) -> Policy:
        return self.frame.policy

    @property
    def naming(self) -> Naming:
        return self.frame.naming

    @property
    def to(self) -> str | None:
        """The department that sees its part; None of who sees the whole."""
        recipient = recipient_of(self.frame.kept, self.policy)
        return None if recipient is None else recipient.name

    @property
    def entries(self) -> Mapping[str, RecordEntryDocument]:
        return {one["record_id"]: one for one in self.document["records"]}

    def conflict_name(self, conflict: ConflictDocument) -> Words:
        field = field_words(conflict["field"], self.policy)
        return conflict_words(conflict["rule"], self.policy) if conflict["rule"] else field

    # what stands in the lanes

    def matters(self) -> Iterator[MatterLine]:
        steps = next_steps(self.document, self.policy, self.sight.day)
        seen: dict[int, int] = {}
        for matter, following in zip(self.document["matters"], steps, strict=True):
            number = matter["matter"]
            at = seen[number] = seen.get(number, 0) + 1
            yield self._matter(f"m{number}" if at == 1 else f"m{number}-{at}", matter, following)

    def _matter(self, anchor: str, matter: MatterDocument, steps: list[NextStep]) -> MatterLine:
        state = "RECOVERY" if matter["recovery"] else matter["state"]
        proofs = (self.entries.get(one) for one in matter["proofs"])
        return MatterLine(
            id=anchor,
            matter=matter["matter"],
            name=self.naming.matter(matter["matter"], matter["instance"]),
            department=self.naming.department(matter["department"]),
            state=state,
            lane=lane_of(matter, steps, self.to or self._window),
            waits=tuple(self._waits(matter["matter"], steps)),
            told=tuple(self._told(matter)),
            due=due_of(matter["due"], self._days_left(matter)),
            proofs=tuple(one for one in proofs if one is not None),
            links=tuple(self._links_of(matter)),
        )

    @property
    def _window(self) -> str:
        return self.policy.window if self.frame.at_window else ""

    def _days_left(self, matter: MatterDocument) -> int | None:
        if matter["due"] is None:
            return matter["limit"]["days_left"] if matter["limit"] else None
        return self.policy.working_days.until(matter["due"], self.sight.day)

    def _waits(self, number: int, steps: list[NextStep]) -> Iterator[WaitView]:
        """Yield what is waited for, once for each who has to act."""
        for who in dict.fromkeys(tuple(step["acts"]) for step in steps):
            own = [step for step in steps if tuple(step["acts"]) == who]
            sinces = [step["since"] for step in own if step["since"]]
            names = (self.naming.say(acting_words(code, self.policy)) for code in who)
            what = dict.fromkeys(self.naming.say(self._step(step, number)) for step in own)
            yield WaitView(self.naming.listed(names), self.naming.joined(what), min(sinces, default=None))

    def _step(self, step: NextStep, number: int) -> Words:
        if step["material"] is not None:
            return material_step_words(step, number, self.policy)
        if step["what"] in ASKS:
            return ASKS[step["what"]]
        return wanted_words(step, self.policy) if step["prerequisite"] else words(_STEPS, step["what"])

    def _told(self, matter: MatterDocument) -> Iterator[str]:
        """Yield what was said of a matter last, and the way out where there is one."""
        if matter["results"]:
            last = max(matter["results"], key=lambda one: one["recorded_at"])
            by = department_words(last["handler"] or last["department"], self.policy).first(
                self.naming.language
            )
            outcome = self.naming.say(words(STATES, last["outcome"]))
            yield f"{outcome} {self.naming.moment(last['recorded_at'])} {for_people(by)}"
            yield from result_lines(last, self.naming)
        if matter["way_out"]:
            yield self.naming.say(way_out_words(matter["way_out"], self.policy))

    # what can be done

    def links(self) -> list[LinkView]:
        """Return the ways to the forms that are about the whole case."""
        actions = dict.fromkeys(action for action, _ in self.sight.menu if action not in _OF_MATTERS)
        return [
            LinkView(_ACTIONS[action], self._address(action, FormSubject(), self._ready(action)))
            for action in actions
        ]

    def _ready(self, action: str) -> tuple[int, ...]:
        """Return the matters that are ticked already where an application is taken."""
        ready = (one["matter"] for one in self.document["matters"] if one["state"] == READY)
        return tuple(dict.fromkeys(ready)) if action == "apply" else ()

    def _links_of(self, matter: MatterDocument) -> Iterator[LinkView]:
        own = matter["matter"], matter["instance"]
        actions = dict.fromkeys(
            action
            for action, subject in self.sight.menu
            if action in _OF_MATTERS and (subject.matter, subject.instance) == own
        )
        yield from (LinkView(_ACTIONS[name], self._address(name, FormSubject(*own))) for name in actions)

    def _address(self, action: str, subject: FormSubject, ticked: tuple[int, ...] = ()) -> str:
        path = f"/cases/{self.document['case_id']}/forms/{action}"
        return self.frame.addresses.page(path, **subject._asdict(), tick=ticked)

    def tasks(self) -> Iterator[TaskView]:
        """Yield what is owed, the oldest first."""
        for task in self.sight.found.tasks:
            if task["state"] != "DONE" and task["kind"] != "DECIDE":
                mine = (
                    task["owed_by"] == self.to
                    and task["kind"] == "ACKNOWLEDGE"
                    and self.frame.may("acknowledge")
                )
                yield TaskView(
                    task,
                    words(TASK_KINDS, task["kind"]),
                    self.naming.department(task["owed_by"]),
                    self.naming.matter(task["matter"], task["instance"]) if task["matter"] else "",
                    task["subject"] if mine else "",
                )

    # what stands beside

    def materials(self) -> Iterator[MaterialLine]:
        """Yield each material once: owed if any matter still wants it.

        What was handed in for one matter is not wanting in another for which nobody has applied yet.
        """
        open_matters = [one for one in self.document["matters"] if one["state"] not in OVER]
        applied = _standings(one for one in open_matters if one["applications"])
        standings = _standings(open_matters) | applied
        supplied = {kind for kind, states in applied.items() if "supplied" in states.values()}
        for kind, states in sorted(standings.items()):
            state = next(
                (owed for owed in OWED_MATERIALS if owed in states.values()), next(iter(states.values()))
            )
            wanted = tuple(number for number, stands in states.items() if stands in OWED_MATERIALS)
            by = stand_in(kind, supplied, self.policy) if state == "supplied" else None
            yield MaterialLine(kind, material_words(kind, self.policy, wanted), state, wanted, by)

    def events(self) -> Iterator[EventView]:
        """Yield the records, the latest first."""
        results = {one["record_id"]: one for matter in self.document["matters"] for one in matter["results"]}
        settled = dict(self._settled())
        decisions = {one["record_id"]: one for one in self.document["decisions"]}
        for entry in sorted(self.document["records"], key=lambda one: one["recorded_at"], reverse=True):
            told: tuple[str, ...] = ()
            if result := results.get(entry["record_id"]):
                outcome = self.naming.say(words(STATES, result["outcome"]))
                lines = result_lines(result, self.naming)
                told = (
                    outcome,
                    settled.get(entry["record_id"], ""),
                    for_people(result["handler"] or ""),
                    *lines,
                )
            elif decision := decisions.get(entry["record_id"]):
                kind = self.naming.say(words(DECISION_KINDS, decision["kind"]))
                told = (kind, for_people(decision["handler"]), for_people(decision["reason"]))
            solid = entry["in_force"] and entry["type"] in self.policy.death.established_by
            standing = None if entry["record_id"] in settled else standing_of(entry)
            yield EventView(
                entry, words(ACTIONS, entry["action"]), standing, tuple(filter(None, told)), solid
            )

    def _settled(self) -> Iterator[tuple[str, str]]:
        """Yield the results on which a later one of the same matter followed, and what that says.

        They count no more, and nothing is wrong with them: one that was corrected or withdrawn is not listed.
        """
        for matter in self.document["matters"]:
            for one in matter["results"]:
                later = [it for it in matter["results"] if _follows(it, one) and self._counts(it)]
                if later and not self._counts(one):
                    last = max(later, key=lambda it: it["recorded_at"])
                    outcome = self.naming.say(words(STATES, last["outcome"]))
                    yield one["record_id"], self.naming.say(LABELS["settled_by"].filled(outcome=outcome))

    def _counts(self, result: ResultEntryDocument) -> bool:
        return result["record_id"] in self.entries and self.entries[result["record_id"]]["in_force"]

    def sections(self) -> Iterator[tuple[str, Sequence[tuple[str, FormFieldDocument]]]]:
        """Yield the parts of the form that are not empty: their names, and their fields by name."""
        for section in ("deceased", "accounts"):
            fields = self.document["form"][section]
            named = [
                (self.naming.say(field_words(f"{section}.{name}", self.policy)), field)
                for name, field in fields.items()
                if not (section == "deceased" and name in _LEADING)
            ]
            if named:
                yield section, named

    def appointments(self) -> Iterator[AppointmentView]:
        """Yield what was agreed with the family, the latest first."""
        for one in sorted(self.document["appointments"], key=lambda one: one["scheduled_at"], reverse=True):
            how = self.naming.say(words(CODES, one["channel"])) if one["channel"] else ""
            told = filter(None, (how, for_people(one["applicant_name"] or "")))
            over = calendar_date(one["scheduled_at"]) < self.sight.day
            yield AppointmentView(one["scheduled_at"], one["place"], tuple(told), over)

    def applicants(self) -> Iterator[tuple[str, str, datetime, str, str]]:
        """Yield who applied: name, relation, when, for what, and the application's record id."""
        for one in self.document["applications"]:
            name, relation = (
                for_people(field["value"]) if (field := one["applicant"].get(part)) and field["value"] else ""
                for part in ("name", "relation")
            )
            matters = self.naming.listed(map(str, one["matters"]))
            yield name, relation, one["recorded_at"], matters, one["record_id"]


def _follows(later: ResultEntryDocument, one: ResultEntryDocument) -> bool:
    """Say whether a result came after another, about the same application or about all."""
    about = {later["application"], one["application"]}
    return later["recorded_at"] > one["recorded_at"] and (None in about or len(about) == 1)


def _standings(matters: Iterable[MatterDocument]) -> dict[int, dict[int, str]]:
    """Return kind of material → matter → how it stands there."""
    standings: dict[int, dict[int, str]] = {}
    for one in matters:
        for paper in one["materials"]:
            standings.setdefault(paper["kind"], {})[one["matter"]] = paper["state"]
    return standings


def lane_of(matter: MatterDocument, steps: Iterable[NextStep], mine: str) -> str:
    """Return who acts next in a matter: `mine`, `family`, `departments`, `data` or `settled`.

    Args:
        matter: as the case has it.
        steps: what it still lacks.
        mine: the code of the visitor's department; empty: none.
    """
    taken = list(steps)
    acting = {code for step in taken for code in step["acts"]}
    if matter["state"] in OVER and not matter["recovery"]:
        return "settled"
    if mine in acting:
        return "mine"
    if FAMILY in acting:
        return "family"
    if any(step["what"] == "send" for step in taken):
        return "data"
    return "departments"


def standing_of(entry: RecordEntryDocument) -> Words | None:
    """Return why a record does not count, if so."""
    if entry["moved_to"] is not None:
        return _STANDING["moved"]
    if entry["held"]:
        return _STANDING["held"]
    if entry["duplicate_of"] is not None:
        return _STANDING["duplicate"]
    return None if entry["in_force"] else _STANDING["not_in_force"]


def result_lines(result: ResultEntryDocument, naming: Naming) -> Iterator[str]:
    """Yield what goes with a result: amount, document, reason, what is to be put right, what was found."""
    language = naming.language
    yield from detail_words(result["amount_fen"], result["document_no"], result["reason"], language)
    yield from to_correct_words(result, language)
    yield from answer_words(naming.joined(result["answer"]), language)
