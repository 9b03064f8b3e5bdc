"""Rules that look at several fields of one record. Each is a pure function from a record to its reasons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from avro_schemas.catalogue import Schemas
from verification import numbers
from verification.acceptance_rules import AcceptanceRules
from verification.former import identified
from verification.identity import NO_NUMBER, RESIDENT_ID, Identity, identify
from verification.names.keys import same_name
from verification.reasons import Reason, UnfitValueError, reason
from verification.shapes import DEATHS, EVENT_TIME, Field, Shape, fields_with, shape_of
from verification.times import EventTime, calendar_date, is_after

# The log's time is cut off to whole milliseconds: the record was taken within this much after it.
LOG_TICK = timedelta(milliseconds=1)

_AFTER_DEATH = (("cremation_time", "cremation_before_death"), ("cancelled_at", "cancellation_before_death"))
_SEXES_TOLD_BY_NUMBERS = ("1", "2")
_NEEDED = {
    "MATTER_NOT_APPLICABLE": ("matter",),
    "MATTER_HELD": ("matter",),
    "MATTER_RELEASED": ("matter",),
    "CONFLICT_RESOLVED": ("in_favour_of",),
    "PERSON_UNLINKED": ("in_favour_of",),
}
_WATCHED = ("id_number", "bank_card", "icd10")


@dataclass(frozen=True, slots=True)
class Reading:
    """One record as its model read it, with what else the rules need.

    Attributes:
        values: field → value of the model.
        owner: the department that owns the topic.
        taken_at: when the log took the record, the only "now" a rule knows; None before it was taken.
    """

    shape: Shape
    values: Mapping[str, Any] = attribute(repr=False)
    owner: str
    rules: AcceptanceRules
    taken_at: datetime | None

    @property
    def identity(self) -> Identity | None:
        """That of the person the record is about."""
        identity: Identity | None = self.values["id_number"]
        return identity


def refusals(reading: Reading) -> Iterator[Reason]:
    """Every reason to refuse a record of which each single field is in order."""
    yield from _publisher(reading)
    yield from _succession(reading)
    yield from _person(reading)
    yield from _times(reading)
    yield from _order_of_events(reading)
    yield from _matters(reading)


def holds(reading: Reading) -> Iterator[Reason]:
    """Every reason to put a record aside until a handler has looked at it."""
    identity, values = reading.identity, reading.values
    if identity is None:
        if not values.get("linked_id_number"):
            yield reason("person_without_number", "id_number")
        return
    born = values.get("birth_date")
    if born and identity.birth_date and born != identity.birth_date:
        yield reason("birth_date_differs", "birth_date")
    if values.get("sex") in _SEXES_TOLD_BY_NUMBERS and identity.sex and values["sex"] != identity.sex:
        yield reason("sex_differs", "sex")


def warnings(reading: Reading) -> Iterator[Reason]:
    """What a clerk should look at again, though it stops nothing."""
    for path, field, value in _watched_values(reading):
        if field.rule == "id_number" and not value.region_known:
            yield reason("id_region_unknown", path, value.number)
        elif field.rule == "bank_card" and not numbers.may_be_bank_card(value):
            yield reason("bank_card_check_digit_wrong", path)
        elif field.rule == "icd10" and not numbers.is_icd10(value):
            yield reason("icd10_unusual", path)
    if reading.shape.name == "application":
        yield from _card_holder(reading)
    if reading.shape.name == "decision":
        yield from (
            reason("decision_without_effect", name)
            for name in _NEEDED.get(reading.values["kind"], ())
            if reading.values[name] is None
        )
    if reading.shape.name == "result":
        yield from _told_to_the_family(reading)
    if reading.shape.name == "enquiry" and reading.values["closed_at"] and not reading.values["reply"]:
        yield reason("closed_without_reply", "reply")


def _told_to_the_family(reading: Reading) -> Iterator[Reason]:
    if reading.values["action"] == "REVOKED":
        return
    if reading.values["outcome"] == "REJECTED" and reading.values["reason"] is None:
        yield reason("rejection_without_reason", "reason")
    if reading.values["outcome"] == "RETURNED" and not reading.values["to_correct"]:
        yield reason("return_without_corrections", "to_correct")


def _card_holder(reading: Reading) -> Iterator[Reason]:
    card = reading.values["deceased_bank_card"]
    if card and card.account_name and not same_name(card.account_name, reading.values["name"]):
        yield reason("card_holder_differs", "deceased_bank_card.account_name")


def _publisher(reading: Reading) -> Iterator[Reason]:
    stated = reading.values["department"]
    if stated not in (None, reading.owner):
        yield reason("department_not_owner", "department", stated)


def _succession(reading: Reading) -> Iterator[Reason]:
    """AMENDED and REVOKED name another record; ISSUED names none, or it would be a correction in disguise."""
    action, supersedes = reading.values["action"], reading.values["supersedes"]
    if action == "ISSUED" and supersedes:
        yield reason("supersedes_not_expected", "supersedes")
    if action != "ISSUED" and not supersedes:
        yield reason("supersedes_missing", "supersedes")
    if supersedes and supersedes == reading.values["record_id"]:
        yield reason("supersedes_itself", "supersedes")


def _person(reading: Reading) -> Iterator[Reason]:
    """The number's form decides its kind: the default RESIDENT_ID cannot be told from a statement in Avro."""
    identity, stated = reading.identity, reading.values["id_type"]
    if identity is None and stated != NO_NUMBER:
        yield reason("id_number_missing", "id_number")
    if identity and stated == NO_NUMBER:
        yield reason("id_number_not_expected", "id_number")
    elif identity and stated not in (RESIDENT_ID, identity.kind):
        yield reason("id_type_disagrees", "id_number", identity.number)
    yield from _original(reading)


