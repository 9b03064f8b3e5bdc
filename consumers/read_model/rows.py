"""Cases, announcements and tasks as the JSON lines that the command line promises."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from avro_schemas.catalogue import Document
from avro_schemas.typed_documents import (
    AnnouncementDocument,
    ApplicationEntryDocument,
    CaseDocument,
    FormFieldDocument,
    TaskDocument,
)
from exchange.domain.form import APPLICATION_SECTIONS, FORM_SECTIONS, FormSection

if TYPE_CHECKING:  # with the policy, which most commands that print rows do without
    from consumers.family.next_steps import NextStep

CASE_FIELDS = (
    *("case_id", "death_established", "established_at", "corroborated_by", "forwards_to"),
    *("records", "conflicts", "decisions", "matters", "requests", "form", "applications"),
    *("examinations", "handovers", "appointments", "enquiries"),
)
APPLICATION_FIELDS = ("record_id", "revision", "recorded_at", "matters", "delivery", "handler")
"""What is listed about an application; its content is in the form."""
ANNOUNCEMENT_FIELDS = (
    *("id", "case_id", "department", "matter", "instance", "county", "transition", "at"),
    *("correction", "proofs", "reminds_of", "due", "draft", "materials", "policy"),
)
RESULT_FIELDS: Final[tuple[Literal["reason", "amount_fen", "document_no"], ...]] = (
    "reason",
    "amount_fen",
    "document_no",
)
TASK_FIELDS = (
    *("task_id", "case_id", "kind", "state", "owed_by", "matter", "instance", "county"),
    *("subject", "records", "opened_at", "due", "at"),
)


def case_row(
    document: CaseDocument, steps: Sequence[list["NextStep"]], tasks: Iterable[TaskDocument] = ()
) -> Document:
    """Return a case as `exchange case --json` prints it: instants ISO 8601 in UTC, dates YYYY-MM-DD.

    Args:
        document: the case, as ``exchange.events.Case``.
        steps: what each of its matters lacks, and who acts next.
        tasks: its tasks, done ones included, as ``exchange.events.Task``.
    """
    row = fields_of(document, CASE_FIELDS)
    form = {section: row["form"][section] for section in FORM_SECTIONS}
    applications = [{name: one[name] for name in APPLICATION_FIELDS} for one in row["applications"]]
    matters = [
        one | {"next_steps": plain(following)} for one, following in zip(row["matters"], steps, strict=True)
    ]
    return row | {
        "matters": matters,
        "form": form,
        "applications": applications,
        "tasks": [task_row(task) for task in tasks],
    }


def announcement_row(document: AnnouncementDocument) -> Document:
    """Return an announcement as `exchange follow --json` prints it."""
    return fields_of(document, ANNOUNCEMENT_FIELDS)


def task_row(document: TaskDocument) -> Document:
    """Return a task as `exchange tasks --json` prints it."""
    return fields_of(document, TASK_FIELDS)


def shown_fields(document: CaseDocument) -> tuple[str, ...]:
    """Return the names, never the values, of the fields of a case that hold something of a person."""
    form = set(form_fields(document))
    reasons = {"decisions.reason"} if document["decisions"] else set()
    results = {
        f"results.{name}"
        for matter in document["matters"]
        for result in matter["results"]
        for name in RESULT_FIELDS
        if result[name] is not None
    }
    conflicts = {conflict["field"] for conflict in document["conflicts"]}
    return tuple(sorted({*form, *reasons, *results, *conflicts, *_fields_of_window(document)}))


def _fields_of_window(document: CaseDocument) -> Iterator[str]:
    """Yield what is told of persons in the window's own records."""
    if any(one["recipient_name"] for one in document["handovers"]):
        yield "handovers.recipient_name"
    if document["appointments"]:
        yield "appointments.place"
    if any(one["applicant_name"] for one in document["appointments"]):
        yield "appointments.applicant_name"
    if document["enquiries"]:
        yield "enquiries.text"


def form_fields(document: CaseDocument) -> tuple[str, ...]:
    """Return the names of the fields of a case's form that hold a value."""
    return _held_fields({section: document["form"][section] for section in FORM_SECTIONS})


def application_fields(application: ApplicationEntryDocument) -> tuple[str, ...]:
    """Return the names of the fields that hold a value in one application's part of the form."""
    return _held_fields({section: application[section] for section in APPLICATION_SECTIONS})


def _held_fields(sections: Mapping[FormSection, Mapping[str, FormFieldDocument]]) -> tuple[str, ...]:
    return tuple(
        f"{section}.{name}"
        for section, fields in sections.items()
        for name, field in fields.items()
        if field["value"] is not None
    )


def fields_of(document: Mapping[str, Any], names: Iterable[str]) -> Document:
    """Return these fields of a document as JSON can hold them."""
    return {name: plain(document[name]) for name in names}


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value.isoformat() if isinstance(value, date) else value
