"""Cases in the read model, as they were published, and their matters by department.

Shape: `cases`: case_id → the case's framed Avro bytes, and from which partition.
`matters`: one row per case, matter and instance. Their facts for the statistics: `statistics.fact_tables`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from avro_schemas.typed_documents import CaseDocument, MatterDocument
from consumers.log.copies import Connection
from consumers.log.projection import Projection, storable
from consumers.statistics.fact_tables import FACT_LAYOUT, FactRows, put_facts
from consumers.statistics.facts import application_facts, matter_facts
from exchange.domain.policy import Policy
from exchange.domain.policy_files.statistics import StatisticsPolicy
from exchange.folding.log_time import taken_at_of
from exchange.runtime.registry.serde import schema_id_of
from topics.catalogue import CASES

_LAYOUT = """
CREATE TABLE read_model.cases (
    case_id text PRIMARY KEY,
    death_established boolean NOT NULL,
    document bytea NOT NULL,
    schema_id integer NOT NULL,
    partition integer NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE TABLE read_model.matters (
    case_id text NOT NULL REFERENCES read_model.cases ON DELETE CASCADE,
    matter smallint NOT NULL,
    instance text,
    department text NOT NULL,
    state text NOT NULL
);
CREATE INDEX ON read_model.matters (case_id);
CREATE INDEX ON read_model.matters (department, state);
"""
_FORGET = "DELETE FROM read_model.cases WHERE case_id = ANY(%s)"
_PUT_CASES = """
INSERT INTO read_model.cases
SELECT * FROM unnest(%s::text[], %s::boolean[], %s::bytea[], %s::integer[], %s::integer[], %s::timestamptz[])
ON CONFLICT (case_id) DO UPDATE SET
    death_established = excluded.death_established, document = excluded.document,
    schema_id = excluded.schema_id, partition = excluded.partition, updated_at = excluded.updated_at
"""
_FORGET_MATTERS = "DELETE FROM read_model.matters WHERE case_id = ANY(%s)"
_PUT_MATTERS = """
INSERT INTO read_model.matters
SELECT * FROM unnest(%s::text[], %s::smallint[], %s::text[], %s::text[], %s::text[])
"""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as it came. `updated_at` is the log's append time, so that a rebuild gives the same row."""

    case_id: str
    death_established: bool
    document: bytes
    schema_id: int
    partition: int
    updated_at: datetime
    matters: tuple[MatterDocument, ...]
    facts: FactRows


def case_row(policy: Policy, counting: StatisticsPolicy, message: Any, document: CaseDocument) -> CaseRow:
    """Return the row of a case."""
    payload: bytes = message.value()
    return CaseRow(
        case_id=document["case_id"],
        death_established=document["death_established"],
        document=payload,
        schema_id=schema_id_of(payload),
        partition=message.partition(),
        updated_at=taken_at_of(message),
        matters=tuple(document["matters"]),
        facts=(
            matter_facts(document, policy),
            application_facts(document, counting),
        ),
    )


def _put(connection: Connection, rows: Sequence[CaseRow]) -> None:
    matters = [(row.case_id, *matter) for row in rows for matter in shown_matters(row.matters)]
    connection.execute(_PUT_CASES, _columns(rows))
    connection.execute(_FORGET_MATTERS, ([row.case_id for row in rows],))
    columns = [[matter[number] for matter in matters] for number in range(5)]
    connection.execute(_PUT_MATTERS, columns)
    put_facts(connection, {row.case_id: row.facts for row in rows})


def _forget(connection: Connection, case_ids: Sequence[str]) -> None:
    connection.execute(_FORGET, (list(case_ids),))


def _columns(rows: Iterable[CaseRow]) -> list[list[Any]]:
    names = ("case_id", "death_established", "document", "schema_id", "partition", "updated_at")
    return [[getattr(row, name) for row in rows] for name in names]


def shown_matters(matters: Iterable[MatterDocument]) -> list[tuple[int, str | None, str, str]]:
    """Return the rows that a case's matters make: matter, instance, department, state."""
    return [
        (one["matter"], storable(one["instance"] or "") or None, one["department"], one["state"])
        for one in matters
    ]


def case_table(policy: Policy, counting: StatisticsPolicy) -> Projection:
    """Return how cases become rows; the facts for the statistics go by the policy and how it counts."""
    layout = _LAYOUT + FACT_LAYOUT
    return Projection(CASES, "case", "case_id", layout, partial(case_row, policy, counting), _put, _forget)
