"""Makes the record of a form and its answers, and lets it in as every record is let in."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from avro_schemas.typed_documents import CaseDocument, RecordEntryDocument
from exchange.desk.actions.acknowledgements import ACKNOWLEDGE
from exchange.desk.actions.drawn import DrawnForm, FormQuestion, flat, nested
from exchange.desk.actions.kinds import FormKind, person_in
from exchange.desk.asker import Asker
from exchange.desk.case_document import empty_case
from exchange.desk.desk import Desk
from exchange.domain.credentials import Holder
from producers.admission import Admission, Admitted
from producers.submissions import submission_of
from verification.identity import NO_NUMBER, UnfitIdentityError, identify
from verification.numbers import is_uscc
from verification.reasons import Reason, UnfitValueError, reason
from verification.shapes import shape_of
from verification.times import read_instant

HANDLER = "handler"


_LISTS: Final = frozenset({"texts", "several"})
"""Kinds of question that several answers may have."""


def entry_of(document: CaseDocument, record_id: str) -> RecordEntryDocument | None:
    """Return what a case says of a record; None: it has none of that id."""
    return next((entry for entry in document["records"] if entry["record_id"] == record_id), None)


def faults_of(
    typed: Mapping[str, Any], questions: tuple[FormQuestion, ...], drawn_at: datetime
) -> tuple[Reason, ...]:
    """Return what is lacking among answers, is no list, is over, or was not asked: that fills no field.

    Args:
        typed: the answers.
        questions: what is asked.
        drawn_at: when the form was drawn.
    """
    answers = flat(typed)
    asked = {one.name for one in questions}
    lacking = (
        one.name for one in questions if one.is_needed(answers) and answers.get(one.name) in (None, "", [])
    )
    unasked = (name for name in answers if name not in asked)
    return (
        *(reason("field_missing", name) for name in lacking),
        *(reason("field_unknown", name, nearest="") for name in unasked),
        *_no_lists(answers, questions),
        *_in_the_past(answers, questions, drawn_at),
    )


def _no_lists(typed: Mapping[str, Any], questions: Iterable[FormQuestion]) -> Iterator[Reason]:
    """Yield which answers should be lists and are not; acceptance tells of all else that is mistyped."""
    for one in questions:
        if one.kind in _LISTS and not isinstance(typed.get(one.name), list | tuple | None):
            yield reason("not_a_list", one.name)


def _in_the_past(
    typed: Mapping[str, Any], questions: Iterable[FormQuestion], drawn_at: datetime
) -> Iterator[Reason]:
    """Yield which times are over and should not be; acceptance tells of those that cannot be read."""
    for one in questions:
        if one.ahead:
            with suppress(UnfitValueError):
                if read_instant(typed.get(one.name)) < read_instant(drawn_at):
                    yield reason("in_the_past", one.name)


def admitted(
    desk: Desk,
    asker: Asker,
    kind: FormKind,
    form: DrawnForm,
    document: CaseDocument,
    typed: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> Admitted | tuple[Reason, ...]:
    """Return the record of a form, ready for its topic; or why it cannot stand.

    What cannot stand goes no further, not even to the quarantine: it is no record yet. ``before`` is what the
    record amends, as the log has it, of a form that amends one.

    Raises:
        ExchangeError: the registry is away.
    """
    questions = kind.questions(document, form.subject, desk.policy)
    if entry_of(document, form.record_id):
        # What is sent again may answer what the case has known since: the join tells whether it is the same.
        questions += kind.questions(empty_case(form.case_id), form.subject, desk.policy)
        asked = {one.name: one for one in questions}
        typed = {name: value for name, value in flat(typed).items() if name in asked}
        faults = tuple(_no_lists(typed, asked.values()))
    else:
        faults = faults_of(typed, questions, form.recorded_at)
        if kind.amends and not nested(flat(typed)):
            faults += (reason("nothing_changed"),)
    if faults:
        return faults
    place = kind.place(document, form.subject, desk.policy)
    record = _record(desk, asker, kind, form, document, typed, before)
    verdict = admission_as(desk, asker, place["department"]).admit(
        submission_of({"type": kind.becomes(form.subject), "record": record}, 1)
    )
    if not isinstance(verdict, Admitted):
        return verdict.reasons
    # What was told before a number was corrected is acknowledged by that number; other words fit the case.
    own = {form.case_id, document["case_id"]}
    if kind is not ACKNOWLEDGE and "id_number" in record and verdict.case_id not in own:
        return (reason("other_person", "id_number"),)
    return verdict


def _record(
    desk: Desk,
    asker: Asker,
    kind: FormKind,
    form: DrawnForm,
    document: CaseDocument,
    typed: Mapping[str, Any],
    before: Mapping[str, Any] | None,
) -> dict[str, object]:
    typed_fields = kind.fields(form.subject, nested(flat(typed)))
    if kind.amends and before is not None:
        typed_fields = kind.amends(before, typed_fields)
    fields = {**person_in(document), **kind.replaces(document, form.subject), **typed_fields}
    number = fields.get("id_number")
    record = {
        **fields,
        "record_id": form.record_id,
        "recorded_at": form.recorded_at.isoformat(),
        "id_type": _id_type(number),
        "county": county_of(desk, asker) or fields.get("county"),
    }
    bank = asker.kept_within.get("bank")
    if bank and not record.get("instance"):  # else nothing in it names the bank, and it is nobody's own
        record["issuer_uscc" if is_uscc(bank) else "issuer_name"] = bank
    if any(
        field.name == HANDLER for field in shape_of(kind.becomes(form.subject), desk.policy.schemas).fields
    ):
        record[HANDLER] = asker.called
    return {name: value for name, value in record.items() if value is not None}


def _id_type(number: object) -> str | None:
    """Return the kind of a number; of one that cannot be right, nothing: its reason comes with the record."""
    if number is None:
        return NO_NUMBER
    try:
        return identify(str(number)).kind
    except UnfitIdentityError:
        return None


def county_of(desk: Desk, asker: Asker) -> str | None:
    """Return the name of the county for which the asker acts: its departments publish as the city's."""
    code = asker.kept_within.get("county")
    return None if code is None else desk.policy.city.county_name(code)


def admission_as(desk: Desk, asker: Asker, department: str) -> Admission:
    """Return what lets in records of a department, of which a bank or a county publishes its own alone."""
    within = asker.kept_within
    holder = Holder(department, within.get("bank"), within.get("county"))
    catalogue, encode = desk.settings.city.catalogue, desk.codec.encode
    return Admission(catalogue, desk.policy, desk.case_ids, encode, holder.department, holder)
