"""What all records have in common: they are frozen, they become JSON, and printed they show no person."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Protocol, Self
from uuid import uuid4


class Publishable(Protocol):
    """Whatever can be published: a record with its type."""

    @property
    def type(self) -> str:
        """The record type, such as `cremation`."""

    @property
    def record_id(self) -> str:
        """The UUID that the record keeps however often it is sent."""

    def as_json(self) -> dict[str, Any]:
        """Return its fields as JSON has them."""


def new_id() -> str:
    """Return the id of a new record."""
    return str(uuid4())


def now() -> datetime:
    """Return this moment, as a source system records it."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Model:
    """A record, or a part of one.

    Raises:
        ValueError: a time has no zone.
    """

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, datetime) and value.tzinfo is None:
                raise ValueError(f"{one.name} has no time zone")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {getattr(self, 'record_id', '')}>".replace(" >", ">")

    def as_json(self) -> dict[str, Any]:
        """Return its fields as JSON has them; what is not known is left out."""
        values = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: _plain(value) for name, value in values if value is not None}


class Document(Model):
    """What can be corrected and withdrawn once it is published; every record type is one."""

    __slots__ = ()
    type: ClassVar[str]

    def amended(self, **changes: Any) -> Self:
        """Return a new record that takes this one's place, with what is to be otherwise."""
        return self._successor("AMENDED", changes)

    def revoked(self) -> Self:
        """Return a new record that withdraws this one."""
        return self._successor("REVOKED", {})

    def _successor(self, action: str, changes: Mapping[str, Any]) -> Self:
        mine: Any = self
        header = {"action": action, "supersedes": mine.record_id, "revision": mine.revision + 1}
        return replace(self, **{"record_id": new_id(), "recorded_at": now(), **header, **changes})


class PlainRecord:
    """A record of any type, from its fields as JSON has them: for a city's own types, and for files.

    Where they have no `record_id` and `recorded_at`, those are made once, here.
    """

    def __init__(self, type: str, record: Mapping[str, Any]) -> None:
        self.type = type
        self._record = {"record_id": new_id(), "recorded_at": now().isoformat(), **record}

    def __repr__(self) -> str:
        return f"<PlainRecord {self.type} {self.record_id}>"

    @property
    def record_id(self) -> str:
        """Its id, as it was given or made."""
        return str(self._record["record_id"])

    def as_json(self) -> dict[str, Any]:
        """Return its fields, as they were given."""
        return dict(self._record)


def as_bytes(record: Publishable) -> bytes:
    """Return a record's fields as JSON; what is no character, as an escape, for the exchange to refuse."""
    return json.dumps(record.as_json(), ensure_ascii=False).encode(errors="backslashreplace")


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.as_json()
    if isinstance(value, date):  # a moment, too
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value
