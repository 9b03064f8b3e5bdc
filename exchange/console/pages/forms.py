"""One page for the forms of all actions: as the desk draws them, with what was typed and what is wrong in it.

A field is named by how it is typed and by its question, `text.reason`: so what is sent can be read by itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from litestar.datastructures import FormMultiDict

from consumers.labels.words import department_words, for_people
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import label, render
from exchange.desk.actions.amounts import UnreadableAnswerError, fen_of
from exchange.desk.actions.applications import ORIGINALS
from exchange.desk.actions.applications import TYPE as APPLICATION
from exchange.desk.actions.changes import ConcernChange
from exchange.desk.actions.drawn import DrawnForm, FormQuestion, FormSubject, SubjectEntry
from exchange.desk.actions.table import FORMS
from exchange.desk.actions.words import PARTS, choice_words, question_words, reason_words, subject_words
from exchange.domain.policy import Policy
from exchange.serving.problems import ProblemError
from topics.labels import Labels, Words
from verification.reasons import Reason
from verification.shapes import EVENT_TIME, field_at
from verification.times import SHANGHAI, calendar_date

LABELS: Final = Labels(__file__)
_EFFECTS: Final = LABELS.table("effects")
"""Action → what it does, where its name does not say so."""
_LONG: Final = frozenset({"reason", "text", "reply"})
_OURS: Final = ("record_id", "recorded_at", "version")
_SUBJECT: Final = "subject."
SHANGHAI_OFFSET: Final = "+08:00"
_TIMES: Final[Mapping[str, str]] = {"instant": "instant", EVENT_TIME: "day"}
"""Kind of a field in the schema → how a time is typed."""
_KEPT_KINDS: Final = frozenset({"text", "texts", "one", "several", "yes_no", "fen", *_TIMES.values()})
_USUAL: Final[Mapping[str, Sequence[str]]] = {"channel": ("WINDOW",), "delivery": ("WINDOW",)}
"""What is chosen until somebody chooses otherwise."""
Posted = Mapping[str, Sequence[str]]
"""What a form has sent: name of a field → its values."""


class ChoiceView(NamedTuple):
    """A choice, in words, and whether it is chosen; of a material, how it stands, where that is clear."""

    value: str
    name: str
    chosen: bool
    standing: str = ""


@dataclass(frozen=True, slots=True)
class FieldView:
    """A question as a field of the page.

    ``mark`` says when it may be left out, ``least`` is the first moment that may be chosen, if any.
    """

    id: str
    name: str
    kind: str
    label: Words
    needed: bool
    mark: str
    choices: tuple[ChoiceView, ...]
    value: str
    wrong: str
    long: bool
    least: str


class WrongField(NamedTuple):
    """Something to put right: the field's question, and what is said of it."""

    name: str
    told: Words


def posted_in(form: FormMultiDict) -> Posted:
    """Return what a form has sent."""
    posted: dict[str, list[str]] = {}
    for name, value in form.items():
        posted.setdefault(name, []).append(value)
    return posted


def wrong_fields(
    wrong: Iterable[WrongField | Reason], form: DrawnForm, policy: Policy
) -> tuple[WrongField, ...]:
    """Return what is to be put right in a form, by the names that its fields have on the page."""
    return tuple(_wrong_field(one, form, policy) if isinstance(one, Reason) else one for one in wrong)


def _wrong_field(reason: Reason, form: DrawnForm, policy: Policy) -> WrongField:
    record_type = FORMS[form.action].becomes(form.subject)
    asked = next((one.name for one in form.questions if _id_of(one.name) == _id_of(reason.field)), None)
    if asked is None or reason.code != "field_missing":
        return WrongField(reason.field, reason_words(reason, record_type, policy))
    name = question_words(record_type, asked, policy)
    return WrongField(asked, LABELS["missing"].filled(name=name))


@dataclass(frozen=True)
class FormSheetView:
    """A drawn form, what was typed into it, and what is to be put right.

    Attributes:
        form: as the desk drew it.
        posted: what was typed.
        wrong: what cannot stand.
        changes: what has changed in the case since it was drawn before.
        entry: what the case says of the record that it is about.
        name: of the deceased, as the visitor may read it; None: nobody knows it.
    """

    form: DrawnForm
    posted: Posted = field(default_factory=dict, repr=False)
    wrong: tuple[WrongField, ...] = ()
    changes: tuple[ConcernChange, ...] = ()
    entry: SubjectEntry | None = None
    name: str | None = None


