"""A strict pydantic model for every record type, built from its Avro schema, so that the two cannot differ.

A model takes a record as JSON has it and as fastavro decodes it, refuses fields it does not know, and holds
the values acceptance works with: instants in UTC, `EventTime`, `Identity`, codes instead of words.
"""

from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationInfo, WithJsonSchema, create_model
from pydantic import Field as ModelField

from avro_schemas.catalogue import Schemas
from verification.acceptance_rules import Era
from verification.identity import Identity
from verification.readings import read_relation, reader_of
from verification.reasons import UnfitValueError
from verification.shapes import Field, shape_of

LONGEST_LIST_ITEMS = 1000


class _Strict(BaseModel):
    """What all models share. Inputs stay out of error texts, since they are personal data."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    def __repr__(self) -> str:
        """Names the type and nothing of the person."""
        return f"{type(self).__name__}()"


def model_for(record_type: str, schemas: Schemas, era: Era = "now") -> type[BaseModel]:
    """The model of a record type; built once for each era, in which text is read differently.

    Raises:
        KeyError: there is no such record type.
    """
    return _model_for(record_type, schemas, era)


@cache
def _model_for(record_type: str, schemas: Schemas, era: Era) -> type[BaseModel]:
    shape = shape_of(record_type, schemas)
    name = "".join(part.capitalize() for part in record_type.split("_"))
    return _model(name, shape.fields, era)


def _model(name: str, fields: tuple[Field, ...], era: Era) -> type[BaseModel]:
    definitions: dict[str, Any] = {field.name: _definition(name, field, era) for field in fields}
    return create_model(name, __base__=_Strict, **definitions)


def _definition(owner: str, field: Field, era: Era) -> tuple[Any, Any]:
    """Type and default of one field. A default is the schema's own, and is not read again."""
    annotation = _annotation(owner, field, era)
    if field.required:
        return annotation, ModelField(description=field.doc)
    return annotation, ModelField(default=field.default, description=field.doc)


def _annotation(owner: str, field: Field, era: Era) -> Any:
    if field.kind == "record":
        return _or_null(_model(f"{owner}_{field.name}", field.fields, era), field)
    if field.kind == "list" and field.item:
        item = _annotation(owner, field.item, era)
        return _or_null(Annotated[list[item], ModelField(max_length=LONGEST_LIST_ITEMS)], field)  # type: ignore[valid-type]
    return Annotated[Any, PlainValidator(_validator(field, era)), WithJsonSchema(_json_schema(field))]


def _or_null(annotation: Any, field: Field) -> Any:
    return annotation if field.required else annotation | None


def _validator(field: Field, era: Era) -> Any:
    """A relation is read together with the person's sex; all other fields are read alone."""
    if field.rule != "codes:relation":
        return reader_of(field, era)

    def relation(value: object, info: ValidationInfo) -> str | None:
        if value is None and field.required:
            raise UnfitValueError("field_missing")
        return None if value is None else read_relation(value, _sex(info.data), era)

    return relation


def _sex(person: dict[str, Any]) -> str | None:
    """The sex as stated, or else as the number tells it."""
    identity = person.get("id_number")
    return person.get("sex") or (identity.sex if isinstance(identity, Identity) else None)


def _json_schema(field: Field) -> dict[str, Any]:
    """What the gateway's description of itself says about a field."""
    by_kind: dict[str, dict[str, Any]] = {
        "boolean": {"type": "boolean"},
        "enum": {"type": "string", "enum": sorted(field.symbols)},
        "int": {"type": "integer", "minimum": field.limits[0], "maximum": field.limits[1]},
        "long": {"type": "integer", "minimum": field.limits[0], "maximum": field.limits[1]},
        "date": {"type": "string", "format": "date"},
        "instant": {"type": "string", "format": "date-time"},
        "event_time": {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]},
        "decimal": {"type": "number", "minimum": 0, "maximum": 100},
    }
    told = by_kind.get(field.kind, {"type": "string"})
    return told if field.required else {"anyOf": [told, {"type": "null"}]}
