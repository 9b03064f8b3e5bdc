"""Whoever has published a record in error withdraws it (撤销): what rested on it is as it was before.

A department withdraws what it said of a matter, the window what it published itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from avro_schemas.typed_documents import ApplicationEntryDocument, CaseDocument
from exchange.desk.actions.applications import place_at_the_window
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.kinds import FormKind, Questions
from exchange.desk.actions.places import place_of_matter
from exchange.desk.actions.results import matter_of
from exchange.desk.actions.versions import in_place_of, latest
from exchange.domain.access.may import WorkPlace
from exchange.domain.identity.links import LINK_KINDS
from exchange.domain.policy import Policy

_OF_A_RESULT: Final = ("outcome", "application")
_OF_THE_WINDOW: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "application": ("applications", ("matters",)),
    "examination": ("examinations", ("application",)),
    "handover": ("handovers", ("results", "delivery", "postal_no")),
    "appointment": ("appointments", ("scheduled_at", "place")),
    "enquiry": ("enquiries", ("text",)),
    "decision": ("decisions", ("kind", "matter", "instance", "in_favour_of", "reason")),
}
"""Record type → where the case has such records, and what of them none can do without."""


def _results(document: CaseDocument, _: Policy) -> tuple[FormSubject, ...]:
    return tuple(
        FormSubject(
            matter["matter"],
            matter["instance"],
            department=result["department"],
            record=result["record_id"],
        )
        for matter in document["matters"]
        for result in matter["results"]
    )


def _place_of_result(document: CaseDocument, subject: FormSubject, policy: Policy) -> WorkPlace:
    """Return where a matter belongs, for the department that spoke: another may decide it by now."""
    matter = matter_of(document, subject)
    if matter is None:
        return {}
    # One that is withdrawn by now is no result of the matter any more, and may be withdrawn once again.
    records = (one for one in document["records"] if one["type"] == "result")
    said_by = {one["record_id"]: one["department"] for one in (*records, *matter["results"])}
    if subject.record not in said_by:
        return {}
    return {**place_of_matter(document, matter, policy), "department": said_by[subject.record]}


def _result(document: CaseDocument, subject: FormSubject) -> Mapping[str, object]:
    matter = matter_of(document, subject)
    about = {"matter": subject.matter, "instance": subject.instance}
    said = _own(matter["results"] if matter else (), subject)
    return {**_taken_back(document, subject), **about, **_only(said, _OF_A_RESULT)}


def _windows(document: CaseDocument, policy: Policy) -> tuple[FormSubject, ...]:
    """Return what the window can withdraw; a person is unlinked by a decision, as she was linked."""
    return tuple(
        FormSubject(kind=kind, department=policy.window, record=one["record_id"])
        for kind in _OF_THE_WINDOW
        for one in _entries(document, kind)
        if one.get("kind") not in LINK_KINDS
    )


def _entries(document: CaseDocument, kind: str) -> Iterable[Mapping[str, Any]]:
    lists: Mapping[str, Any] = document
    entries: Iterable[Mapping[str, Any]] = lists[_OF_THE_WINDOW[kind][0]]
    return entries


def _place_of_windows_record(document: CaseDocument, subject: FormSubject, policy: Policy) -> WorkPlace:
    """Return where the window's own record belongs; of any other nowhere: the window cannot withdraw it."""
    return place_at_the_window(document, subject, policy) if subject.kind in _OF_THE_WINDOW else {}


def _windows_record(document: CaseDocument, subject: FormSubject) -> Mapping[str, object]:
    kind = subject.kind or ""
    kept = _only(_own(_entries(document, kind), subject), _OF_THE_WINDOW[kind][1])
    applied = (one for one in document["applications"] if one["record_id"] == subject.record)
    return {**_taken_back(document, subject), **kept, **_applicant(next(applied, None))}


def _applicant(application: ApplicationEntryDocument | None) -> Mapping[str, object]:
    """Return who applied: an application that is taken back says whose it was."""
    if application is None:
        return {}
    fields = application["applicant"].items()
    return {"applicant": {name: one["value"] for name, one in fields if one["value"] is not None}}


def _taken_back(document: CaseDocument, subject: FormSubject) -> Mapping[str, object]:
    return in_place_of(document, subject.record, "REVOKED")


def _own(entries: Iterable[Mapping[str, Any]], subject: FormSubject) -> Mapping[str, Any]:
    return next((one for one in entries if one["record_id"] == subject.record), {})


def _only(entry: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, object]:
    return {name: _as_json(value) for name, value in entry.items() if name in names}


def _as_json(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _no_questions(_document: CaseDocument, _subject: FormSubject, _policy: Policy) -> Questions:
    return ()


def _last_version(document: CaseDocument, subject: FormSubject) -> Mapping[str, object]:
    return {"records": latest(document, subject.record or "")}


def _nothing_typed(_subject: FormSubject, _typed: Mapping[str, Any]) -> Mapping[str, object]:
    return {}


WITHDRAW: Final = FormKind(
    "withdraw",
    "",
    _windows,
    _place_of_windows_record,
    _no_questions,
    _last_version,
    _nothing_typed,
    once=True,
    replaces=_windows_record,
)
WITHDRAW_RESULT: Final = replace(
    WITHDRAW,
    action="withdraw_result",
    record_type="result",
    subjects=_results,
    place=_place_of_result,
    replaces=_result,
)
