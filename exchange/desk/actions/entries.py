"""What the case says of the record that a form is about, so that people can tell which one it is."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from avro_schemas.typed_documents import CaseDocument
from exchange.desk.actions.drawn import FormSubject


class SubjectEntry(NamedTuple):
    """A record, by what tells it from others.

    Attributes:
        type: of the record.
        department: that published it.
        recorded_at: when.
        matters: of an application, what was applied for.
        shown: name of a field → what it says, where the form shows that.
    """

    type: str
    department: str
    recorded_at: datetime
    matters: tuple[int, ...]
    shown: dict[str, str]


def subject_entry(
    document: CaseDocument, subject: FormSubject, fields: Collection[str]
) -> SubjectEntry | None:
    """Return the entry of what a form is about; None: it is about no record that the case has.

    Args:
        document: the case.
        subject: what the form is about.
        fields: those that it shows, of `applicant.name` and `enquiry.text`.
    """
    wanted = subject.record or subject.application
    entry = next((one for one in document["records"] if one["record_id"] == wanted), None)
    if entry is None:
        return None
    matters = (one["matters"] for one in document["applications"] if one["record_id"] == wanted)
    said = {name: text for name, text in _said(document, wanted or "").items() if name in fields}
    applied = tuple(next(matters, ()))
    return SubjectEntry(entry["type"], entry["department"], entry["recorded_at"], applied, said)


def _said(document: CaseDocument, record_id: str) -> dict[str, str]:
    names = (
        one["applicant"]["name"]["value"] or ""
        for one in document["applications"]
        if one["record_id"] == record_id and "name" in one["applicant"]
    )
    texts = (one["text"] for one in document["enquiries"] if one["record_id"] == record_id)
    return {"applicant.name": next(names, ""), "enquiry.text": next(texts, "")}
