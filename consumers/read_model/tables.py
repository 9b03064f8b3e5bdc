"""The read model in PostgreSQL as a whole: its layout, and how a batch is written.

Shape: schema `read_model`: the tables of `projections`, each as its module says, and those of
`copy_writer`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from consumers.log.copies import READ_MODEL, Connection
from consumers.log.copy_writer import CopyWriter
from consumers.log.projection import Changes, Projection
from consumers.quarantine.table import ACTION_TABLE, entry_tables
from consumers.read_model.announcement_table import AnnouncementRow, announcement_tables
from consumers.read_model.case_table import CaseRow, case_table
from consumers.read_model.look_table import LOOK_TABLE
from consumers.read_model.matter_told import note_told
from consumers.read_model.receipt_table import receipt_tables
from consumers.read_model.search_keys import SEARCH_KEY, SearchKeys
from consumers.read_model.task_table import TASK_TABLE
from exchange.runtime.city import City
from exchange.runtime.kafka.watermarks import Place

INDEX_CHANNEL: Final = "exchange_index"
"""Who listens here is told, after each batch, the name of each topic with new receipts or announcements."""
_TELL = "SELECT pg_notify(%s, topic) FROM unnest(%s::text[]) AS told (topic)"


@dataclass(frozen=True)
class ReadModelTables:
    """The tables, for one city's topics and policy, and with the keys by which its cases are found."""

    city: City
    keys: SearchKeys

    @cached_property
    def projections(self) -> tuple[Projection, ...]:
        """How each topic becomes rows."""
        return (
            case_table(self.city, self.keys),
            TASK_TABLE,
            ACTION_TABLE,
            LOOK_TABLE,
            *entry_tables(self.city.catalogue),
            *receipt_tables(self.city.catalogue),
            *announcement_tables(self.city, self.keys),
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
            made_with={SEARCH_KEY: self.keys.mark},
        )

    def write(
        self, connection: Connection, changes: Mapping[str, Changes], positions: Mapping[Place, int]
    ) -> None:
        """Write what a batch changes and its positions in one transaction: both or neither."""
        heard = []
        with connection.transaction():
            for projection in self.projections:
                if (changed := changes.get(projection.topic)) is None:
                    continue
                if changed.removed:
                    projection.forget(connection, sorted(changed.removed))
                if changed.rows:
                    projection.put(connection, tuple(changed.rows.values()))
                    heard += [projection.topic] if projection.heard else []
            if cases := _cases_of(changes):
                note_told(connection, cases)
            self.writer.put_positions(connection, positions)
            if heard:
                connection.execute(_TELL, (INDEX_CHANNEL, heard))


def _cases_of(changes: Mapping[str, Changes]) -> set[str]:
    """Return the cases whose matters changed, or of which somebody was told something."""
    rows = (row for changed in changes.values() for row in changed.rows.values())
    return {row.case_id for row in rows if isinstance(row, CaseRow | AnnouncementRow)}
