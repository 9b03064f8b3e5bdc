"""Cases, announcements and receipts as the plain documents that their Avro schemas describe."""

from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime
from typing import Any

from avro_schemas.catalogue import CasePart
from avro_schemas.typed_documents import (
    AnnouncementDocument,
    ApplicationEntryDocument,
    CaseDocument,
    ConflictDocument,
    DecisionEntryDocument,
    FormFieldDocument,
    LimitDocument,
    MaterialRequestDocument,
    MaterialStateDocument,
    MatterDocument,
    RecordEntryDocument,
    ResultEntryDocument,
    SourceDocument,
    TaskDocument,
)
from exchange.domain.form import Conflict, Filled, Form
from exchange.domain.matters.views import Limit, MaterialView, MatterView, Request
from exchange.domain.records.references import CaseRemark
from exchange.domain.values import Standing, Task
from exchange.domain.views import Announcement, Case
from exchange.domain.window_documents import appointments, enquiries, examinations, handovers
from verification.records import Record
from verification.remarks import Remark

Say = Callable[[CasePart, Hashable, Callable[..., Any], tuple[Any, ...]], Any]
"""Says a part of a case, or puts something in its place: kind, key, what makes it, and what it is made of.

The key tells the part from the others of its kind in the case.
"""


def _as_document(_: CasePart, __: Hashable, make: Callable[..., Any], of: tuple[Any, ...]) -> Any:
    return make(*of)


def instant(text: str) -> datetime:
    """Return the aware UTC datetime of an ISO instant as records hold it."""
    return datetime.fromisoformat(text)


def _perhaps(text: str | None) -> datetime | None:
    return None if text is None else instant(text)


def case_document(case: Case, say: Say = _as_document) -> CaseDocument:
    """Return the case as ``exchange.events.Case``.

    Args:
        case: The case.
        say: Says its parts; each follows from what this is given to make it of, and from nothing else.
    """
    forwards_to = case.persons.forwards_to
    return {
        "case_id": case.case_id,
        "death_established": bool(case.facts.death_proofs),
        "established_at": _perhaps(case.facts.established_at),
        "corroborated_by": list(case.corroborated_by),
        "forwards_to": None if forwards_to is None else forwards_to.case_id,
        "records": _records(case, say),
        "conflicts": [_conflict(conflict) for conflict in case.conflicts],
        "decisions": [_decision(decision, standing) for decision, standing in case.decisions],
        "matters": [_matter(view, case, say) for view in case.matters],
        "requests": [_request(request) for request in case.requests],
        "form": {
            "deceased": _section("deceased", case.form["deceased"], say),
            "applicant": _section("applicant", case.form["applicant"], say),
            "accounts": _section("accounts", case.form["accounts"], say),
        },
        "applications": [_application(record, form, say) for record, form in case.applications],
        "examinations": examinations(case),
        "handovers": handovers(case.facts),
        "appointments": appointments(case.facts),
        "enquiries": enquiries(case.facts),
    }


def announcement_document(announcement: Announcement, policy: str | None) -> AnnouncementDocument:
    """Return the announcement as ``exchange.events.Announcement``, made by that version of the policy."""
    return {
        "id": announcement.id,
        "case_id": announcement.case_id,
        "department": announcement.department,
        "matter": announcement.matter,
        "instance": announcement.instance,
        "county": announcement.county,
        "transition": announcement.transition,
        "at": instant(announcement.at),
        "correction": announcement.correction,
        "reminds_of": announcement.reminds_of,
        "due": announcement.due,
        "proofs": list(announcement.proofs),
        "draft": {name: filled(value) for name, value in announcement.draft.items()},
        "materials": [_material(material) for material in announcement.materials],
        "policy": policy,
    }


def task_document(task: Task, case_id: str) -> TaskDocument:
    """Return the task as ``exchange.events.Task``."""
    return {
        "task_id": task.task_id,
        "case_id": case_id,
        "kind": task.kind,
        "state": task.state,
        "owed_by": task.owed_by,
        "matter": task.matter,
        "instance": task.instance,
        "county": task.county,
        "subject": task.subject,
        "records": list(task.records),
        "opened_at": instant(task.opened_at),
        "due": _perhaps(task.due),
        "at": instant(task.at),
    }


def filled(field: Filled) -> FormFieldDocument:
    """Return a field of the form with its value, state and source."""
    return {
        "value": field.value,
        "state": field.state,
        "source": None if field.source is None else _source(field.source),
        "warnings": list(field.warnings),
    }


def _section(of: str, fields: Mapping[str, Filled], say: Say) -> dict[str, FormFieldDocument]:
    return {name: say("FormField", (of, name), filled, (field,)) for name, field in fields.items()}


def _application(record: Record, form: Form, say: Say) -> ApplicationEntryDocument:
    return {
        "record_id": record.record_id,
        "revision": record.revision,
        "recorded_at": instant(record.recorded_at),
        "matters": list(record.facts["matters"]),
        "channel": record.facts.get("channel"),
        "window": record.facts.get("window"),
        "delivery": record.facts.get("delivery"),
        "handler": record.facts.get("handler"),
        "applicant": _section(record.record_id, form["applicant"], say),
        "accounts": _section(record.record_id, form["accounts"], say),
    }


