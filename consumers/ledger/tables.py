"""The ledger in PostgreSQL: one row for each record of the log, whatever came of it.

Shape: schema `ledger`, beside the tables of `copy_writer`:
`records`: topic, partition, offset → what is known of the record; `filed_under`: the case id for which its
key stands, whatever came of it; `in_case`: whether the case that its receipt names has it; `open`: whether
something that must come of it has not come.
`cases`: case id → the ids of its records, as last published.
`refusals`: what admission turned away, which never was in the log.
`gaps`: where outsiders' transactions took records of record topics back, and how many.
`checks`: one row: what the reconciler saw when it last looked.
No row holds personal data.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from consumers.ledger.entries import IN_A_CASE, LedgerBatch, LedgerEntry
from consumers.ledger.reading import ledger_topics
from consumers.log.copies import LEDGER, Connection
from consumers.log.copy_writer import CopyWriter
from consumers.log.outside_transactions import TakenBack
from exchange.domain.values import Position
from topics.catalogue import Catalogue

_LAYOUT = f"""
CREATE TABLE records (
    topic text, partition integer, "offset" bigint,
    department text NOT NULL,
    record_type text NOT NULL,
    record_id text,
    filed_under text,
    taken_at timestamptz NOT NULL,
    logged boolean NOT NULL,
    outcome text,
    case_id text,
    in_case boolean NOT NULL DEFAULT false,
    redeliveries integer NOT NULL,
    redelivered_at timestamptz,
    redelivery_offset bigint,
    open boolean NOT NULL GENERATED ALWAYS AS (
        logged AND (outcome IS NULL OR (outcome IN {IN_A_CASE} AND NOT in_case))
    ) STORED,
    PRIMARY KEY (topic, partition, "offset")
);
CREATE INDEX ON records (topic, partition, "offset") WHERE open;
CREATE INDEX ON records (redelivered_at) WHERE redeliveries > 0;
CREATE INDEX ON records (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX ON records (filed_under) WHERE filed_under IS NOT NULL;
CREATE INDEX ON records USING brin (taken_at);
CREATE TABLE cases (case_id text PRIMARY KEY, record_ids text[] NOT NULL);
CREATE TABLE refusals (
    refusal_id text PRIMARY KEY, department text NOT NULL, taken_at timestamptz NOT NULL
);
CREATE INDEX ON refusals (taken_at);
CREATE TABLE gaps (
    topic text, partition integer, first_offset bigint,
    next_offset bigint NOT NULL,
    department text NOT NULL,
    records bigint NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (topic, partition, first_offset)
);
CREATE TABLE checks (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    at timestamptz NOT NULL, grace_seconds integer NOT NULL,
    missing bigint NOT NULL, not_healed bigint NOT NULL, healed bigint NOT NULL, waiting_since timestamptz
);
"""
# As `entries.merged`, with what the table holds for what was said before.
_PUT_RECORDS = """
INSERT INTO records AS known (
    topic, partition, "offset", department, record_type, record_id, filed_under, taken_at, logged, outcome,
    case_id,
    redeliveries, redelivered_at, redelivery_offset
)
SELECT * FROM unnest(
    %s::text[], %s::integer[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::timestamptz[], %s::boolean[], %s::text[], %s::text[], %s::integer[], %s::timestamptz[], %s::bigint[]
)
ON CONFLICT (topic, partition, "offset") DO UPDATE SET
    record_id = coalesce(known.record_id, excluded.record_id),
    filed_under = coalesce(known.filed_under, excluded.filed_under),
    logged = known.logged OR excluded.logged,
    outcome = CASE
        WHEN excluded.outcome = 'UNDECODABLE' THEN coalesce(known.outcome, excluded.outcome)
        ELSE coalesce(excluded.outcome, known.outcome)
    END,
    case_id = coalesce(excluded.case_id, known.case_id),
    redeliveries = known.redeliveries + excluded.redeliveries,
    redelivered_at = coalesce(excluded.redelivered_at, known.redelivered_at),
    redelivery_offset = coalesce(excluded.redelivery_offset, known.redelivery_offset)
"""
_FORGET_CASES = "DELETE FROM cases WHERE case_id = ANY(%s)"
# One text for each case: arrays of arrays must be rectangular in PostgreSQL, and cases are not.
_PUT_CASES = """
INSERT INTO cases
SELECT case_id, string_to_array(ids, ' ') FROM unnest(%s::text[], %s::text[]) AS put (case_id, ids)
ON CONFLICT (case_id) DO UPDATE SET record_ids = excluded.record_ids
"""
_JUDGE = """
UPDATE records AS known SET in_case = NOT known.in_case
FROM unnest(%s::text[]) AS touched (case_id) LEFT JOIN cases USING (case_id)
WHERE known.case_id = touched.case_id
    AND known.in_case <> coalesce(known.record_id = ANY(cases.record_ids), false)
"""
_PUT_REFUSALS = """
INSERT INTO refusals SELECT * FROM unnest(%s::text[], %s::text[], %s::timestamptz[])
ON CONFLICT DO NOTHING
"""
_FORGET_GAPS = """
DELETE FROM gaps
WHERE topic = %s AND partition = %s AND first_offset >= %s AND first_offset < %s
"""
_PUT_GAP = "INSERT INTO gaps VALUES (%s, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True)
class LedgerTables:
    """The tables, for the topics of one catalogue."""

    catalogue: Catalogue

    @cached_property
    def writer(self) -> CopyWriter:
        """Keeps the place in the log beside the rows."""
        topics = {name: self.catalogue.by_name[name].partitions for name in ledger_topics(self.catalogue)}
        return CopyWriter(LEDGER, lock=0x1ED6_E200, layout=_LAYOUT, partitions=topics)

    def write(self, connection: Connection, batch: LedgerBatch) -> None:
        """Write what a batch says, and its positions, in one transaction: both or neither."""
        gone = [case_id for case_id, ids in batch.cases.items() if ids is None]
        cases = {case_id: ids for case_id, ids in batch.cases.items() if ids is not None}
        touched = {*batch.cases, *(entry.case_id for entry in batch.entries.values() if entry.case_id)}
        with connection.transaction():
            if batch.entries:
                connection.execute(_PUT_RECORDS, self._columns(batch.entries.items()))
            if gone:
                connection.execute(_FORGET_CASES, (gone,))
            if cases:
                connection.execute(_PUT_CASES, (list(cases), [" ".join(ids) for ids in cases.values()]))
            if touched:
                connection.execute(_JUDGE, (sorted(touched),))
            if batch.refusals:
                connection.execute(_PUT_REFUSALS, _refusal_columns(batch))
            self.writer.put_positions(connection, batch.positions)

    def write_gaps(self, connection: Connection, found: Iterable[TakenBack]) -> None:
        """Write what is in gaps of record topics; a gap that is read again and is longer replaces its parts.

        Call it before the positions after them are written: otherwise a crash in between would lose them.
        """
        with connection.transaction():
            for gap in found:
                place, owner = (gap.topic, gap.partition, gap.first), self.catalogue.by_name[gap.topic].owner
                connection.execute(_FORGET_GAPS, (*place, gap.next))
                connection.execute(_PUT_GAP, (*place, gap.next, owner, gap.records, gap.taken_at))

    def _columns(self, entries: Iterable[tuple[Position, LedgerEntry]]) -> list[list[Any]]:
        rows = [
            (
                place.topic,
                place.partition,
                place.offset,
                self.catalogue.by_name[place.topic].owner,
                self.catalogue.type_of(place.topic),
                entry.record_id,
                entry.filed_under,
                entry.taken_at,
                entry.logged,
                entry.outcome,
                entry.case_id,
                entry.redeliveries,
                entry.redelivered_at,
                entry.redelivery_offset,
            )
            for place, entry in entries
        ]
        return [list(column) for column in zip(*rows, strict=True)]


def _refusal_columns(batch: LedgerBatch) -> list[list[Any]]:
    departments = [department for department, _ in batch.refusals.values()]
    return [list(batch.refusals), departments, [at for _, at in batch.refusals.values()]]
