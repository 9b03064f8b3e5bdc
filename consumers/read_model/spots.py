"""Where the log holds receipts and announcements, by the read model's index of them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from consumers.log.copies import READ_MODEL
from consumers.log.known_spots import known_spots
from consumers.log.source import NOTHING_KNOWN, KnownSpots
from exchange.runtime.settings import Settings

_BY_ID: Final = """
SELECT 'receipts.' || department AS topic, partition, "offset" FROM read_model.receipts
WHERE department = ANY(%(publishers)s) AND record_id = %(id)s
UNION ALL
SELECT 'matters.' || department, partition, "offset" FROM read_model.announcements WHERE id = %(id)s
"""
_OF_CASE: Final = """
SELECT 'receipts.' || department AS topic, partition, "offset" FROM read_model.receipts
WHERE receipt_id = ANY(%(receipt_ids)s)
UNION ALL
SELECT 'matters.' || department, partition, "offset" FROM read_model.announcements
WHERE case_id = coalesce(
    %(case_id)s, (SELECT case_id FROM read_model.receipts WHERE receipt_id = ANY(%(receipt_ids)s))
)
"""
"""Where no case is named, of the one that the only receipt names."""


@dataclass(frozen=True)
class IndexSpots:
    """Asks the index of one exchange; it knows nothing where the projector has not run."""

    settings: Settings

    def by_id(self, some_id: str) -> KnownSpots:
        """Return where receipts of records with this id, and announcements with it, are."""
        return self._known(_BY_ID, id=some_id, publishers=list(self.settings.city.catalogue.publishers))

    def of_case(self, case_id: str, receipt_ids: Collection[str] = ()) -> KnownSpots:
        """Return where these receipts, and the announcements of a case, are."""
        return self._known(_OF_CASE, case_id=case_id, receipt_ids=list(receipt_ids))

    def by_receipt(self, receipt_id: str) -> KnownSpots:
        """Return where this receipt, and the announcements of the case that it names, are.

        While the index lacks the receipt it knows nothing: it cannot say of which case the announcements are.
        """
        found = self._known(_OF_CASE, case_id=None, receipt_ids=[receipt_id])
        here = any(spots.offsets for (topic, _), spots in found.items() if topic.startswith("receipts."))
        return found if here else NOTHING_KNOWN

    def _known(self, found: str, **wanted: Any) -> KnownSpots:
        topics = self.settings.city.catalogue.topics
        indexed = [topic.name for topic in topics if topic.kind in {"receipts", "matters"}]
        return known_spots(self.settings, READ_MODEL, indexed, found, wanted)
