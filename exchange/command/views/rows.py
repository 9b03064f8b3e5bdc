"""Cases, announcements and tasks as the JSON lines that the command line promises."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from avro_schemas.catalogue import Document
from exchange.domain.form import FORM_SECTIONS

CASE_FIELDS = (
    *("case_id", "death_established", "established_at", "corroborated_by", "forwards_to"),
    *("records", "conflicts", "decisions", "matters", "requests", "form", "applications"),
)
APPLICATION_FIELDS = ("record_id", "revision", "recorded_at", "matters")
"""What is listed of an application; what it says is in the form."""
ANNOUNCEMENT_FIELDS = (
    *("id", "case_id", "department", "matter", "instance", "transition", "at"),
    *("correction", "proofs", "reminds_of", "due", "draft", "materials"),
)
RESULT_FIELDS = ("reason", "amount_fen", "document_no")
TASK_FIELDS = (
    *("task_id", "case_id", "kind", "state", "owed_by", "matter", "instance", "subject", "records"),
    *("opened_at", "due", "at"),
)


def case_row(document: Document, tasks: Iterable[Document] = ()) -> Document:
    """Return a case as `exchange case --json` prints it: instants ISO 8601 in UTC, dates YYYY-MM-DD.

    Args:
        document: the case, as ``exchange.events.Case``.
        tasks: its tasks, done ones included, as ``exchange.events.Task``.
    """
    row = {name: plain(document[name]) for name in CASE_FIELDS}
    form = {section: row["form"][section] for section in FORM_SECTIONS}
    applications = [{name: one[name] for name in APPLICATION_FIELDS} for one in row["applications"]]
    return row | {"form": form, "applications": applications, "tasks": [task_row(task) for task in tasks]}


def announcement_row(document: Document) -> Document:
    """Return an announcement as `exchange follow --json` prints it."""
    return {name: plain(document[name]) for name in ANNOUNCEMENT_FIELDS}


def task_row(document: Document) -> Document:
    """Return a task as `exchange tasks --json` prints it."""
    return {name: plain(document[name]) for name in TASK_FIELDS}


def shown_fields(document: Document) -> tuple[str, ...]:
    """Return the names, never the values, of the fields of a case that hold something of a person."""
    form = set(form_fields(document["form"]))
    reasons = {"decisions.reason"} if document["decisions"] else set()
    results = {
        f"results.{name}"
        for matter in document["matters"]
        for result in matter["results"]
        for name in RESULT_FIELDS
        if result[name] is not None
    }
    return tuple(sorted(form | reasons | results | {conflict["field"] for conflict in document["conflicts"]}))


def form_fields(sections: Document) -> tuple[str, ...]:
    """Return the names of the fields that hold a value, of a form or of one application's part of it."""
    return tuple(
        f"{section}.{name}"
        for section in FORM_SECTIONS
        for name, field in sections.get(section, {}).items()
        if field["value"] is not None
    )


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value.isoformat() if isinstance(value, date) else value
