"""The pasts of a running exchange's cases: its brokers, its registry and its read model put behind them."""

from collections.abc import Sequence
from typing import Final

import psycopg

from avro_schemas.catalogue import schema
from consumers.history.case_fold import CaseFold
from consumers.history.past import CasePast
from consumers.history.published import output_decoder
from consumers.log.copy_session import open_session
from consumers.log.scan import CaseLog
from consumers.log.source import Tell, silent
from exchange.domain.policy import load_policy
from exchange.folding.case_ids import CaseIds
from exchange.folding.outputs import Outputs
from exchange.folding.partitions import partition_of
from exchange.folding.step import Step
from exchange.runtime.errors import ExchangeError
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.join_codec import record_decoder
from exchange.runtime.registry.serde import Encoder
from exchange.runtime.rules import report
from exchange.runtime.settings import Settings
from topics.catalogue import RECORDS, load_catalogue
from verification.identity import UnfitIdentityError, identify

NO_ID = 0
"""Stands for the schema's id: what is encoded here never leaves the process."""

_LIVES_ON: Final = "SELECT partition FROM read_model.cases WHERE case_id = %s"


def new_past(settings: Settings, registry: Registry, tell: Tell = silent) -> CasePast:
    """Return the pasts of an exchange's cases; ``tell`` hears how far the reading is."""
    return CasePast(
        CaseLog(settings, tell),
        _new_fold(settings, registry),
        output_decoder(registry.schema_by_id),
        lambda asked, case_id: _partitions_of(asked, case_id, settings),
        tell,
    )


def _new_fold(settings: Settings, registry: Registry) -> CaseFold:
    """Return the fold of an exchange's cases: the join's rules, with outputs that go nowhere.

    They are encoded all the same: what would be too large for its topic is refused here as it was there.
    """
    catalogue = load_catalogue()
    names = {topic.name: topic.schema for topic in catalogue.topics if topic.kind != RECORDS and topic.schema}
    encoders = {name: Encoder(schema(name), NO_ID).encode for name in set(names.values())}
    return CaseFold(
        Step(
            policy=load_policy().holding_since(settings.rules_since),
            catalogue=catalogue,
            case_ids=CaseIds(settings.case_key),
            decode=record_decoder(catalogue, registry),
            outputs=Outputs({topic: encoders[name] for topic, name in names.items()}),
            report=report,
        )
    )


def _partitions_of(asked: str, case_id: str, settings: Settings) -> Sequence[int]:
    """Return the one partition where the case lives; all of them where that is not known.

    A number says it by itself; of a case id the read model may know it, and need not: the log is the truth.
    """
    partitions = load_catalogue().records[0].partitions
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
