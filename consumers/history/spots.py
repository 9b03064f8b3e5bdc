"""Where the log holds what belongs to one case, as far as indexes say; what they lack is looked for."""

from collections.abc import Collection
from typing import Final, Protocol

from consumers.log.source import NOTHING_KNOWN, KnownSpots


class CaseSpots(Protocol):
    """What knows the spots of a case's messages."""

    def records(self, case_id: str) -> KnownSpots:
        """Return where every record is whose key stands for the case."""

    def told(self, case_id: str, receipt_ids: Collection[str]) -> KnownSpots:
        """Return where these receipts, and the announcements of the case, are."""


class _NoSpots:
    def records(self, _case_id: str) -> KnownSpots:
        return NOTHING_KNOWN

    def told(self, _case_id: str, _receipt_ids: Collection[str]) -> KnownSpots:
        return NOTHING_KNOWN


NO_SPOTS: Final[CaseSpots] = _NoSpots()
"""Knows nothing: the log is read from its beginning."""
