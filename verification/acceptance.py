"""Accepts or refuses one record, and says why: total, pure, the same for JSON and for decoded Avro."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from verification import rules as cross_field
from verification.identity import NO_NUMBER, Identity, IdentityRefused, identify
from verification.models import model_for
from verification.numbers import is_uuid
from verification.reasons import Reason, reason
from verification.records import Record
from verification.refusals import reasons_of
from verification.rules import AcceptanceRules, Reading
from verification.shapes import Field, Shape, shape_of
from verification.times import event_time_text, instant_text

__all__ = ["Accepted", "AcceptanceRules", "Refused", "accept"]

_COMMON_FIELDS = frozenset(Record.__dataclass_fields__) - {"type", "facts"}
_AS_IT_IS = frozenset({"text", "long", "int", "boolean", "enum"})


@dataclass(frozen=True, slots=True)
class Accepted:
    """A record that stands.

    Attributes:
        avro: the same record ready for fastavro's writer, with every field of the schema.
        identity: of the person the record is about; None where there is no number.
        held: why it is put aside until a handler has looked at it; empty for most.
        warnings: what a clerk should look at again.
    """

    record: Record
    avro: dict[str, Any]
    identity: Identity | None
    held: tuple[Reason, ...]
    warnings: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that does not stand.

    Attributes:
        reasons: at least one, in the order of the schema's fields where they are about single fields.
        record_id: if it could be read, so that the receipt can name it.
        id_number: normalised, if it could be read and can be right.
    """

    reasons: tuple[Reason, ...]
    record_id: str | None
    id_number: str | None


def accept(
    record_type: str,
    raw: Mapping[str, object],
    *,
    owner: str,
    rules: AcceptanceRules,
    taken_at: datetime | None,
) -> Accepted | Refused:
    """Accepts a record or says everything that is wrong with it; never raises for anything JSON can say.

    Rules that look at several fields are asked once each field by itself is in order.

    Args:
        record_type: such as `death_certificate`.
        raw: the record as JSON has it or as fastavro decoded it.
        owner: the department that owns the topic, and so the publisher.
        rules: what comes from the city's policy.
        taken_at: the log's append time; None before the log has it.
    """
    try:
        shape, model = shape_of(record_type), model_for(record_type)
    except KeyError:
        return _refuse(raw, (reason("unknown_record_type"),))
    try:
        values = vars(model.model_validate(raw))
    except ValidationError as error:
        return _refuse(raw, reasons_of(error, shape))
    reading = Reading(shape, values, owner, rules, taken_at)
    refusals = tuple(cross_field.refusals(reading))
    return _refuse(raw, refusals) if refusals else _accepted(reading)


def _accepted(reading: Reading) -> Accepted:
    values = _settled(reading)
    return Accepted(
        record=_record(reading.shape, values),
        avro={field.name: _to_avro(field, values[field.name]) for field in reading.shape.fields},
        identity=reading.identity,
        held=tuple(cross_field.holds(reading)),
        warnings=tuple(cross_field.warnings(reading)),
    )


def _settled(reading: Reading) -> dict[str, Any]:
    """Fills in what the record left to the exchange: the publisher, and what the number's form tells."""
    values = dict(reading.values)
    identity = reading.identity
    values["department"] = reading.owner
    values["id_type"] = identity.kind if identity else NO_NUMBER
    if identity and identity.original:
        values["id_number_original"] = identity.original
    return values


def _record(shape: Shape, values: Mapping[str, Any]) -> Record:
    common = {f.name: _plain(f, values[f.name]) for f in shape.fields if f.name in _COMMON_FIELDS}
    own = [field for field in shape.fields if field.name not in _COMMON_FIELDS]
    return Record(type=shape.name, facts=_plain_object(tuple(own), values), **common)


def _plain_object(fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain JSON values; what is null is left out."""
    return {field.name: _plain(field, values[field.name]) for field in fields if values[field.name] is not None}


def _plain(field: Field, value: Any) -> Any:
    if value is None or (field.kind in _AS_IT_IS and field.rule != "id_number"):
        return value
    match value:
        case Identity():
            return value.number
        case list():
            return [_plain(field.item, item) for item in value] if field.item else value
        case Decimal():
            return f"{value.normalize():f}"
    if field.kind == "record":
        return _plain_object(field.fields, vars(value))
    return _time_text(field, value)


def _time_text(field: Field, value: Any) -> str:
    if field.kind == "event_time":
        return event_time_text(value)
    return instant_text(value) if field.kind == "instant" else str(value.isoformat())


def _to_avro(field: Field, value: Any) -> Any:
    """What fastavro writes: datetimes, dates and decimals by themselves, objects and event times as dicts."""
    if value is None or (field.kind in _AS_IT_IS and field.rule != "id_number"):
        return value
    match value:
        case Identity():
            return value.number
        case list():
            return [_to_avro(field.item, item) for item in value] if field.item else value
    if field.kind == "event_time":
        return {"date": value.date, "instant": value.instant}
    if field.kind == "record":
        return {inner.name: _to_avro(inner, vars(value)[inner.name]) for inner in field.fields}
    return value


def _refuse(raw: object, reasons: tuple[Reason, ...]) -> Refused:
    fields: Mapping[Any, object] = raw if isinstance(raw, Mapping) else {}
    return Refused(reasons, _readable_record_id(fields.get("record_id")), _readable_number(fields.get("id_number")))


def _readable_record_id(value: object) -> str | None:
    return value.lower() if isinstance(value, str) and is_uuid(value) else None


def _readable_number(value: object) -> str | None:
    try:
        return identify(value).number if isinstance(value, str) else None
    except IdentityRefused:
        return None
