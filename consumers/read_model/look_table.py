"""Access records in the read model, by whom they were about: who looked at a case, at what, why.

Shape: `looks`: case_id and access_id → the fields of ``exchange.events.Access`` that say so. No row holds
personal data but the reason, which is in somebody's own words.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Final

from avro_schemas.typed_documents import AccessDocument
from consumers.log.copies import Connection
from consumers.log.projection import Projection, keep_all, storable
from topics.catalogue import ACCESS

_LAYOUT = """
CREATE TABLE looks (
    case_id text,
    access_id text,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    role text,
    department text,
    system text,
    purpose text,
    command text NOT NULL,
    fields text[] NOT NULL,
    unmasked boolean NOT NULL,
    reason text,
    PRIMARY KEY (case_id, access_id)
);
"""
_PUT = """
INSERT INTO looks VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Look:
    """One look, as its access record says; what earlier records did not keep is None."""

    access_id: str
    at: datetime
    actor: str
    role: str | None
    department: str | None
    system: str | None
    purpose: str | None
    command: str
    fields: list[str]
    unmasked: bool
    reason: str | None


LookRows = tuple[tuple[str, Look], ...]
"""One access: a row for each person whom it showed."""


def look_rows(_message: Any, document: AccessDocument) -> LookRows:
    """Return the rows of an access record: none of one that showed nobody in particular."""
    row = Look(
        access_id=storable(document["access_id"]),
        at=document["at"],
        actor=storable(document["actor"]),
        role=_perhaps(document["role"]),
        department=_perhaps(document["department"]),
        system=_perhaps(document["system"]),
        purpose=_perhaps(document["purpose"]),
        command=storable(document["command"]),
        fields=[storable(name) for name in document["fields"]],
        unmasked=document["unmasked"],
        reason=_perhaps(document["reason"]),
    )
    alone = [document["case_id"]] if document["case_id"] else []
    return tuple((storable(case_id), row) for case_id in dict.fromkeys((*alone, *document["case_ids"])))


def _perhaps(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _put(connection: Connection, rows: Sequence[LookRows]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_PUT, [(case_id, *astuple(row)) for one in rows for case_id, row in one])


LOOK_TABLE: Final = Projection(ACCESS, "access", "access_id", _LAYOUT, look_rows, _put, keep_all)
