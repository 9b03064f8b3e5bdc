"""A case and one of its applications as they are printed: every text of the paper, and nothing else.

Pure, so that the PDF and the document for hand editing say the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from avro_schemas.typed_documents import (
    ApplicationEntryDocument,
    CaseDocument,
    ConflictDocument,
    FormDocument,
    FormFieldDocument,
    MatterDocument,
    RecordEntryDocument,
    SourceDocument,
)
from consumers.labels.remarks import remark_words
from consumers.labels.rulings import conflict_words
from consumers.labels.words import (
    FIELD_STATES,
    STATES,
    department_words,
    field_words,
    in_local_time,
    local_time,
    matter_words,
    record_words,
    words,
)
from consumers.privacy.masking import masked_text
from exchange.domain.form import FORM_SECTIONS
from exchange.domain.policy import Policy
from exchange.domain.policy_files.form_layout import FormCell, FormLayout, places
from topics.labels import Labels
from verification.characters import in_one_line

SHORT_ID: Final = 8
LABELS: Final = Labels(__file__)
IN_CONFLICT: Final = LABELS["in_conflict"].zh
DISPUTED: Final = LABELS["disputed"].zh
NONE: Final = "–"
EMPTY: Final[FormFieldDocument] = {"value": None, "state": "missing", "source": None, "warnings": []}
SECTIONS: Final = LABELS.table("sections")


@dataclass(frozen=True, slots=True, repr=False)
class Box:
    """A cell of the table: its place, the label or the value in it, and what is said beside the value."""

    row: int
    column: int
    cell: FormCell
    text: str
    remark: str = ""
    conflict: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Tick:
    """A matter: whether this application asks for it, and how it stands."""

    number: int
    name: str
    chosen: bool
    state: str


@dataclass(frozen=True, slots=True, repr=False)
class FilledForm:
    """The whole paper. ``sources`` and ``conflicts`` are rows of the last page, without their headings.

    Attributes:
        as_of: The last moment at which a record of the case was recorded; nothing here depends on a clock.
        about: Sentences below the title: which application this is, and what stands in its way.
    """

    case_id: str
    as_of: datetime
    about: tuple[str, ...]
    boxes: tuple[Box, ...]
    ticks: tuple[Tick, ...]
    sources: tuple[tuple[str, ...], ...]
    conflicts: tuple[tuple[str, ...], ...]


def fill(
    document: CaseDocument, application: ApplicationEntryDocument | None, layout: FormLayout, policy: Policy
) -> FilledForm:
    """Return the form of one application, or of none.

    Args:
        document: The case, as ``exchange.events.Case``, unmasked: the paper is the application itself.
        application: One of its applications; None where nobody has applied.
        layout: What is printed where.
        policy: The form's fields and the matters.
    """
    form: FormDocument = {**document["form"]}
    if application is not None:
        form = {**form, "applicant": application["applicant"], "accounts": application["accounts"]}
    document = {**document, "conflicts": list(_told_of(application, document))}
    return FilledForm(
        case_id=document["case_id"],
        as_of=max(entry["recorded_at"] for entry in document["records"]),
        about=tuple(_about(document, application)),
        boxes=tuple(_boxes(form, document["conflicts"], layout)),
        ticks=tuple(_ticks(document["matters"], application, policy)),
        sources=tuple(_sources(form, document["records"], layout, policy)),
        conflicts=tuple(_conflicts(document["conflicts"], policy)),
    )


def _told_of(
    application: ApplicationEntryDocument | None, document: CaseDocument
) -> Iterator[ConflictDocument]:
    """Yield what is in conflict without what other applications say: no form tells of another applicant."""
    own = application and application["record_id"]
    others = {
        entry["record_id"]
        for entry in document["records"]
        if entry["type"] == "application" and entry["record_id"] != own
    }
    for conflict in document["conflicts"]:
        values = [one for one in conflict["values"] if one["record_id"] not in others]
        if values:
            yield {**conflict, "values": values}


def _about(document: CaseDocument, application: ApplicationEntryDocument | None) -> Iterator[str]:
    if application is None:
        yield LABELS["no_application"].zh
    else:
        name, at = application["record_id"][:SHORT_ID], local_time(application["recorded_at"])
        yield LABELS["application"].filled(record_id=name, at=at).zh
        if application is not _of_the_same(application, document["applications"])[-1]:
            yield LABELS["not_latest"].zh
    if not document["death_established"]:
        yield LABELS["not_established"].zh
    if document["conflicts"]:
        yield LABELS["conflicts"].filled(count=len(document["conflicts"])).zh


def _of_the_same(
    application: ApplicationEntryDocument, applications: list[ApplicationEntryDocument]
) -> list[ApplicationEntryDocument]:
    """Return all of the same applicant: how many others apply is not for this paper to say."""

    def who(one: ApplicationEntryDocument) -> list[str | None]:
        return [one["applicant"].get(name, EMPTY)["value"] for name in ("id_number", "name")]

    return [one for one in applications if who(one) == who(application)]


def _boxes(form: FormDocument, conflicts: list[ConflictDocument], layout: FormLayout) -> Iterator[Box]:
    disputed = {conflict["field"] for conflict in conflicts}
    for row, cells in enumerate(places(layout)):
        for column, cell in cells:
            if cell.label:
                yield Box(row, column, cell, cell.words)
            else:
                field = _field(form, cell.field)
                yield _filled(row, column, cell, field, disputed=cell.field in disputed)


def _field(form: FormDocument, place: str) -> FormFieldDocument:
    sections: Mapping[str, Mapping[str, FormFieldDocument]] = {
        section: form[section] for section in FORM_SECTIONS
    }
    section, _, name = place.partition(".")
    return sections[section].get(name, EMPTY)


def _filled(row: int, column: int, cell: FormCell, field: FormFieldDocument, *, disputed: bool) -> Box:
    if field["state"] == "conflict" or (disputed and field["value"] is None):
        return Box(row, column, cell, IN_CONFLICT, conflict=True)
    if field["value"] is None:
        return Box(row, column, cell, "", words(FIELD_STATES, field["state"]).zh)
    text = in_one_line(in_local_time(field["value"]))
    said = [*((DISPUTED,) if disputed else ()), *(remark.zh for remark in remark_words(field))]
    return Box(row, column, cell, text, f"※ {'；'.join(said)}" if said else "", conflict=disputed)


def _ticks(
    matters: list[MatterDocument], application: ApplicationEntryDocument | None, policy: Policy
) -> Iterator[Tick]:
    chosen = application["matters"] if application is not None else []
    for matter in policy.matters:
        found = [one for one in matters if one["matter"] == matter.matter]
        states = "；".join(_standing(one, application) for one in found)
        name = matter_words(matter.matter, policy).zh
        yield Tick(matter.matter, name, matter.matter in chosen, states)


def _standing(matter: MatterDocument, application: ApplicationEntryDocument | None) -> str:
    """How the matter stands for the form's application, whatever came of another's."""
    named = application and application["record_id"]
    own = next((one["state"] for one in matter["applications"] if one["record_id"] == named), matter["state"])
    state = words(STATES, own).zh
    return f"{in_one_line(matter['instance'])} {state}" if matter["instance"] else state


def _sources(
    form: FormDocument, records: list[RecordEntryDocument], layout: FormLayout, policy: Policy
) -> Iterator[tuple[str, ...]]:
    """Yield for each field: block, field, department, kind of record, record id, revision, time, state."""
    types = {entry["record_id"]: entry["type"] for entry in records}
    for place in (cell.field for cell in layout.cells if cell.field):
        field = _field(form, place)
        state = "；".join(said.zh for said in (words(FIELD_STATES, field["state"]), *remark_words(field)))
        yield (
            SECTIONS[place.partition(".")[0]].zh,
            field_words(place, policy).zh,
            *_source(field["source"], types, policy),
            state,
        )


def _source(source: SourceDocument | None, types: Mapping[str, str], policy: Policy) -> tuple[str, ...]:
    if source is None:
        return (NONE,) * 5
    kind = types.get(source["record_id"])
    return (
        department_words(source["department"], policy).zh,
        record_words(kind, policy).zh if kind else NONE,
        source["record_id"][:SHORT_ID],
        str(source["revision"]),
        local_time(source["recorded_at"]),
    )


def _conflicts(conflicts: list[ConflictDocument], policy: Policy) -> Iterator[tuple[str, ...]]:
    """Yield for each value in conflict: field, rule, value, department, record id, time, whether it holds."""
    for conflict in conflicts:
        rule = conflict_words(conflict["rule"], policy).zh if conflict["rule"] else NONE
        for entry in conflict["values"]:
            yield (
                field_words(conflict["field"], policy).zh,
                rule,
                _printed(entry["value"], conflict["field"], policy),
                department_words(entry["department"], policy).zh,
                entry["record_id"][:SHORT_ID],
                local_time(entry["recorded_at"]),
                LABELS["decisive" if conflict["decisive"] else "not_decisive"].zh,
            )


def _printed(value: str, field: str, policy: Policy) -> str:
    """A value in conflict; masked if it is not a cell of the form, or is a list: heirs with their numbers."""
    section, _, name = field.partition(".")
    if name not in policy.form.get(section, {}) or value.startswith("["):
        return in_one_line(masked_text(value))
    return in_one_line(in_local_time(value))
