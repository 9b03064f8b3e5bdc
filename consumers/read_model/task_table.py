"""Tasks in the read model: who owes what, done ones included.

Shape: `tasks`: task_id → the fields of ``exchange.events.Task``. No row holds personal data.
"""

from collections.abc import Sequence
from typing import Any, Final

from avro_schemas.catalogue import Document
from avro_schemas.typed_documents import TaskDocument
from consumers.log.copies import Connection
from consumers.log.projection import Projection, storable
from topics.catalogue import TASKS

_LAYOUT = """
CREATE TABLE tasks (
    task_id text PRIMARY KEY,
    case_id text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    owed_by text NOT NULL,
    matter smallint,
    instance text,
    county text,
    subject text NOT NULL,
    records text[] NOT NULL,
    opened_at timestamptz NOT NULL,
    due timestamptz,
    at timestamptz NOT NULL
);
CREATE INDEX ON tasks (owed_by, kind, opened_at, task_id) INCLUDE (state, county, instance)
    WHERE state <> 'DONE';
CREATE INDEX ON tasks (kind, case_id) WHERE state <> 'DONE';
CREATE INDEX ON tasks (case_id);
"""
_PUT = """
INSERT INTO tasks VALUES (
    %(task_id)s, %(case_id)s, %(kind)s, %(state)s, %(owed_by)s, %(matter)s, %(instance)s, %(county)s,
    %(subject)s, %(records)s, %(opened_at)s, %(due)s, %(at)s
)
ON CONFLICT (task_id) DO UPDATE SET
    case_id = excluded.case_id, kind = excluded.kind, state = excluded.state, owed_by = excluded.owed_by,
    matter = excluded.matter, instance = excluded.instance, county = excluded.county,
    subject = excluded.subject, records = excluded.records, opened_at = excluded.opened_at,
    due = excluded.due, at = excluded.at
"""
_FORGET = "DELETE FROM tasks WHERE task_id = ANY(%s)"


def task_row(_message: Any, document: TaskDocument) -> Document:
    """Return the row of a task: the event itself, in texts that PostgreSQL takes."""
    return {name: _storable(value) for name, value in document.items()}


def _storable(value: Any) -> Any:
    if isinstance(value, list):
        return [storable(text) for text in value]
    return storable(value) if isinstance(value, str) else value


def _put(connection: Connection, rows: Sequence[Document]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_PUT, rows)


def _forget(connection: Connection, task_ids: Sequence[str]) -> None:
    connection.execute(_FORGET, (list(task_ids),))


TASK_TABLE: Final = Projection(TASKS, "task", "task_id", _LAYOUT, task_row, _put, _forget)