def form_page(frame: Frame, sheet: FormSheetView) -> str:
    """Return the page of a form."""
    form, values = sheet.form, sheet_values(frame, sheet)
    fields = {one.name: one for one in values["fields"]}
    originals = fields.pop(ORIGINALS, None)  # stands beside each of the materials
    return render(
        "forms",
        frame,
        form=form,
        title=label(f"case.actions.{form.action}"),
        effect=_EFFECTS.get(form.action),
        name=sheet.name,
        subject=subject_line(frame, form.subject, sheet.entry),
        originals=originals,
        **{**values, "fields": [*fields.values()]},
    )


def sheet_values(frame: Frame, sheet: FormSheetView) -> dict[str, Any]:
    """Return what every page of a form shows of it: fields, what names it, what is wrong or another."""
    fields = [_field(frame, sheet, one) for one in sheet.form.questions]
    ids = {one.id for one in fields}
    told = [(_id_of(one.name), frame.naming.say(one.told)) for one in sheet.wrong]
    return {
        "hidden": _hidden(sheet.form),
        "fields": fields,
        "wrong": [(id if id in ids else "", line) for id, line in told],
        "changes": [("", change_line(frame, one)) for one in sheet.changes],
    }


def change_line(frame: Frame, change: ConcernChange) -> str:
    """Return what has changed in a case, by whom and when."""
    part = PARTS.get(change.part, Words(change.part, change.part))
    if change.by is None or change.at is None:
        return frame.naming.say(part)
    by = department_words(for_people(change.by), frame.policy)
    return frame.naming.say(LABELS["change_by"].filled(part=part, by=by, at=frame.naming.moment(change.at)))


def answers_in(posted: Posted) -> tuple[dict[str, Any], tuple[WrongField, ...]]:
    """Return what was typed, as answers of the desk's, and what of it is no answer."""
    answers: dict[str, Any] = {}
    wrong: list[WrongField] = []
    for name, values in posted.items():
        kind, _, question = name.partition(".")
        given = [one.strip() for one in values if one.strip()]
        if kind not in _KEPT_KINDS or not given:
            continue
        try:
            answers[question] = _answer(kind, given)
        except UnreadableAnswerError:
            wrong.append(WrongField(question, LABELS["amount_unreadable"]))
    return answers, tuple(wrong)


def _answer(kind: str, given: list[str]) -> Any:
    if kind == "several":
        return given
    first = given[0]
    if kind == "texts":
        return [line.strip() for line in first.splitlines() if line.strip()]
    if kind == "yes_no":
        return first == "yes"
    if kind == "instant":
        return f"{first}{SHANGHAI_OFFSET}"
    return fen_of(first) if kind == "fen" else first


def drawn_in(posted: Posted, action: str, case_id: str) -> DrawnForm:
    """Return the form that was sent; its questions are the desk's to ask.

    Raises:
        ProblemError: it is none that was drawn.
    """
    try:
        one = {name: posted[name][0] for name in _OURS}
        given = {
            name.removeprefix(_SUBJECT): values[0]
            for name, values in posted.items()
            if name.startswith(_SUBJECT)
        }
        at = datetime.fromisoformat(one["recorded_at"])
        subject = _subject_of(given)
    except (KeyError, IndexError, TypeError, ValueError):
        raise ProblemError("request_wrong", 400) from None
    return DrawnForm(action, case_id, one["record_id"], at, one["version"], subject, ())


def _subject_of(given: Mapping[str, str]) -> FormSubject:
    matter = given.get("matter")
    texts = {name: value for name, value in given.items() if name != "matter" and value}
    return FormSubject(int(matter) if matter else None, **texts)


def _hidden(form: DrawnForm) -> dict[str, str]:
    """Return what names the form: sent again, it is the same record."""
    subject = {
        f"{_SUBJECT}{name}": str(value) for name, value in form.subject._asdict().items() if value is not None
    }
    at = form.recorded_at.isoformat()
    return {"record_id": form.record_id, "recorded_at": at, "version": form.version, **subject}


def subject_line(frame: Frame, subject: FormSubject, entry: SubjectEntry | None = None) -> str:
    """Return what a form is about, in words; empty: the whole case. Nobody knows a record by its id."""
    said_by_entry = () if entry is None else ("kind", "department")
    left = {"application", "record", "announcement", *said_by_entry}
    parts = (
        (name, value) for name, value in subject._asdict().items() if value is not None and name not in left
    )
    own = [_subject_part(frame, name, value) for name, value in parts]
    return frame.naming.listed([*own, *(_entry_parts(frame, entry) if entry else ())])


