"""The pasts of a running exchange's cases, read from its brokers, its registry and its read model."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import psycopg

from consumers.history.case_fold import CaseFold
from consumers.history.past import CasePast
from consumers.history.published import output_decoder
from consumers.ledger.spots import record_spots
from consumers.log.copy_session import open_session
from consumers.log.scan import CaseLog
from consumers.log.source import KnownSpots, Tell, silent
from consumers.read_model.spots import IndexSpots
from exchange.folding.partitions import partition_of
from exchange.runtime.errors import ExchangeError
from exchange.runtime.registry.client import Registry
from exchange.runtime.rules import make_step_of_history
from exchange.runtime.settings import Settings
from verification.identity import UnfitIdentityError, identify

_LIVES_ON: Final = "SELECT partition FROM read_model.cases WHERE case_id = %s"


def new_past(settings: Settings, registry: Registry, tell: Tell = silent) -> CasePast:
    """Return the pasts of an exchange's cases; ``tell`` hears how far the reading is."""
    return CasePast(
        CaseLog(settings, tell),
        CaseFold(make_step_of_history(settings, registry)),
        output_decoder(settings.city.catalogue, registry.schema_by_id),
        lambda asked, case_id: _partitions_of(asked, case_id, settings),
        IndexedCase(settings),
        tell,
    )


@dataclass(frozen=True)
class IndexedCase:
    """Knows of a case what the ledger and the index of receipts and announcements know."""

    settings: Settings

    def records(self, case_id: str) -> KnownSpots:
        """Return where every record is whose key stands for the case."""
        return record_spots(self.settings, case_id)

    def told(self, case_id: str, receipt_ids: Collection[str]) -> KnownSpots:
        """Return where these receipts, and the announcements of the case, are."""
        return IndexSpots(self.settings).of_case(case_id, receipt_ids)


def _partitions_of(asked: str, case_id: str, settings: Settings) -> Sequence[int]:
    """Return the one partition where the case lives; all of them if that is not known.

    A number says it by itself; for a case id the read model may know it but need not: the log is the truth.
    """
    partitions = settings.city.catalogue.records[0].partitions
    try:
        return (partition_of(identify(asked.strip()).number, partitions),)
    except UnfitIdentityError:
        found = _in_read_model(case_id, settings)
    return range(partitions) if found is None else (found,)


def _in_read_model(case_id: str, settings: Settings) -> int | None:
    try:
        with open_session(settings) as session:
            row = session.connection.execute(_LIVES_ON, (case_id,)).fetchone()
    except (ExchangeError, psycopg.Error):
        return None
    return int(row[0]) if row else None