def _original(reading: Reading) -> Iterator[Reason]:
    original = reading.values["id_number_original"]
    if original is None:
        return
    read = identify if reading.rules.in_force("characters", reading.taken_at) else identified
    try:
        number = read(original).number
    except UnfitValueError:
        number = ""
    if reading.identity is None or number != reading.identity.number:
        yield reason("id_original_disagrees", "id_number_original", original)


def _times(reading: Reading) -> Iterator[Reason]:
    """Nothing is dated after its own recording, and nothing after the moment the log took it."""
    recorded_at: datetime = reading.values["recorded_at"]
    recorded = EventTime(calendar_date(recorded_at), recorded_at)
    taken = _last_moment(reading.taken_at)
    if taken and is_after(recorded, taken):
        yield reason("in_the_future", "recorded_at")
    for name, moment in _moments(reading):
        if is_after(moment, recorded):
            yield reason("event_after_recording", name)
        if taken and is_after(moment, taken):
            yield reason("in_the_future", name)
    yield from _births(reading, recorded.date)


def _births(reading: Reading, recorded_on: date) -> Iterator[Reason]:
    """Nobody named in a record, applicant and heirs included, is born after it."""
    for path, field, value in _watched_values(reading):
        if field.rule == "id_number" and value.birth_date and value.birth_date > recorded_on:
            yield reason("id_birth_date_wrong", path, value.number)


def _last_moment(taken_at: datetime | None) -> EventTime | None:
    if taken_at is None:
        return None
    last = taken_at + LOG_TICK
    return EventTime(calendar_date(last), last)


def _order_of_events(reading: Reading) -> Iterator[Reason]:
    identity, values = reading.identity, reading.values
    born: date | None = (identity.birth_date if identity else None) or values.get("birth_date")
    for name in DEATHS:
        died = _event_time(values.get(name))
        if born and died and died.date < born:
            yield reason("death_before_birth", name)
    died = values.get("death_time")
    for name, code in _AFTER_DEATH:
        later = values.get(name)
        if died and later and is_after(died, later):
            yield reason(code, name)


def _matters(reading: Reading) -> Iterator[Reason]:
    if reading.shape.name == "result":
        deciders = reading.rules.deciders.get(reading.values["matter"])
        if deciders is not None and reading.owner not in deciders:
            yield reason("matter_not_decided_here", "matter")
    elif reading.shape.name == "application":
        yield from _application(reading)
    elif reading.shape.name == "handover":
        yield from _handover(reading)


def _application(reading: Reading) -> Iterator[Reason]:
    """The applicant is there to correct it: what cannot be is refused, not put aside for a handler."""
    matters, applicant = reading.values["matters"], reading.values["applicant"]
    if not matters:
        yield reason("matters_empty", "matters")
    if len(set(matters)) < len(matters):
        yield reason("matter_repeated", "matters")
    deceased, identity = reading.identity, applicant.id_number
    if deceased and deceased.number == identity.number:
        yield reason("applicant_is_the_deceased", "applicant.id_number", identity.number)
    if applicant.sex in _SEXES_TOLD_BY_NUMBERS and identity.sex and applicant.sex != identity.sex:
        yield reason("applicant_sex_differs", "applicant.sex")


def _handover(reading: Reading) -> Iterator[Reason]:
    """Whoever mails something is given a number, and by that the family finds it."""
    if not reading.values["results"]:
        yield reason("results_empty", "results")
    if reading.values["delivery"] == "MAIL" and not reading.values["postal_no"]:
        yield reason("postal_no_missing", "postal_no")


def _moments(reading: Reading) -> Iterator[tuple[str, EventTime]]:
    """Every event time and date among the record's own fields."""
    for name in _dated(reading.shape.name, reading.rules.schemas):
        moment = _event_time(reading.values[name])
        if moment:
            yield name, moment


@cache
def _dated(record_type: str, schemas: Schemas) -> tuple[str, ...]:
    fields = shape_of(record_type, schemas).fields
    return tuple(field.name for field in fields if field.kind in (EVENT_TIME, "date"))


@cache
def _watched(record_type: str, schemas: Schemas) -> tuple[Field, ...]:
    """The fields that a rule looks for, or that hold such fields at any depth."""
    return fields_with(lambda field: field.rule in _WATCHED, shape_of(record_type, schemas).fields)


def _watched_values(reading: Reading) -> Iterator[tuple[str, Field, Any]]:
    return _leaves("", _watched(reading.shape.name, reading.rules.schemas), reading.values)


def _event_time(value: EventTime | date | None) -> EventTime | None:
    return EventTime(value, None) if isinstance(value, date) else value


def _leaves(
    path: str, fields: tuple[Field, ...], values: Mapping[str, Any]
) -> Iterator[tuple[str, Field, Any]]:
    """Path, field and value of all that is looked for, including in nested objects and lists."""
    for field in fields:
        value = values[field.name]
        here = f"{path}{field.name}"
        if value is None:
            continue
        if field.rule in _WATCHED:
            yield here, field, value
        elif field.kind == "record":
            yield from _leaves(f"{here}.", field.fields, vars(value))
        elif field.item and field.item.kind == "record":
            for position, item in enumerate(value):
                yield from _leaves(f"{here}[{position}].", field.item.fields, vars(item))