def _subject_part(frame: Frame, name: str, value: Any) -> str:
    if name == "instance":
        return frame.naming.bank(value)
    if name == "department":
        return frame.naming.department(value)
    return frame.naming.say(subject_words(name, value, frame.policy))


def _entry_parts(frame: Frame, entry: SubjectEntry) -> Iterator[str]:
    yield _record_line(frame, entry.type, entry.department, entry.recorded_at)
    if entry.matters:
        yield frame.naming.say(
            LABELS["of_matters"].filled(matters=frame.naming.listed(map(str, entry.matters)))
        )
    yield from map(for_people, filter(None, entry.shown.values()))


def _record_line(frame: Frame, record_type: str, department: str, at: datetime) -> str:
    naming = frame.naming
    return f"{naming.record(record_type)} {naming.department(department)} {naming.moment(at)}"


def _field(frame: Frame, sheet: FormSheetView, question: FormQuestion) -> FieldView:
    record_type = FORMS[sheet.form.action].record_type
    kind = _kind(frame, record_type, question)
    # A browser sends nothing of boxes that are not ticked: of a form that was sent, they were not.
    posted = sheet.posted.get(f"{kind}.{question.name}", () if "record_id" in sheet.posted else None)
    told = [frame.naming.say(one.told) for one in sheet.wrong if _id_of(one.name) == _id_of(question.name)]
    return FieldView(
        id=_id_of(question.name),
        name=question.name,
        kind=kind,
        label=LABELS["amount"] if kind == "fen" else question_words(record_type, question.name, frame.policy),
        needed=question.needed,
        mark=_mark(frame, sheet.form, question),
        choices=tuple(_choices(frame, question, posted)),
        value=(posted or ("",))[0],
        wrong=frame.naming.joined(dict.fromkeys(told)),
        long=kind == "texts" or question.name.rpartition(".")[2] in _LONG,
        least=_to_the_minute(sheet.form.recorded_at) if question.ahead else "",
    )


def _mark(frame: Frame, form: DrawnForm, question: FormQuestion) -> str:
    """Return what is said of a question that may be left out, always or but for one answer to another."""
    if question.needed:
        return ""
    name, value = question.needed_where or ("", "")
    other = next((one for one in form.questions if one.name == name), None)
    if other is None:
        return frame.naming.say(LABELS["optional"])
    named = question_words(FORMS[form.action].record_type, name, frame.policy)
    choice = choice_words(other, value, frame.policy)
    return frame.naming.say(LABELS["needed_where"].filled(name=named, choice=choice))


def _to_the_minute(moment: datetime) -> str:
    """Return a moment as a browser's field has it, by the clock of China."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"


def _kind(frame: Frame, record_type: str, question: FormQuestion) -> str:
    """Return how a question is typed: moments and days have fields of their own."""
    if question.kind != "text":
        return question.kind
    try:
        known = field_at(record_type, question.name, frame.policy.schemas)
    except KeyError:
        return "text"
    return _TIMES.get(known.kind, "text")


def _choices(frame: Frame, question: FormQuestion, posted: Sequence[str] | None) -> Iterator[ChoiceView]:
    usual = question.choices if question.all_by_default else _USUAL.get(question.name, ())
    chosen = usual if posted is None else posted
    for value in question.choices:
        entry = question.entries.get(value)
        name = (
            _entry_choice(frame, entry)
            if entry
            else frame.naming.say(choice_words(question, value, frame.policy))
        )
        yield ChoiceView(value, name, value in chosen, question.standing.get(value, ""))


def _entry_choice(frame: Frame, entry: SubjectEntry) -> str:
    """Return a record to choose: an application by its day, applicant and matters; a result by its matter."""
    naming = frame.naming
    if entry.type != APPLICATION:
        line = _record_line(frame, entry.type, entry.department, entry.recorded_at)
        return naming.joined((*naming.matters(entry.matters), line))
    about = {
        "day": naming.day(calendar_date(entry.recorded_at)),
        "name": naming.joined(map(for_people, entry.shown.values())),
        "matters": naming.listed(naming.matters(entry.matters)),
    }
    return naming.say(LABELS["application"].filled(**about))


def _id_of(name: str) -> str:
    """Return the id of a question's field; an element of a list is its list's."""
    return "f-" + name.partition("[")[0].replace(".", "-")
