"""The window amends an application that it has taken (变更申请): contact, delivery, materials.

All else stays as the log has it. So the form asks for what is to be changed, and shows nothing in full.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from avro_schemas.typed_documents import CaseDocument
from exchange.desk.actions.applications import ORIGINALS, TYPE, materials_of
from exchange.desk.actions.drawn import FormQuestion, FormSubject
from exchange.desk.actions.kinds import Questions
from exchange.desk.actions.places import place_of_application
from exchange.desk.actions.questions import question
from exchange.desk.actions.versions import in_place_of, latest
from exchange.desk.actions.window import EXAMINE, application_of, materials_asked
from exchange.domain.access.may import WorkPlace
from exchange.domain.policy import Policy

CONTACT: Final = ("applicant.phone", "applicant.residential_address", "applicant.registered_address")
_STAYS: Final = frozenset(
    {"issuer_name", "issuer_uscc", "certificate_no", "county", "backfill", "channel", "window", "delivery"}
    | {"applicant", "matters", "banks", "burial", "payee", "deceased_bank_card", "materials"}
)
"""All fields of an application but those that say which record it is, of whom, and who publishes it."""


def _place(document: CaseDocument, subject: FormSubject, policy: Policy) -> WorkPlace:
    """Return where the application belongs, by the version that stands: sent again, a form has made that."""
    standing = latest(document, subject.application or "")
    return place_of_application(document, standing, policy.window, policy)


def _questions(document: CaseDocument, subject: FormSubject, policy: Policy) -> Questions:
    papers = materials_asked(document, subject, policy)
    return (
        *(question(TYPE, name, policy) for name in (*CONTACT, "delivery")),
        question(TYPE, "materials", policy, kind="several", choices=papers),
        FormQuestion(ORIGINALS, "several", papers),
    )


def _concerns(document: CaseDocument, subject: FormSubject) -> Mapping[str, object]:
    application = application_of(document, subject)
    return {"applications": application and application["revision"]}


def _fields(_: FormSubject, typed: Mapping[str, Any]) -> Mapping[str, object]:
    changed = {name: value for name, value in typed.items() if name != ORIGINALS}
    papers = materials_of(typed.get("materials"), typed.get(ORIGINALS))
    return {**changed, "materials": papers} if papers else changed


def _replaced(document: CaseDocument, subject: FormSubject) -> Mapping[str, object]:
    return in_place_of(document, subject.application, "AMENDED")


def amended(before: Mapping[str, Any], changed: Mapping[str, Any]) -> Mapping[str, object]:
    """Return the fields of an application with what was changed in it; what is handed in now comes on top.

    Args:
        before: the record as the log has it.
        changed: the fields that the form makes of its answers.
    """
    stays = {name: value for name, value in before.items() if name in _STAYS}
    applicant = {**before["applicant"], **changed.get("applicant", {})}
    papers = _with(before["materials"] or (), changed.get("materials") or ())
    return {**stays, **changed, "applicant": applicant, "materials": papers or None}


def _with(before: Iterable[Mapping[str, Any]], added: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the materials: one that was named before is named anew with a file of its own alone."""
    sighted = {one.get("kind") for one in added if one.get("original_sighted")}
    papers = [
        {**one, "original_sighted": one["original_sighted"] or one["kind"] in sighted} for one in before
    ]
    known = {one["kind"] for one in papers}
    return [*papers, *(one for one in added if one.get("sha256") or one.get("kind") not in known)]


AMEND: Final = replace(
    EXAMINE,
    action="amend",
    record_type=TYPE,
    place=_place,
    questions=_questions,
    concerns=_concerns,
    fields=_fields,
    replaces=_replaced,
    amends=amended,
)
