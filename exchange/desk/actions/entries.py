"""What the case says of the record that a form is about, so that people can tell which one it is."""

from collections.abc import Collection, Mapping
from typing import Final

from avro_schemas.typed_documents import CaseDocument
from consumers.privacy.masking import masked_name
from exchange.desk.actions.drawn import FormSubject, SubjectEntry

APPLICANT_NAME: Final = "applicant.name"


def record_entries(document: CaseDocument) -> dict[str, SubjectEntry]:
    """Return the case's records, so that one of them can be chosen; of a result, with its matter."""
    matters = {
        result["record_id"]: (one["matter"],) for one in document["matters"] for result in one["results"]
    }
    return {
        (id_ := one["record_id"]): SubjectEntry(
            one["type"], one["department"], one["recorded_at"], matters.get(id_, ())
        )
        for one in document["records"]
    }


def application_entries(document: CaseDocument) -> dict[str, SubjectEntry]:
    """Return the case's applications, so that one of them can be chosen; names of applicants are masked."""
    ids = [one["record_id"] for one in document["applications"]]
    found = ((one, subject_entry(document, FormSubject(application=one), (APPLICANT_NAME,))) for one in ids)
    return {one: entry._replace(shown=_masked(entry.shown)) for one, entry in found if entry}


def _masked(names: Mapping[str, str]) -> dict[str, str]:
    return {field: masked_name(name) for field, name in names.items() if name}


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
    return {APPLICANT_NAME: next(names, ""), "enquiry.text": next(texts, "")}
