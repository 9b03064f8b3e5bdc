"""Where the log holds the records that are filed under one case, by the ledger."""

from typing import Final

from consumers.log.copies import LEDGER
from consumers.log.known_spots import known_spots
from consumers.log.source import KnownSpots
from exchange.runtime.settings import Settings

_FILED: Final = 'SELECT topic, partition, "offset" FROM ledger.records WHERE filed_under = %(case_id)s'


def record_spots(settings: Settings, case_id: str) -> KnownSpots:
    """Return where every record is whose key stands for the case, whatever came of it."""
    topics = [topic.name for topic in settings.city.catalogue.records]
    return known_spots(settings, LEDGER, topics, _FILED, {"case_id": case_id})
