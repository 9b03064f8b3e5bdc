"""Which messages of the log belong to one case: its person's records, and what other cases say of them.

Everything about one person meets on one partition, so a twelfth of the log is enough, unless nobody knows
where the case lives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from avro_schemas.typed_documents import PersonMoveDocument
from consumers.log.source import Keep, ReadsLog
from exchange.folding.case_ids import CaseIds
from exchange.folding.errors import SerdeError
from exchange.folding.messages import Decode
from exchange.folding.partitions import partition_of
from topics.catalogue import MOVES, Catalogue


@dataclass(frozen=True)
class CaseMessages:
    """Finds cases' messages in one exchange's log."""

    log: ReadsLog
    catalogue: Catalogue
    case_ids: CaseIds
    decode: Decode

    def of(self, case_id: str, partitions: Sequence[int]) -> list[Any]:
        """Return the case's records and what other cases say, in the order of the log.

        All of them are from the partition where the case lives, even if others are looked through.
        """
        keeps = {topic.name: self._is_of(case_id) for topic in self.catalogue.records}
        found = self.log.read({**keeps, MOVES: self._concerns(case_id)}, partitions)
        home = next((self._home(message) for message in found if message.topic() != MOVES), None)
        if home is None:  # nothing was filed under its number: all that it has was lent to it
            home = next((m.partition() for m in found if m.key() == case_id.encode()), None)
        return [message for message in found if message.partition() == home]

    def _is_of(self, case_id: str) -> Keep:
        def keep(record: Any) -> bool:
            try:
                return self.case_ids.of_key((record.key() or b"").decode()) == case_id
            except UnicodeDecodeError:
                return False

        return keep

    def _concerns(self, case_id: str) -> Keep:
        """Return the test whether a move is from the case, to it, or asks every case for a record."""

        def keep(message: Any) -> bool:
            try:
                move: PersonMoveDocument = self.decode(MOVES, message.value())
            except SerdeError:
                return False
            return move["to_case_id"] in {None, case_id} or move["from_case_id"] == case_id

        return keep

    def _home(self, record: Any) -> int:
        return partition_of(record.key().decode(), self.catalogue.records[0].partitions)
