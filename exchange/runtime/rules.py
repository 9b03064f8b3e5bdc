"""The rules as one exchange has them: for the live join, and for whoever folds the same log again."""

from collections.abc import Collection, Mapping
from typing import Final

from exchange.folding.case_ids import CaseIds
from exchange.folding.outputs import Outputs
from exchange.folding.step import Step
from exchange.folding.written import Encode
from exchange.runtime.logs import logger
from exchange.runtime.registry.avro_writer import case_part_encoders
from exchange.runtime.registry.client import Registry, subject_ids
from exchange.runtime.registry.join_codec import only_measured, output_encoders, record_decoder
from exchange.runtime.settings import Settings
from topics.catalogue import CASES

log = logger("join.step")

NO_ID: Final = 0
"""Stands for a schema's id: what is encoded with it never leaves the process."""


def report(event: str, **where: object) -> None:
    """Log what a rule failed on."""
    log.error(event, **where)


def make_step(settings: Settings, registry: Registry, unread: Collection[str] = ()) -> Step:
    """Return the rules as the settings' exchange has them, with outputs encoded as its topics take them.

    Args:
        settings: the exchange.
        registry: has the schemas.
        unread: topics whose messages nobody but the rules looks at: see ``join_codec.only_measured``.
    """
    catalogue = settings.city.catalogue
    encoders = output_encoders(catalogue, subject_ids(settings))
    encoders |= {
        name: only_measured(encoders[name], catalogue.by_name[name].max_message_bytes) for name in unread
    }
    return _step(settings, registry, encoders)


def make_step_of_history(settings: Settings, registry: Registry) -> Step:
    """Return the same rules for whoever looks back: their outputs go nowhere.

    They are encoded all the same: what would be too large for its topic is refused as it was then.
    """
    catalogue = settings.city.catalogue
    return _step(settings, registry, output_encoders(catalogue, dict.fromkeys(catalogue.by_name, NO_ID)))


def _step(settings: Settings, registry: Registry, encoders: Mapping[str, Encode]) -> Step:
    catalogue = settings.city.catalogue
    return Step(
        policy=settings.city.policy.holding_since(settings.rules_since),
        catalogue=catalogue,
        case_ids=CaseIds(settings.case_key),
        decode=record_decoder(catalogue, registry),
        outputs=Outputs(encoders, part_encoders=case_part_encoders(catalogue.schema_of(CASES))),
        report=report,
    )
