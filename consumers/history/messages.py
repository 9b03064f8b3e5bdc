"""Which messages of the log belong to one case: its person's records, and what other cases say of them.

Everything about one person meets on one partition, so a twelfth of the log is enough, unless nobody knows
where the case lives. Of records, only those are read that the ledger points to, and what it has not read yet.
What other cases say is read whole: a word may ask every case for a record, and no index says for whom it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from avro_schemas.typed_documents import PersonMoveDocument
from consumers.history.spots import CaseSpots
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
    spots: CaseSpots

    def of(self, case_id: str, partitions: Sequence[int]) -> list[Any]:
        """Return the case's records and what other cases say, in the order of the log.

        All of them are from the partition where the case lives, even if others are looked through.
        """
        keeps = {topic.name: self._is_of(case_id) for topic in self.catalogue.records}
        known = self.spots.records(case_id)
        found = self.log.read({**keeps, MOVES: self._concerns(case_id)}, partitions, known)
        home = next((self._home(message) for message in found if message.topic() != MOVES), None)
        if home is None:  # nothing was filed under its number: all that it has was lent to it
            home = next((m.partition() for m in found if m.key() == case_id.encode()), None)
        return [message for message in found if message.partition() == home]

    def _is_of(self, case_id: str) -> Keep:
        return lambda record: self.case_ids.of_message_key(record.key()) == case_id

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
