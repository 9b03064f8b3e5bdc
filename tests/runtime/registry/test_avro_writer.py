"""What is written by functions made from a schema: byte for byte what fastavro writes, and no more."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from fastavro import parse_schema, schemaless_writer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avro_schemas.catalogue import event_names, record_types, schema
from exchange.folding.errors import SerdeError
from exchange.runtime.registry.avro_writer import NotWrittenHereError, writer_of
from exchange.runtime.registry.serde import Decoder, Encoder
from tests.avro_values import values_of

INSTANT = {"type": "long", "logicalType": "timestamp-micros"}
DAY = {"type": "int", "logicalType": "date"}
COLOUR = {"type": "enum", "name": "Colour", "symbols": ["RED", "GREEN"]}
FIXED = {"type": "fixed", "name": "Key", "size": 2}
AMOUNT = {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}
TEXTS = {"type": "array", "items": "string"}
BY_NAME = {"type": "map", "values": ["null", "long"]}
INNER = {"type": "record", "name": "Inner", "fields": [{"name": "n", "type": "int", "default": 1}]}

GOOD: list[tuple[Any, Any]] = [
    *[("long", number) for number in (0, -1, 63, 64, -64, -65, 1023, 1024, 2**63 - 1, -(2**63))],
    *[("int", number) for number in (0, -1, 2**31 - 1, -(2**31))],
    *[("string", text) for text in ("", "王秀兰", "𠮷" * 700)],
    *[("boolean", value) for value in (True, False)],
    ("bytes", b"\x00\xff"),
    (["null", "string"], None),
    (["string", "null"], "x"),
    (["string", "null"], None),
    (INSTANT, datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    (INSTANT, datetime(2026, 5, 4, 1, 2, 3, 456789, tzinfo=UTC)),
    (DAY, date(1931, 2, 3)),
    (DAY, date(2026, 5, 4)),
    (COLOUR, "GREEN"),
    (TEXTS, []),
    (TEXTS, ["a", ""]),
    (TEXTS, ("a",)),
    (BY_NAME, {}),
    (BY_NAME, {"王": 3, "b": None}),
    (INNER, {"n": 5}),
    (INNER, {}),
    ({"type": "string"}, "as an object"),
    *[("string", text) for text in ("a\x00b", "‘’", "\n")],
    (["null", "long"], 7),
    (["null", INNER], {"n": -1}),
    (["null", TEXTS], ["a"] * 1024),
]
BAD: list[tuple[Any, Any]] = [
    *[("long", value) for value in (2**63, -(2**63) - 1, True, 1.0, "1", None)],
    *[("int", value) for value in (2**31, -(2**31) - 1, False)],
    *[("string", value) for value in (b"x", 1, None, "\ud800")],
    *[("boolean", value) for value in (1, 0, None, "true")],
    *[("bytes", value) for value in ("x", 1, None)],
    (["null", "string"], 1),
    (INSTANT, datetime(2026, 5, 4, 1, 2, 3)),  # nobody knows where that is
    (INSTANT, date(2026, 5, 4)),
    (INSTANT, 1_700_000_000),
    (DAY, "2026-05-04"),
    (DAY, 20_000),
    (COLOUR, "BLUE"),
    (COLOUR, 0),
    (TEXTS, "ab"),
    (TEXTS, {"a": 1}),
    (TEXTS, ["a", None]),
    *[(BY_NAME, value) for value in (None, [], "", 0, ["a"])],
    (BY_NAME, {1: 1}),
    (INNER, {"n": 5, "m": 6}),
    (INNER, {"m": 6}),
    (INNER, {"n": None}),
]


def by_fastavro(parsed: Any, value: Any) -> bytes:
    buffer = io.BytesIO()
    schemaless_writer(buffer, parsed, value, strict_allow_default=True)
    return buffer.getvalue()


def of_field(kind: Any) -> Any:
    return parse_schema({"type": "record", "name": "One", "fields": [{"name": "value", "type": kind}]})


@pytest.mark.parametrize("name", [*record_types(), *event_names()])
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data())
def test_every_schema_of_ours_is_written_as_by_fastavro(name: str, data: st.DataObject) -> None:
    """Any reader of Avro reads it; it is the same Avro."""
    parsed = parse_schema(dict(schema(name)))
    value = data.draw(values_of(schema(name)))
    assert Encoder(schema(name), 0).encode(value)[5:] == by_fastavro(parsed, value)


def test_what_the_join_publishes_is_written_here() -> None:
    """What is left to fastavro takes four times as long; of ours that is one type of record."""
    assert [name for name in (*record_types(), *event_names()) if not is_written_here(name)] == ["equity"]


def is_written_here(name: str) -> bool:
    try:
        writer_of(parse_schema(dict(schema(name))))
    except NotWrittenHereError:
        return False
    return True


def test_good_values_are_written_as_by_fastavro() -> None:
    """The twins of what is refused below, more of them."""
    for kind, value in GOOD:
        parsed = of_field(kind)
        assert writer_of(parsed)({"value": value}) == by_fastavro(parsed, {"value": value}), (kind, value)
    assert len(GOOD) >= len(BAD)


@pytest.mark.parametrize(("kind", "value"), BAD, ids=repr)
def test_what_is_no_such_value_is_refused(kind: Any, value: Any) -> None:
    """Nothing enters the log that is something else for its readers."""
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        writer_of(of_field(kind))({"value": value})


@pytest.mark.parametrize(
    ("kind", "value"),
    [(["null", "long", "string"], "x"), ("double", 0.5), (FIXED, b"ab"), (AMOUNT, Decimal("1.25"))],
    ids=["union", "double", "fixed", "decimal"],
)
def test_what_is_not_known_here_is_written_by_fastavro(kind: Any, value: Any) -> None:
    """A city's own record type may hold whatever Avro has."""
    own = {"type": "record", "name": "One", "fields": [{"name": "value", "type": kind}]}
    written = Encoder(own, 7).encode({"value": value})
    assert Decoder[Any](own, {7: own}.get).decode(written) == {"value": value}
    with pytest.raises(SerdeError, match="not_encodable"):
        Encoder(own, 7).encode({"value": object()})
