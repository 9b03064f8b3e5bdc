"""Cases in the read model, as they were published, and by what they are found.

Shape: `cases`: case_id → the case's framed Avro bytes, from which partition, and its search keys.
Its matters: `matter_table`. Its applications, for the statistics: `statistics.fact_tables`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from avro_schemas.typed_documents import CaseDocument, MatterDocument
from consumers.log.copies import Connection
from consumers.log.projection import Projection, storable
from consumers.read_model.matter_counts import COUNT_LAYOUT
from consumers.read_model.matter_table import MATTER_LAYOUT, MatterRow, matter_rows, put_matters
from consumers.read_model.matter_work import matter_work
from consumers.read_model.search_keys import SearchKeys
from consumers.statistics.fact_tables import APPLICATION_LAYOUT, put_applications
from consumers.statistics.facts import ApplicationFact, application_facts, matter_facts
from exchange.domain.known_case import known_case, known_matter
from exchange.folding.log_time import taken_at_of
from exchange.runtime.city import City
from exchange.runtime.registry.serde import schema_id_of
from topics.catalogue import CASES

_LAYOUT = """
CREATE TABLE cases (
    case_id text PRIMARY KEY,
    death_established boolean NOT NULL,
    document bytea NOT NULL,
    schema_id integer NOT NULL,
    partition integer NOT NULL,
    updated_at timestamptz NOT NULL,
    found_by text[] NOT NULL
);
CREATE INDEX ON cases USING gin (found_by) WITH (fastupdate = off);
"""
_FORGET = "DELETE FROM cases WHERE case_id = ANY(%s)"
# One text for the keys of each case: arrays of arrays must be rectangular in PostgreSQL.
_PUT = """
INSERT INTO cases
SELECT case_id, death_established, document, schema_id, partition, updated_at, string_to_array(keys, ' ')
FROM unnest(
    %s::text[], %s::boolean[], %s::bytea[], %s::integer[], %s::integer[], %s::timestamptz[], %s::text[]
) AS put (case_id, death_established, document, schema_id, partition, updated_at, keys)
ON CONFLICT (case_id) DO UPDATE SET
    death_established = excluded.death_established, document = excluded.document,
    schema_id = excluded.schema_id, partition = excluded.partition, updated_at = excluded.updated_at,
    found_by = excluded.found_by
"""
_COLUMNS = ("case_id", "death_established", "document", "schema_id", "partition", "updated_at", "found_by")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as it came. `updated_at` is the log's append time, so that a rebuild gives the same row."""

    case_id: str
    death_established: bool
    document: bytes
    schema_id: int
    partition: int
    updated_at: datetime
    found_by: str
    matters: tuple[MatterRow, ...]
    applications: tuple[ApplicationFact, ...]


def case_row(city: City, keys: SearchKeys, message: Any, document: CaseDocument) -> CaseRow:
    """Return the row of a case; its matters as departments know them."""
    payload: bytes = message.value()
    known = known_case(document)
    return CaseRow(
        case_id=document["case_id"],
        death_established=document["death_established"],
        document=payload,
        schema_id=schema_id_of(payload),
        partition=message.partition(),
        updated_at=taken_at_of(message),
        found_by=" ".join(sorted(keys.of_case(document))),
        matters=matter_rows(
            document["case_id"], matter_facts(known, city.policy), matter_work(known, city.policy)
        ),
        applications=application_facts(document, city.statistics),
    )


def _put(connection: Connection, rows: Sequence[CaseRow]) -> None:
    connection.execute(_PUT, [[getattr(row, name) for row in rows] for name in _COLUMNS])
    put_matters(connection, {row.case_id: row.matters for row in rows})
    put_applications(connection, {row.case_id: row.applications for row in rows})


def _forget(connection: Connection, case_ids: Sequence[str]) -> None:
    connection.execute(_FORGET, (list(case_ids),))


def shown_matters(matters: Iterable[MatterDocument]) -> list[tuple[int, str | None, str, str]]:
    """Return what the rows of a case's matters say first of all: matter, instance, department, state."""
    return [
        (one["matter"], storable(one["instance"] or "") or None, one["department"], one["state"])
        for one in map(known_matter, matters)
    ]


def case_table(city: City, keys: SearchKeys) -> Projection:
    """Return how cases become rows, by the city's policy and how it counts."""
    layout = _LAYOUT + MATTER_LAYOUT + COUNT_LAYOUT + APPLICATION_LAYOUT
    return Projection(CASES, "case", "case_id", layout, partial(case_row, city, keys), _put, _forget)
