"""The window examines (初审), hands out (出件), appoints (预约、上门), takes and answers enquiries (诉求)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from avro_schemas.typed_documents import ApplicationEntryDocument, CaseDocument
from exchange.desk.actions.applications import ORIGINALS, as_number, materials_of, place_at_the_window
from exchange.desk.actions.drawn import FormQuestion, FormSubject
from exchange.desk.actions.entries import application_entries, record_entries
from exchange.desk.actions.kinds import FormKind, Questions, nothing
from exchange.desk.actions.places import place_of_application
from exchange.desk.actions.questions import question
from exchange.desk.actions.results import OUTCOMES, is_closed_by_record
from exchange.desk.actions.versions import in_place_of, latest
from exchange.domain.access.may import WorkPlace
from exchange.domain.policy import Policy

_FROM_BEST: Final = ("verified_by_data", "supplied", "original_to_sight", "missing")
"""How a material may stand, from what asks least of the window to what asks most."""


def _applications(document: CaseDocument, _: Policy) -> tuple[FormSubject, ...]:
    return tuple(FormSubject(application=one["record_id"]) for one in document["applications"])


def _place(document: CaseDocument, subject: FormSubject, policy: Policy) -> WorkPlace:
    return place_of_application(document, subject.application, policy.window, policy)


def application_of(document: CaseDocument, subject: FormSubject) -> ApplicationEntryDocument | None:
    """Return the application that a form is about, if it is in force."""
    wanted = (one for one in document["applications"] if one["record_id"] == subject.application)
    return next(wanted, None)


def _what_was_seen(document: CaseDocument, subject: FormSubject, policy: Policy) -> Questions:
    """Ask for the materials of the matters that are applied for, originals, and what has to be put right."""
    papers = materials_asked(document, subject, policy)
    standing = dict(_standing(document, subject))
    return (
        question("examination", "materials", policy, kind="several", choices=papers, standing=standing),
        FormQuestion(ORIGINALS, "several", papers),
        question("examination", "to_correct", policy),
    )


def materials_asked(document: CaseDocument, subject: FormSubject, policy: Policy) -> tuple[str, ...]:
    """Return the kinds of material that the matters of an application ask for, as choices."""
    application = application_of(document, subject)
    matters = [policy.by_number[one] for one in (application["matters"] if application else ())]
    return tuple(map(str, sorted({paper.kind for matter in matters for paper in matter.materials})))


def _standing(document: CaseDocument, subject: FormSubject) -> Iterator[tuple[str, str]]:
    """Yield how each kind of material stands in all matters of an application, the worst of them.

    Of several applications nothing is told: what the case has may be another applicant's.
    """
    application = application_of(document, subject)
    if application is None or len(document["applications"]) > 1:
        return
    own = (one for one in document["matters"] if one["matter"] in application["matters"])
    states = {(paper["kind"], paper["state"]) for one in own for paper in one["materials"]}
    for kind in {kind for kind, _ in states}:
        yield str(kind), max((state for one, state in states if one == kind), key=_FROM_BEST.index)


def _examined(document: CaseDocument, subject: FormSubject) -> Mapping[str, object]:
    application = application_of(document, subject)
    seen = [one["record_id"] for one in document["examinations"] if one["application"] == subject.application]
    return {"applications": application and application["revision"], "examinations": seen}


def _examination(subject: FormSubject, typed: Mapping[str, Any]) -> Mapping[str, object]:
    papers = materials_of(typed.get("materials"), typed.get(ORIGINALS))
    seen = {"application": subject.application, "materials": papers or None}
    return {**{name: value for name, value in typed.items() if name != ORIGINALS}, **seen}


def _to_hand_out(document: CaseDocument) -> Iterator[str]:
    """Yield the results that end a matter and are not with the family yet."""
    handed_out = {one for handover in document["handovers"] for one in handover["results"]}
    for matter in document["matters"]:
        for result in matter["results"]:
            if result["outcome"] in OUTCOMES and result["record_id"] not in handed_out:
                yield result["record_id"]


def _counting(document: CaseDocument, policy: Policy) -> tuple[str, ...]:
    """Return those of them that count.

    One that was superseded is no paper to hand out, nor is any where a record ends the matter.
    """
    matters = [one for one in document["matters"] if not is_closed_by_record(one["matter"], policy)]
    own = {result["record_id"] for one in matters for result in one["results"]}
    own -= {one["record_id"] for one in document["records"] if not one["in_force"]}
    return tuple(one for one in _to_hand_out(document) if one in own)


def _if_any(document: CaseDocument, policy: Policy) -> tuple[FormSubject, ...]:
    return (FormSubject(),) if _counting(document, policy) else ()


def _how_it_goes_out(document: CaseDocument, _: FormSubject, policy: Policy) -> Questions:
    results = _counting(document, policy)
    return (
        question(
            *("handover", "results", policy),
            kind="several",
            choices=results,
            all_by_default=True,
            entries=record_entries(document),
        ),
        question("handover", "delivery", policy),
        question("handover", "postal_no", policy, needed_where=("delivery", "MAIL")),
        question("handover", "recipient_name", policy),
    )


def _handed_out(document: CaseDocument, _: FormSubject) -> Mapping[str, object]:
    return {
        "results": [*_to_hand_out(document)],
        "handovers": [one["record_id"] for one in document["handovers"]],
    }


def _when_and_where(document: CaseDocument, _: FormSubject, policy: Policy) -> Questions:
    asked = partial(question, "appointment", policy=policy)
    entries = application_entries(document)
    which = asked("application", kind="one", choices=tuple(entries), entries=entries)
    return (
        asked("scheduled_at", ahead=True),
        *map(asked, ("place", "channel")),
        *((which,) if entries else ()),
        *map(asked, ("applicant_name", "applicant_phone")),
    )


def _what_is_asked(_document: CaseDocument, _subject: FormSubject, policy: Policy) -> Questions:
    asked = partial(question, "enquiry", policy=policy)
    numbers = tuple(str(one.matter) for one in policy.matters)
    return asked("text"), asked("matter", kind="one", choices=numbers), asked("reply"), asked("closed_at")


def _any_time(_document: CaseDocument, _policy: Policy) -> tuple[FormSubject, ...]:
    return (FormSubject(),)


def _open_enquiries(document: CaseDocument, _: Policy) -> tuple[FormSubject, ...]:
    return tuple(
        FormSubject(record=one["record_id"]) for one in document["enquiries"] if one["closed_at"] is None
    )


def _what_is_answered(_document: CaseDocument, _subject: FormSubject, policy: Policy) -> Questions:
    return (
        question("enquiry", "reply", policy, needed=True),
        question("enquiry", "closed_at", policy),
    )


def _enquiry_answered(document: CaseDocument, subject: FormSubject) -> Mapping[str, object]:
    return {"enquiries": latest(document, subject.record or "")}


def _enquired(document: CaseDocument, subject: FormSubject) -> Mapping[str, object]:
    """Return which enquiry it is about, and what was asked: that stays."""
    current = latest(document, subject.record or "")
    asked = next(({**one} for one in document["enquiries"] if one["record_id"] == current), {})
    stays = {name: asked.get(name) for name in ("text", "matter")}
    return {**in_place_of(document, subject.record, "AMENDED"), **stays}


def _as_typed(_subject: FormSubject, typed: Mapping[str, Any]) -> Mapping[str, object]:
    return {name: as_number(value) if name == "matter" else value for name, value in typed.items()}


EXAMINE: Final = FormKind(
    "examine", "examination", _applications, _place, _what_was_seen, _examined, _examination
)
HAND_OUT: Final = replace(
    EXAMINE,
    action="hand_out",
    record_type="handover",
    subjects=_if_any,
    questions=_how_it_goes_out,
    concerns=_handed_out,
    fields=_as_typed,
)
APPOINT: Final = replace(
    HAND_OUT,
    action="appoint",
    record_type="appointment",
    subjects=_any_time,
    place=place_at_the_window,
    questions=_when_and_where,
    concerns=nothing,  # what is agreed or asked, is
    taken_here=True,
)
ENQUIRE: Final = replace(
    APPOINT,
    action="enquire",
    record_type="enquiry",
    questions=_what_is_asked,
)
REPLY: Final = replace(
    APPOINT,
    action="reply",
    record_type="enquiry",
    subjects=_open_enquiries,
    questions=_what_is_answered,
    concerns=_enquiry_answered,
    replaces=_enquired,
)
WINDOW_FORMS: Final = (EXAMINE, HAND_OUT, APPOINT, ENQUIRE, REPLY)
