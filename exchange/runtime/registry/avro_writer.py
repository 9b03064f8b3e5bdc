"""Writes Avro by functions made once from a schema: each field knows its type, and each union its branch.

fastavro finds the branch of a union by trying the value on each, at every value anew. Of what the join
publishes nearly every field is either null or of one type; written by this, it takes a quarter of the time
(measured in the ADR on it).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, get_args

from fastavro import parse_schema

from avro_schemas.catalogue import CasePart
from exchange.folding.written import Encode, Written

Write = Callable[[list[bytes], Any], None]
"""Adds the bytes of a value to those before it."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = _EPOCH.toordinal()
_MICROSECOND: Final = timedelta(microseconds=1)
_INT_BITS: Final = 32
_LONG_BITS: Final = 64
_END: Final = b"\x00"
"""Of an array or a map: a block of no items."""


class NotWrittenHereError(Exception):
    """The schema has something that this module does not know: it is left to fastavro."""


def writer_of(schema: Any) -> Callable[[Any], bytes]:
    """Return what writes values of a schema that fastavro has parsed, without framing.

    It raises ValueError, TypeError, KeyError or AttributeError for what is no such value.

    Raises:
        NotWrittenHereError: It has a union of several types, a fraction, a fixed or another logical type.
    """
    return _alone(_writer(schema, {}))


def case_part_encoders(schema: Mapping[str, Any]) -> dict[CasePart, Encode]:
    """Return what writes each kind of part of a case by itself, unframed."""
    parsed: Any = parse_schema(dict(schema))
    named: dict[str, Write] = {}
    _writer(parsed, named)
    namespace = parsed["name"].rpartition(".")[0]
    return {part: _alone(named[f"{namespace}.{part}"]) for part in get_args(CasePart)}


def _alone(write: Write) -> Callable[[Any], bytes]:
    def written(value: Any) -> bytes:
        parts: list[bytes] = []
        write(parts, value)
        return b"".join(parts)

    return written


def _writer(schema: Any, named: dict[str, Write]) -> Write:
    if isinstance(schema, list):
        return _union(schema, named)
    if isinstance(schema, str):
        schema = {"type": schema}
    kind, logical = schema["type"], schema.get("logicalType")
    if (kind, logical) in _LOGICAL:
        return _LOGICAL[kind, logical]
    if logical is None and kind in _PLAIN:
        return _PLAIN[kind]
    if logical is None and kind in _MADE:
        return _MADE[kind](schema, named)
    if kind in named:
        return named[kind]
    raise NotWrittenHereError(kind if logical is None else logical)


def _union(branches: Sequence[Any], named: dict[str, Write]) -> Write:
    if len(branches) != 2 or "null" not in branches:
        raise NotWrittenHereError("union")
    null = branches.index("null")
    nothing, something = _number(null), _number(1 - null)
    write = _writer(branches[1 - null], named)

    def union(parts: list[bytes], value: Any) -> None:
        if value is None:
            parts.append(nothing)
        else:
            parts.append(something)
            write(parts, value)

    return union


def _record(schema: Mapping[str, Any], named: dict[str, Write]) -> Write:
    defaults = {one["name"]: one["default"] for one in schema["fields"] if "default" in one}
    fields: list[tuple[str, Write]] = []

    def record(parts: list[bytes], value: Any) -> None:
        if type(value) is Written:
            parts.append(value.data)
            return
        if len(value) != len(fields):
            value = {**defaults, **value}
            if len(value) != len(fields):
                raise ValueError("a field is missing, or unknown")
        for name, write in fields:
            write(parts, value[name])

    named[schema["name"]] = record  # before its fields: they may hold it
    fields += [(one["name"], _writer(one["type"], named)) for one in schema["fields"]]
    return record


def _array(schema: Mapping[str, Any], named: dict[str, Write]) -> Write:
    write = _writer(schema["items"], named)

    def array(parts: list[bytes], value: Any) -> None:
        if not isinstance(value, list | tuple):
            raise TypeError("no array")
        if value:
            parts.append(_number(len(value)))
            for item in value:
                write(parts, item)
        parts.append(_END)

    return array


def _map(schema: Mapping[str, Any], named: dict[str, Write]) -> Write:
    write = _writer(schema["values"], named)

    def entries(parts: list[bytes], value: Any) -> None:
        if not isinstance(value, Mapping):
            raise TypeError("no map")
        if value:
            parts.append(_number(len(value)))
            for key, item in value.items():
                _string(parts, key)
                write(parts, item)
        parts.append(_END)

    return entries


def _enum(schema: Mapping[str, Any], named: dict[str, Write]) -> Write:
    numbers = {symbol: _number(number) for number, symbol in enumerate(schema["symbols"])}

    def enum(parts: list[bytes], value: Any) -> None:
        parts.append(numbers[value])

    named[schema["name"]] = enum
    return enum


def _string(parts: list[bytes], value: Any) -> None:
    _bytes(parts, value.encode())


def _bytes(parts: list[bytes], value: Any) -> None:
    parts.append(_number(len(value)))
    parts.append(value)


def _boolean(parts: list[bytes], value: Any) -> None:
    if value is not True and value is not False:
        raise TypeError("no boolean")
    parts.append(b"\x01" if value else b"\x00")


def _int(parts: list[bytes], value: Any) -> None:
    parts.append(_whole(value, _INT_BITS))


def _long(parts: list[bytes], value: Any) -> None:
    parts.append(_whole(value, _LONG_BITS))


def _instant(parts: list[bytes], value: Any) -> None:
    parts.append(_number((value - _EPOCH) // _MICROSECOND))


def _day(parts: list[bytes], value: Any) -> None:
    if not isinstance(value, date):
        raise TypeError("no date")
    parts.append(_number(value.toordinal() - _EPOCH_DAY))


def _whole(value: Any, bits: int) -> bytes:
    if type(value) is not int or not -(1 << bits - 1) <= value < 1 << bits - 1:
        raise ValueError("no whole number of that size")
    return _number(value)


def _number(value: int) -> bytes:
    return _SMALL[value] if 0 <= value < len(_SMALL) else _varint(value)


def _varint(value: int) -> bytes:
    """Return a number as Avro writes it: zigzag, seven bits to a byte, the lowest first."""
    left = value << 1 if value >= 0 else ~(value << 1)
    groups = bytearray()
    while left > 0x7F:
        groups.append(left & 0x7F | 0x80)
        left >>= 7
    groups.append(left)
    return bytes(groups)


_SMALL: Final = tuple(map(_varint, range(1024)))
_PLAIN: Final[Mapping[str, Write]] = {
    "string": _string,
    "bytes": _bytes,
    "boolean": _boolean,
    "int": _int,
    "long": _long,
}
_LOGICAL: Final[Mapping[tuple[str, str], Write]] = {
    ("long", "timestamp-micros"): _instant,
    ("int", "date"): _day,
}
_MADE: Final[Mapping[str, Callable[[Mapping[str, Any], dict[str, Write]], Write]]] = {
    "record": _record,
    "array": _array,
    "map": _map,
    "enum": _enum,
}
