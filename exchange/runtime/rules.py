"""The rules as one exchange has them: for the live join, and for whoever folds the same log again."""

from collections.abc import Mapping
from typing import Final

from exchange.folding.case_ids import CaseIds
from exchange.folding.outputs import Outputs
from exchange.folding.step import Step
from exchange.folding.written import Encode
from exchange.runtime.logs import logger
from exchange.runtime.registry.avro_writer import case_part_encoders
from exchange.runtime.registry.client import Registry, subject_ids
from exchange.runtime.registry.join_codec import output_encoders, record_decoder
from exchange.runtime.settings import Settings
from topics.catalogue import CASES

log = logger("join.step")

NO_ID: Final = 0
"""Stands for a schema's id: what is encoded with it never leaves the process."""


def report(event: str, **where: object) -> None:
    """Log what a rule failed on."""
    log.error(event, **where)


def make_step(settings: Settings, registry: Registry) -> Step:
    """Return the rules as the settings' exchange has them, with outputs encoded as its topics take them.

    Args:
        settings: the exchange.
        registry: has the schemas.
    """
    return _step(settings, registry, output_encoders(settings.city.catalogue, subject_ids(settings)))


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
        outputs=Outputs(encoders, case_part_encoders(catalogue.schema_of(CASES))),
        report=report,
    )
