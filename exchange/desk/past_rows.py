"""A case's past as JSON: the case as it was known, what has changed since, and its events."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal

from avro_schemas.catalogue import Document
from avro_schemas.typed_documents import CaseDocument, TaskDocument
from consumers.family.next_steps import next_steps
from consumers.history.changes import CaseChange
from consumers.history.events import CaseEvent, place_of
from consumers.read_model.rows import ANNOUNCEMENT_FIELDS, case_row, fields_of, plain
from exchange.domain.policy import Policy
from verification.times import calendar_date

TOLD_FIELDS: Final = tuple(name for name in ANNOUNCEMENT_FIELDS if name not in {"case_id", "draft"})
RECEIPT_FIELDS: Final[tuple[Literal["status", "reasons", "warnings"], ...]] = (
    "status",
    "reasons",
    "warnings",
)


def as_of_row(
    case: CaseDocument,
    tasks: Iterable[TaskDocument],
    moment: datetime,
    changed: Iterable[CaseChange],
    policy: Policy,
) -> Document:
    """Return `exchange case --as-of --json`: the case's row, `as_of` and `changed_since`."""
    steps = next_steps(case, policy, calendar_date(moment))
    return {
        **case_row(case, steps, tasks),
        "as_of": plain(moment),
        "changed_since": plain(tuple(changed)),
    }


def event_row(event: CaseEvent) -> Document:
    """Return one line of `exchange case --history --json`; drafts are not repeated."""
    receipt = event.receipt
    return {
        "at": plain(event.at),
        "case_id": event.case_id,
        "event": event.kind,
        "place": place_of(event.message) if event.message else None,
        "about": plain(event.about),
        "receipt": receipt and {name: plain(receipt[name]) for name in RECEIPT_FIELDS},
        "changes": plain(event.changes),
        "told": [fields_of(one, TOLD_FIELDS) for one in event.told],
        "tasks": plain(event.tasks),
        "corrects": event.corrects,
        "corrected_by": event.corrected_by,
    }
