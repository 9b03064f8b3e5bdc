"""The read model in PostgreSQL as a whole: its layout, and how a batch is written.

Shape: schema `read_model`: the tables of `projections`, each as its module says, and those of
`copy_writer`.
"""

from dataclasses import dataclass
from functools import cached_property

from consumers.log.copies import READ_MODEL, Connection
from consumers.log.copy_writer import CopyWriter
from consumers.log.projection import ChangeBatch, Projection
from consumers.quarantine.table import ACTION_TABLE, entry_tables
from consumers.read_model.case_table import case_table
from consumers.read_model.task_table import TASK_TABLE
from exchange.runtime.city import City


@dataclass(frozen=True)
class ReadModelTables:
    """The tables, for one city's topics and policy."""

    city: City

    @cached_property
    def projections(self) -> tuple[Projection, ...]:
        """How each topic becomes rows."""
        return (
            case_table(self.city.policy, self.city.statistics),
            TASK_TABLE,
            ACTION_TABLE,
            *entry_tables(self.city.catalogue),
        )

    @cached_property
    def writer(self) -> CopyWriter:
        """Keeps the place in the log beside the rows."""
        topics = self.city.catalogue.by_name
        return CopyWriter(
            READ_MODEL,
            lock=0x5EAD_0DE1,
            layout="".join(projection.layout for projection in self.projections),
            partitions={one.topic: topics[one.topic].partitions for one in self.projections},
        )

    def write(self, connection: Connection, batch: ChangeBatch) -> None:
        """Write a batch's rows and its positions in one transaction: both or neither."""
        with connection.transaction():
            for projection in self.projections:
                changes = batch.changes[projection.topic]
                if changes.removed:
                    projection.forget(connection, sorted(changes.removed))
                if changes.rows:
                    projection.put(connection, tuple(changes.rows.values()))
            self.writer.put_positions(connection, batch.positions)