def _source(record: Record) -> SourceDocument:
    return {
        "department": record.department,
        "record_id": record.record_id,
        "revision": record.revision,
        "recorded_at": instant(record.recorded_at),
    }


def _records(case: Case, say: Say) -> list[RecordEntryDocument]:
    facts, in_force, moved_to = case.facts, case.facts.counting, case.persons.moved_to
    return [
        say(
            "RecordEntry",
            name := entry.record.record_id,
            _record_entry,
            (
                entry.record,
                name in in_force,
                name in facts.held,
                moved_to.get(name),
                facts.duplicate_of.get(name),
                case.remarks.get(name, ()),
            ),
        )
        for entry in case.taken
    ]


def _record_entry(
    record: Record,
    in_force: bool,
    held: bool,
    moved_to: str | None,
    duplicate_of: str | None,
    remarks: tuple[Remark | CaseRemark, ...],
) -> RecordEntryDocument:
    return {
        "record_id": record.record_id,
        "type": record.type,
        "action": record.action,
        "revision": record.revision,
        "supersedes": record.supersedes,
        "department": record.department,
        "county": record.county,
        "recorded_at": instant(record.recorded_at),
        "in_force": in_force,
        "held": held,
        "moved_to": moved_to,
        "duplicate_of": duplicate_of,
        "backfill": record.backfill,
        "warnings": [{"code": remark.code, "field": remark.field} for remark in remarks],
    }


def _decision(decision: Record, standing: Standing) -> DecisionEntryDocument:
    return {
        "record_id": decision.record_id,
        "kind": decision.facts["kind"],
        "standing": standing,
        "matter": decision.facts.get("matter"),
        "instance": decision.facts.get("instance"),
        "in_favour_of": decision.facts.get("in_favour_of"),
        "handler": decision.facts["handler"],
        "reason": decision.facts["reason"],
        "recorded_at": instant(decision.recorded_at),
    }


def _conflict(conflict: Conflict) -> ConflictDocument:
    return {
        "rule": conflict.rule,
        "decisive": conflict.decisive,
        "field": conflict.field,
        "matter": conflict.matter,
        "instance": conflict.instance,
        "values": [
            {
                "value": value,
                "record_id": record.record_id,
                "department": record.department,
                "recorded_at": instant(record.recorded_at),
            }
            for value, record in conflict.values
        ],
    }


def _matter(view: MatterView, case: Case, say: Say) -> MatterDocument:
    place = (view.matter, view.instance)
    dues = tuple([case.dues.get((place, one.application.record_id)) for one in view.applications])
    matter: MatterDocument = say(
        "Matter", place, _matter_entry, (view, case.materials[view.matter], case.limits.get(place), dues)
    )
    return matter


def _matter_entry(
    view: MatterView,
    materials: tuple[MaterialView, ...],
    limit: Limit | None,
    dues: tuple[date | None, ...],
) -> MatterDocument:
    return {
        "matter": view.matter,
        "instance": view.instance,
        "department": view.department,
        "state": view.state,
        "waiting_for": [
            {
                "prerequisite": wanted.prerequisite,
                "owed_by": list(wanted.owed_by),
                "since": _perhaps(wanted.since),
            }
            for wanted in view.waiting_for
        ],
        "materials": [_material(material) for material in materials],
        "due": None if limit is None else limit.due,
        "limit": None if limit is None else _limit(limit),
        "results": [_result(result) for result in view.results],
        "proofs": list(view.proof_ids),
        "recovery": view.recovery,
        "way_out": view.way_out,
        "applications": [
            {
                "record_id": one.application.record_id,
                "state": one.state,
                "due": due,
                "result": None if one.result is None else _result(one.result),
                "way_out": one.way_out,
                "held_back": one.held_back,
            }
            for one, due in zip(view.applications, dues, strict=True)
        ],
    }


def _material(material: MaterialView) -> MaterialStateDocument:
    return {
        "kind": material.kind,
        "state": material.state,
        "proof": None if material.proof is None else material.proof.record_id,
        "sha256": material.sha256,
        "original_sighted": material.original_sighted,
        "required": material.required,
        "standing": material.standing,
    }


def _request(request: Request) -> MaterialRequestDocument:
    return {
        "kind": request.kind,
        "state": request.state,
        "needs": [
            {"matter": need.matter, "original": need.original, "annex_2_row": need.annex_2_row}
            for need in request.needs
        ],
        "standing": request.standing,
    }


def _limit(limit: Limit) -> LimitDocument:
    return {
        "state": limit.state,
        "applied_at": instant(limit.applied_at),
        "working_days": limit.working_days,
        "days_left": limit.days_left,
        "owed_materials": list(limit.owed),
        "returned": limit.returned,
        "asked_back": limit.asked_back,
    }


def _result(result: Record) -> ResultEntryDocument:
    return {
        "record_id": result.record_id,
        "department": result.department,
        "recorded_at": instant(result.recorded_at),
        "outcome": result.facts["outcome"],
        "reason": result.facts.get("reason"),
        "amount_fen": result.facts.get("amount_fen"),
        "document_no": result.facts.get("document_no"),
        "to_correct": list(result.facts.get("to_correct") or ()),
        "answer": list(result.facts.get("answer") or ()),
        "application": result.facts.get("application"),
        "handler": result.facts.get("handler"),
    }
