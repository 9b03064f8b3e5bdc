"""Announcements in the read model, as they were published: the index by which they are found and followed.

Shape: `announcements`: department and place in its topic → what they are found by, and the framed Avro bytes.
`found_by` is a search key of the document's number that a department is told: no case has it.
What a crash repeats stands twice, as in the topic.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

from avro_schemas.typed_documents import AnnouncementDocument
from consumers.log.copies import Connection
from consumers.log.projection import Projection, keep_all, storable
from consumers.read_model.search_keys import DOCUMENT_NUMBERS, SearchKeys
from exchange.domain.policy import Policy
from exchange.folding.log_time import taken_at_of
from exchange.runtime.city import City

_LAYOUT = """
CREATE TABLE announcements (
    department text,
    partition integer,
    "offset" bigint,
    id text NOT NULL,
    case_id text NOT NULL,
    matter integer NOT NULL,
    instance text,
    county text,
    transition text NOT NULL,
    at timestamptz NOT NULL,
    published_at timestamptz NOT NULL,
    found_by text,
    value bytea NOT NULL,
    PRIMARY KEY (department, partition, "offset")
);
CREATE INDEX ON announcements (id);
CREATE INDEX ON announcements (case_id, department, matter) INCLUDE (instance, county, transition);
CREATE INDEX ON announcements (found_by) WHERE found_by IS NOT NULL;
"""
_PUT = """
INSERT INTO announcements
SELECT * FROM unnest(
    %s::text[], %s::integer[], %s::bigint[], %s::text[], %s::text[], %s::integer[], %s::text[], %s::text[],
    %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::bytea[]
)
ON CONFLICT DO NOTHING
"""
_READ: Final = frozenset({"id", "case_id", "matter", "instance", "county", "transition", "at"})


class AnnouncementRow(NamedTuple):
    """An announcement as it came, and what it is found by. `published_at` is when the log took it."""

    department: str
    partition: int
    offset: int
    id: str
    case_id: str
    matter: int
    instance: str | None
    county: str | None
    transition: str
    at: datetime
    published_at: datetime
    found_by: str | None
    value: bytes


def announcement_row(department: str, message: Any, document: AnnouncementDocument) -> AnnouncementRow:
    """Return the row of what a department was told."""
    return AnnouncementRow(
        department=department,
        partition=message.partition(),
        offset=message.offset(),
        id=storable(document["id"]),
        case_id=storable(document["case_id"]),
        matter=document["matter"],
        instance=_text(document["instance"]),
        county=_text(document["county"]),
        transition=document["transition"],
        at=document["at"],
        published_at=taken_at_of(message),
        found_by=None,
        value=message.value(),
    )


def _found_by(
    department: str, keys: SearchKeys, message: Any, document: AnnouncementDocument
) -> AnnouncementRow:
    """Return the row with what a case is found by."""
    key = keys.of_announcement(document.get("draft", {}))
    return announcement_row(department, message, document)._replace(found_by=key)


def _searched(department: str, policy: Policy) -> frozenset[str]:
    """Return what is read of a draft: nothing where the department is told no document's number."""
    named = any(name.endswith(DOCUMENT_NUMBERS) for name in policy.grants.get(department, ()))
    return frozenset({"draft"} if named else ())


def _text(value: str | None) -> str | None:
    return None if value is None else storable(value)


def _put(connection: Connection, rows: Sequence[AnnouncementRow]) -> None:
    connection.execute(_PUT, [list(column) for column in zip(*rows, strict=True)])


def announcement_tables(city: City, keys: SearchKeys) -> tuple[Projection, ...]:
    """Return how the announcements of each topic become rows of one table; the first makes it."""
    topics = [topic for topic in city.catalogue.topics if topic.kind == "matters"]
    return tuple(
        Projection(
            topic.name,
            "announcement",
            None,
            "" if number else _LAYOUT,
            partial(_found_by, topic.department or "", keys),
            _put,
            keep_all,
            _READ | _searched(topic.department or "", city.policy),
            heard=True,
        )
        for number, topic in enumerate(topics)
    )
