"""Accepts or refuses one record and says why: total, pure, the same for JSON and for decoded Avro."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import ValidationError

from avro_schemas.catalogue import Schemas
from verification import rules as cross_field
from verification.acceptance_rules import AcceptanceRules
from verification.identity import NO_NUMBER, Identity, UnfitIdentityError, identify
from verification.models import model_for
from verification.numbers import is_uuid
from verification.reasons import HELD, REFUSED, WARNING, Reason
from verification.records import Record
from verification.refusals import in_order, reasons_of, unknown_type
from verification.remarks import remarks
from verification.rules import Reading
from verification.shapes import Field, Shape, shape_of
from verification.times import event_time_text, instant_text

__all__ = ["AcceptanceRules", "Accepted", "Refused", "accept"]

_COMMON_FIELDS = frozenset(Record.__slots__) - {"type", "facts"}
_PLAIN_TEXT: dict[str, Callable[[Any], str]] = {
    "text": lambda identity: str(identity.number),
    "date": lambda day: str(day.isoformat()),
    "instant": instant_text,
    "event_time": event_time_text,
    "decimal": lambda percent: f"{percent.normalize():f}",
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """A record that stands.

    Attributes:
        avro: the same record ready for fastavro's writer, with every field of the schema.
        identity: that of the person the record is about; None if there is no number.
        held: why it is put aside until a handler has looked at it; empty for most.
        warnings: what a clerk should look at again.
    """

    record: Record
    avro: dict[str, Any] = attribute(repr=False)
    identity: Identity | None
    held: tuple[Reason, ...]
    warnings: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that does not stand.

    Attributes:
        reasons: at least one; those about single fields are in the order of the schema's fields.
        record_id: if it could be read, so that the receipt can name it.
        id_number: normalised, if it could be read and may be right.
    """

    reasons: tuple[Reason, ...]
    record_id: str | None
    id_number: str | None = attribute(repr=False)


def accept(
    record_type: str,
    raw: Mapping[str, object],
    *,
    owner: str,
    rules: AcceptanceRules,
    taken_at: datetime | None,
) -> Accepted | Refused:
    """Accept a record or say everything that is wrong with it; never raise for anything JSON can say.

    Rules that look at several fields are asked only once each field by itself is in order.

    Args:
        record_type: such as `death_certificate`.
        raw: the record as JSON has it or as fastavro decoded it.
        owner: the department that owns the topic, and so the publisher.
        rules: what comes from the city's policy.
        taken_at: the log's append time; None before the log has the record.
    """
    try:
        shape = shape_of(record_type, rules.schemas)
        model = model_for(record_type, rules.schemas, rules.era(taken_at))
    except KeyError:
        return _refuse(raw, (unknown_type(record_type, rules.schemas),))
    try:
        values = vars(model.model_validate(_as_dict(raw)))
    except ValidationError as error:
        return _refuse(raw, reasons_of(error, shape, rules.schemas))
    reading = Reading(shape, values, owner, rules, taken_at)
    settled = _settled(reading)
    record = _record(shape, settled, rules.schemas)
    remarked = _remarked(record, rules, taken_at)
    refusals = in_order((*cross_field.refusals(reading), *remarked[REFUSED]), shape)
    if refusals:
        return _refuse(raw, refusals)
    return Accepted(
        record=record,
        avro=_avro_object(shape.fields, settled),
        identity=reading.identity,
        held=(*cross_field.holds(reading), *remarked[HELD]),
        warnings=(*cross_field.warnings(reading), *remarked[WARNING]),
    )


def _as_dict(raw: object) -> object:
    """A strict model takes nothing but a dict; a read-only view of one is as good."""
    return dict(raw) if isinstance(raw, Mapping) and not isinstance(raw, dict) else raw


def _remarked(
    record: Record, rules: AcceptanceRules, taken_at: datetime | None
) -> Mapping[str, list[Reason]]:
    """Weight → what is remarkable in the record's own values."""
    found: dict[str, list[Reason]] = defaultdict(list)
    for remark in remarks(record, rules):
        weight, why = remark.told(rules, taken_at)
        found[weight].append(why)
    return found


def _settled(reading: Reading) -> dict[str, Any]:
    """Fill in what the record left to the exchange: the publisher, and what the number's form tells."""
    values = dict(reading.values)
    identity = reading.identity
    values["department"] = reading.owner
    values["id_type"] = identity.kind if identity else NO_NUMBER
    if identity and identity.original:
        values["id_number_original"] = identity.original
    return values


def _record(shape: Shape, values: Mapping[str, Any], schemas: Schemas) -> Record:
    common = {name: values[name] for name in _COMMON_FIELDS}
    common["recorded_at"] = instant_text(values["recorded_at"])
    common["id_number"] = values["id_number"].number if values["id_number"] else None
    facts = _plain_object(_own_fields(shape.name, schemas), values)
    return Record(type=shape.name, facts=facts, **common)


@cache
def _own_fields(record_type: str, schemas: Schemas) -> tuple[Field, ...]:
    return tuple(field for field in shape_of(record_type, schemas).fields if field.name not in _COMMON_FIELDS)


def _plain_object(fields: tuple[Field, ...], values: Mapping[str, Any]) -> Any:
    """Plain JSON values; what is null is left out."""
    plain = {}
    for field in fields:
        value = values[field.name]
        if value is not None:
            plain[field.name] = value if field.plain else _plain(field, value)
    return plain


def _plain(field: Field, value: Any) -> Any:
    if field.item:
        return [item if field.item.plain else _plain(field.item, item) for item in value]
    if field.kind == "record":
        return _plain_object(field.fields, vars(value))
    return _PLAIN_TEXT[field.kind](value)


def _avro_object(fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """What fastavro writes: datetimes, dates and decimals as they are, objects and event times as dicts."""
    avro = {}
    for field in fields:
        value = values[field.name]
        avro[field.name] = value if value is None or field.plain else _avro(field, value)
    return avro


def _avro(field: Field, value: Any) -> Any:
    if field.item:
        return [item if field.item.plain else _avro(field.item, item) for item in value]
    match field.kind:
        case "record":
            return _avro_object(field.fields, vars(value))
        case "event_time":
            return {"date": value.date, "instant": value.instant}
        case "text":
            return value.number
    return value


def _refuse(raw: object, reasons: tuple[Reason, ...]) -> Refused:
    fields: Mapping[Any, object] = raw if isinstance(raw, Mapping) else {}
    return Refused(
        reasons, _readable_record_id(fields.get("record_id")), _readable_number(fields.get("id_number"))
    )


def _readable_record_id(value: object) -> str | None:
    return value.lower() if isinstance(value, str) and is_uuid(value) else None


def _readable_number(value: object) -> str | None:
    try:
        return identify(value).number if isinstance(value, str) else None
    except UnfitIdentityError:
        return None
