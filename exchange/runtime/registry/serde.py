"""Confluent framing around Avro: 0x00, a 4-byte big-endian schema id, the value.

Shape: dict ready for Avro → bytes (`Encoder`), bytes → dict (`Decoder`). Values come back as Avro's logical
types have them: aware UTC datetimes, dates, decimals.
fastavro lets trailing bytes and unknown keys pass unless told otherwise, and random
bytes decode "successfully" 6.9 % of the time (measured): hence the checks around the calls.
"""

import io
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from fastavro import parse_schema, schemaless_reader, schemaless_writer

from exchange.folding.errors import SerdeError
from exchange.runtime.registry.avro_writer import NotWrittenHereError, writer_of

MAGIC = 0
_PREFIX = struct.Struct(">bI")
_AVRO_KEYS = frozenset(
    {
        *("type", "name", "namespace", "aliases", "fields", "items", "values", "symbols", "size", "default"),
        *("logicalType", "precision", "scale"),
    }
)


D = TypeVar("D")

ResolveSchema = Callable[[int], Mapping[str, Any] | None]
"""Schema id → the writer's schema, or None where there is no such id. It raises when the registry is away:
that is not the record's fault, and must not put the record into quarantine."""


@dataclass(frozen=True, slots=True)
class _Writer:
    """A writer's schema, parsed once; `same` where it is also the reader's and nothing needs resolving."""

    schema: Any
    same: bool


class Encoder:
    """Writes values of one schema, whose id the registry gave."""

    def __init__(self, schema: Mapping[str, Any], schema_id: int, max_bytes: int | None = None) -> None:
        self._write = _writer(parse_schema(dict(schema)))
        self._prefix = _PREFIX.pack(MAGIC, schema_id)
        self._max_bytes = max_bytes

    def encode(self, value: Mapping[str, Any]) -> bytes:
        """The framed value; fields left out take their defaults.

        Raises:
            SerdeError: `not_encodable` (wrong type, unknown or missing field), `too_large`.
        """
        try:
            payload = self._prefix + self._write(value)
        except Exception as error:  # it may be any; its text may quote personal data
            raise SerdeError("not_encodable", type(error).__name__) from None
        _check_size(payload, self._max_bytes)
        return payload


class Decoder(Generic[D]):
    """Reads values of one schema as we know it, whichever version wrote them.

    Whoever makes it says what they are: ``Decoder[CaseDocument](schema("case"), …)``.

    Args:
        schema: the reader's schema: ours.
        resolve: finds a writer's schema by its id; asked once per id.
        max_bytes: the largest payload that is read, framing included.
    """

    def __init__(
        self, schema: Mapping[str, Any], resolve: ResolveSchema, max_bytes: int | None = None
    ) -> None:
        self._plain: Mapping[str, Any] = schema
        self._reader: Any = parse_schema(dict(schema))
        self._resolve = resolve
        self._max_bytes = max_bytes
        self._writers: dict[int, _Writer] = {}

    def decode(self, payload: bytes) -> D:
        """The value, read to the last byte.

        Raises:
            SerdeError: it is not a value; the code says why.
        """
        _check_size(payload, self._max_bytes)
        writer = self._writer(schema_id_of(payload))
        buffer = io.BytesIO(payload)
        buffer.seek(_PREFIX.size)
        value: D = self._read(buffer, writer)
        if buffer.tell() != len(payload):
            raise SerdeError("trailing_bytes", f"{len(payload) - buffer.tell()} bytes after the value")
        return value

    def _read(self, buffer: io.BytesIO, writer: _Writer) -> Any:
        try:
            value: Any = schemaless_reader(buffer, writer.schema, None if writer.same else self._reader)
        except Exception as error:  # any bytes may come; fastavro raises whatever Python does
            raise SerdeError("avro_undecodable", type(error).__name__) from None
        if not isinstance(value, dict):
            raise SerdeError("avro_undecodable", "not a record")
        return value

    def _writer(self, schema_id: int) -> _Writer:
        known = self._writers.get(schema_id)
        if known is None:
            known = self._writers[schema_id] = self._parsed(schema_id)
        return known

    def _parsed(self, schema_id: int) -> _Writer:
        found = self._resolve(schema_id)
        if found is None:
            raise SerdeError("schema_unknown", f"the registry has no schema {schema_id}")
        if _full_name(found) != _full_name(self._plain):
            raise SerdeError("schema_of_other_topic", f"schema {schema_id} is {_full_name(found)}")
        return _Writer(parse_schema(dict(found)), _essence(found) == _essence(self._plain))


def _writer(schema: Any) -> Callable[[Any], bytes]:
    try:
        return writer_of(schema)
    except NotWrittenHereError:
        return partial(_written_by_fastavro, schema)


def _written_by_fastavro(schema: Any, value: Any) -> bytes:
    buffer = io.BytesIO()
    schemaless_writer(buffer, schema, value, strict_allow_default=True)
    return buffer.getvalue()


def schema_id_of(payload: bytes) -> int:
    """The schema id of a framed value.

    Raises:
        SerdeError: `not_framed`.
    """
    if len(payload) < _PREFIX.size:
        raise SerdeError("not_framed", f"{len(payload)} bytes are too few")
    magic, schema_id = _PREFIX.unpack_from(payload)
    if magic != MAGIC:
        raise SerdeError("not_framed", "the first byte is not 0")
    return int(schema_id)


def _check_size(payload: bytes, max_bytes: int | None) -> None:
    if max_bytes is not None and len(payload) > max_bytes:
        raise SerdeError("too_large", f"{len(payload)} bytes, allowed {max_bytes}")


def _essence(node: Any) -> Any:
    """What a schema says to Avro, without docs and rules: rewording a doc must not make old records slow."""
    if isinstance(node, list):
        return [_essence(child) for child in node]
    if not isinstance(node, Mapping):
        return node
    return {
        key: value if key == "default" else _essence(value)
        for key, value in node.items()
        if key in _AVRO_KEYS
    }


def _full_name(schema: Mapping[str, Any]) -> str:
    return f"{schema.get('namespace', '')}.{schema.get('name', '')}"
