"""Hypothesis strategies for any value of an Avro schema, whether a rule would accept it or not."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

_LONGEST_TEXT = 20
_MANY = 3

_PRIMITIVES: Mapping[str, st.SearchStrategy[Any]] = {
    "null": st.none(),
    "string": st.text(max_size=_LONGEST_TEXT),
    "boolean": st.booleans(),
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "bytes": st.binary(max_size=_LONGEST_TEXT),
}


def values_of(schema: Any, names: dict[str, Any] | None = None) -> st.SearchStrategy[Any]:
    """Values as fastavro reads them back: aware datetimes, dates, decimals."""
    known = {} if names is None else names
    if isinstance(schema, list):
        return st.one_of([values_of(branch, known) for branch in schema])
    if isinstance(schema, str):
        return _PRIMITIVES[schema] if schema in _PRIMITIVES else values_of(known[schema], known)
    if "logicalType" in schema:
        return _logical(schema)
    return _complex(schema, known)


def _complex(schema: Mapping[str, Any], known: dict[str, Any]) -> st.SearchStrategy[Any]:
    known[schema.get("name", "")] = schema
    if schema["type"] == "enum":
        return st.sampled_from(schema["symbols"])
    if schema["type"] == "array":
        return st.lists(values_of(schema["items"], known), max_size=_MANY)
    if schema["type"] == "map":
        return st.dictionaries(_PRIMITIVES["string"], values_of(schema["values"], known), max_size=_MANY)
    return st.fixed_dictionaries(
        {field["name"]: values_of(field["type"], known) for field in schema["fields"]}
    )


def _logical(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    if schema["logicalType"] == "date":
        return st.dates(date(1, 1, 1), date(9999, 12, 31))
    if schema["logicalType"] == "timestamp-micros":
        return st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))
    scale = schema["scale"]
    largest = 10 ** schema["precision"] - 1
    return st.integers(-largest, largest).map(lambda units: Decimal(units).scaleb(-scale))
