"""What the read model holds of some cases, as entries beside what the log and the live cases say."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from psycopg.rows import dict_row

from avro_schemas.typed_documents import CaseDocument
from consumers.log.copies import Connection
from consumers.read_model.case_table import shown_matters
from consumers.replay.compared_content import of_case, of_index_row, of_task_row
from consumers.replay.compared_entries import SideEntry
from consumers.replay.present_cases import PresentCases
from exchange.runtime.kafka.watermarks import Place
from topics.catalogue import matters_topic, receipts_topic

SIDE: Final = "read_model"
AT_ONCE: Final = 500

_CASES: Final = """
SELECT case_id, document,
    (SELECT coalesce(json_agg(json_build_array(matter, instance, department, state)), '[]')
     FROM read_model.matter_facts AS facts WHERE facts.case_id = cases.case_id) AS matters
FROM read_model.cases WHERE partition = ANY(%(partitions)s) AND (%(all)s OR case_id = ANY(%(case_ids)s))
"""
_TASKS: Final = """
SELECT tasks.* FROM read_model.tasks LEFT JOIN read_model.cases USING (case_id)
WHERE coalesce(partition, 0) = ANY(%(partitions)s) AND (%(all)s OR case_id = ANY(%(case_ids)s))
"""
_INDEX: Final = """
SELECT * FROM read_model.{table}
WHERE partition = ANY(%(partitions)s) AND (%(all)s OR case_id = ANY(%(case_ids)s))
"""
_POSITIONS: Final = "SELECT topic, partition, next_offset FROM read_model.positions"


def positions(connection: Connection) -> dict[tuple[str, int], int]:
    """Return how far the read model has come, by topic and partition."""
    return {(topic, partition): at for topic, partition, at in connection.execute(_POSITIONS).fetchall()}


def case_rows(
    connection: Connection,
    partitions: Collection[int],
    case_ids: Collection[str] | None,
    present: PresentCases,
) -> Iterator[tuple[Sequence[SideEntry], str, bytes, list[Any]]]:
    """Yield, for each case's row, its entries, its id, the document and the rows of its matters."""
    for row in _rows(connection, "verify_cases", _CASES, partitions, case_ids):
        document = bytes(row["document"])
        entries = tuple(of_case(SIDE, row["case_id"], present.rewritten(document)))
        yield entries, row["case_id"], document, row["matters"]


def task_rows(
    connection: Connection, partitions: Collection[int], case_ids: Collection[str] | None
) -> Iterator[SideEntry]:
    """Yield the entries of the rows of tasks."""
    for row in _rows(connection, "verify_tasks", _TASKS, partitions, case_ids):
        yield from of_task_row(SIDE, {name: _utc(value) for name, value in row.items()})


def index_rows(
    connection: Connection,
    partitions: Collection[int],
    case_ids: Collection[str] | None,
    ends: Mapping[Place, int],
) -> Iterator[SideEntry]:
    """Yield the entries of the rows of receipts and announcements before these ends of their topics."""
    for table, topic_of in (("receipts", receipts_topic), ("announcements", matters_topic)):
        query = _INDEX.format(table=table)
        for row in _rows(connection, f"verify_{table}", query, partitions, case_ids):
            if row["offset"] < ends.get((topic_of(row["department"]), row["partition"]), 0):
                yield from of_index_row(SIDE, {name: _utc(value) for name, value in row.items()})


def matters_agree(document: CaseDocument, found: Sequence[Sequence[Any]]) -> bool:
    """Say whether the rows of a case's matters are those that its document makes."""
    return sorted(map(_text, shown_matters(document["matters"]))) == sorted(map(_text, found))


def _rows(
    connection: Connection,
    name: str,
    query: str,
    partitions: Collection[int],
    case_ids: Collection[str] | None,
) -> Iterator[Mapping[str, Any]]:
    wanted = {"partitions": list(partitions), "all": case_ids is None, "case_ids": list(case_ids or ())}
    with connection.transaction(), connection.cursor(name, row_factory=dict_row) as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(query.encode(), wanted)
        yield from cursor


def _text(values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(map(str, values))


def _utc(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
