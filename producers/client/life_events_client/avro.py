"""Records as the exchange's schemas have them, and what it says as JSON has it. Pure.

Shape: fields as JSON has them → Avro in Confluent's frame (0x00, the schema's id in four bytes), and back.
"""

import io
import struct
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastavro import parse_schema, schemaless_reader, schemaless_writer

from life_events_client.answers import Reason

MOST_BYTES: Final = 256 << 10
"""The exchange reads no larger record."""
_FRAME: Final = struct.Struct(">bI")
_SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


class Unfit(Exception):  # noqa: N818 - said of a record
    """A record cannot be written by its schema; the text holds no value of it.

    Attributes:
        reason: What is wrong, and in which field.
    """

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(f"{code} ({field})")
        self.reason = Reason(code, field=field)


class Schema:
    """One schema of the exchange, under the id that it has there."""

    def __init__(self, schema_id: int, text: Mapping[str, Any]) -> None:
        self._text, self._frame = text, _FRAME.pack(0, schema_id)
        self._parsed = parse_schema(dict(text))
        self._named = dict(_named(text))

    def encode(self, fields: object) -> bytes:
        """Return a record as it is written to its topic.

        Raises:
            Unfit: it does not fit the schema.
        """
        buffer = io.BytesIO()
        buffer.write(self._frame)
        schemaless_writer(buffer, self._parsed, self._fitted(self._text, fields, ""))
        if buffer.tell() > MOST_BYTES:
            raise Unfit("too_large")
        return buffer.getvalue()

    def decode(self, message: bytes) -> dict[str, Any]:
        """Return what the exchange has written, as JSON has it."""
        buffer = io.BytesIO(message)
        buffer.seek(_FRAME.size)
        said: dict[str, Any] = _as_json(schemaless_reader(buffer, self._parsed, None))
        return said

    def _fitted(self, kind: Any, value: Any, where: str) -> Any:
        """Return a value as the writer takes it, or raise `Unfit`."""
        kind = self._defined(kind)
        if isinstance(kind, str):
            return _plain(kind, value, where)
        if logical := kind.get("logicalType"):
            return _read(_LOGICAL[logical](kind), value, where)
        if kind["type"] == "enum":
            return _symbol(kind["symbols"], value, where)
        if kind["type"] == "array":
            return self._list(kind["items"], value, where)
        if kind["name"] == "EventTime" and isinstance(value, str):
            return _read(_EVENT_TIME, value, where)
        return self._record(kind["fields"], value, where)

    def _defined(self, kind: Any) -> Any:
        """Return what a type is: its definition, where it is named; what it is where it is not null."""
        if isinstance(kind, list):
            kind = next(one for one in kind if one != "null")
        return kind if not isinstance(kind, str) or kind in _PLAIN else self._named[kind.rpartition(".")[2]]

    def _list(self, kind: Any, value: Any, where: str) -> list[Any]:
        if not isinstance(value, list):
            raise Unfit("not_a_list", where)
        return [self._fitted(kind, one, f"{where}[{number}]") for number, one in enumerate(value)]

    def _record(self, fields: list[Any], value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise Unfit("not_a_record", where)
        for unknown in sorted(value.keys() - {one["name"] for one in fields}):
            raise Unfit("field_unknown", _below(where, unknown) if unknown.isidentifier() else where)
        fitted = {}
        for one in fields:
            name = one["name"]
            if value.get(name) is not None:
                fitted[name] = self._fitted(one["type"], value[name], _below(where, name))
            elif "default" not in one:
                raise Unfit("field_missing", _below(where, name))
        return fitted


def schema_id(message: bytes) -> int:
    """Return the id of the schema by which a message was written."""
    return int(_FRAME.unpack_from(message)[1])


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _named(kind: Any) -> Iterator[tuple[str, Any]]:
    """Yield the types that a schema defines, each with its name."""
    if isinstance(kind, list):
        for one in kind:
            yield from _named(one)
    elif isinstance(kind, Mapping):
        if "name" in kind:
            yield kind["name"], kind
        inner = [kind.get("items"), kind["type"], *(one["type"] for one in kind.get("fields", ()))]
        for one in inner:
            yield from _named(one)


_PLAIN: Final[Mapping[str, tuple[type, str]]] = {
    "string": (str, "not_text"),
    "boolean": (bool, "not_a_boolean"),
    "int": (int, "not_an_integer"),
    "long": (int, "not_an_integer"),
}
_MOST: Final = {"int": 1 << 31, "long": 1 << 63}


def _plain(kind: str, value: Any, where: str) -> Any:
    python, code = _PLAIN[kind]
    if type(value) is not python:
        raise Unfit(code, where)
    if isinstance(value, str) and not _is_text(value):
        raise Unfit("characters_wrong", where)
    if kind in _MOST and isinstance(value, int) and not -_MOST[kind] <= value < _MOST[kind]:
        raise Unfit("integer_out_of_range", where)
    return value


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _symbol(symbols: list[str], value: Any, where: str) -> Any:
    if value not in symbols:
        raise Unfit("value_unknown", where)
    return value


_Reading = tuple[Callable[[Any], Any], str]
"""How a value is read, raising ValueError, and the code of what cannot be read."""


def _read(reading: _Reading, value: Any, where: str) -> Any:
    read, code = reading
    try:
        return read(value)
    except (ValueError, TypeError, ArithmeticError):
        raise Unfit(code, where) from None


def read_instant(value: str) -> datetime:
    """Return an instant from its text, which has a zone.

    Raises:
        ValueError, TypeError: it is none.
    """
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError
    return found.astimezone(UTC)


def _event_time(value: str) -> dict[str, Any]:
    if len(value) == len("YYYY-MM-DD"):
        return {"date": date.fromisoformat(value)}
    instant = read_instant(value)
    return {"date": instant.astimezone(_SHANGHAI).date(), "instant": instant}


def _decimal(value: Any, precision: int, scale: int) -> Decimal:
    found = Decimal(str(value))
    if isinstance(value, bool) or found != round(found, scale) or abs(found) >= 10 ** (precision - scale):
        raise ValueError
    return round(found, scale)


_EVENT_TIME: Final[_Reading] = (_event_time, "date_or_instant_wrong")
_LOGICAL: Final[Mapping[str, Callable[[Mapping[str, Any]], _Reading]]] = {
    "timestamp-micros": lambda _: (read_instant, "instant_wrong"),
    "date": lambda _: (date.fromisoformat, "date_wrong"),
    "decimal": lambda kind: (
        partial(_decimal, precision=kind["precision"], scale=kind["scale"]),
        "percent_wrong",
    ),
}


def instant_text(instant: datetime) -> str:
    """Return an instant of UTC as the exchange writes it."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_as_json(one) for one in value]
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value
