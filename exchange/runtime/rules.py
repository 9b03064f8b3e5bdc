"""The rules as one exchange has them: for the live join, and for whoever folds the same log again."""

from collections.abc import Collection

from exchange.domain.policy import load_policy
from exchange.folding.case_ids import CaseIds
from exchange.folding.outputs import Outputs
from exchange.folding.step import Step
from exchange.runtime.logs import logger
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.join_codec import only_measured, output_encoders, record_decoder
from exchange.runtime.settings import Settings
from topics.catalogue import load_catalogue

log = logger("join.step")


def report(event: str, **where: object) -> None:
    """Log what a rule failed on."""
    log.error(event, **where)


def make_step(settings: Settings, registry: Registry, unread: Collection[str] = ()) -> Step:
    """Return the rules as the settings' exchange has them.

    Args:
        settings: the exchange.
        registry: has the schemas.
        unread: topics whose messages only the rules themselves look at: see ``join_codec.only_measured``.
    """
    catalogue = load_catalogue()
    encoders = output_encoders(catalogue, settings)
    encoders |= {
        name: only_measured(encoders[name], catalogue.by_name[name].max_message_bytes) for name in unread
    }
    return Step(
        policy=load_policy().holding_since(settings.rules_since),
        catalogue=catalogue,
        case_ids=CaseIds(settings.case_key),
        decode=record_decoder(catalogue, registry),
        outputs=Outputs(encoders),
        report=report,
    )
