"""The read model in PostgreSQL as a whole: its layout, and how a batch is written.

Shape: schema `read_model`: the tables of `PROJECTIONS`, each as its module says, and those of
`copy_writer`.
"""

from typing import Final

from consumers.log.copies import READ_MODEL, Connection
from consumers.log.copy_writer import CopyWriter
from consumers.log.projection import ChangeBatch, Projection
from consumers.quarantine.table import ACTION_TABLE, ENTRY_TABLES
from consumers.read_model.case_table import CASE_TABLE
from consumers.read_model.task_table import TASK_TABLE

PROJECTIONS: Final[tuple[Projection, ...]] = (CASE_TABLE, TASK_TABLE, ACTION_TABLE, *ENTRY_TABLES)
WRITER: Final = CopyWriter(
    READ_MODEL,
    lock=0x5EAD_0DE1,
    layout="".join(projection.layout for projection in PROJECTIONS),
    topics=tuple(projection.topic for projection in PROJECTIONS),
)


def write(connection: Connection, batch: ChangeBatch) -> None:
    """Write a batch's rows and its positions in one transaction: both or neither."""
    with connection.transaction():
        for projection in PROJECTIONS:
            changes = batch.changes[projection.topic]
            if changes.removed:
                projection.forget(connection, sorted(changes.removed))
            if changes.rows:
                projection.put(connection, tuple(changes.rows.values()))
        WRITER.put_positions(connection, batch.positions)
