"""The rules as one exchange has them: for the live join, and for whoever folds the same log again."""

from collections.abc import Collection

from exchange.domain.policy import load_policy
from exchange.runtime.case_ids import CaseIds
from exchange.runtime.join.codec import only_measured, output_encoders, record_decoder
from exchange.runtime.join.outputs import Outputs
from exchange.runtime.join.step import Step
from exchange.runtime.registry import Registry
from exchange.runtime.settings import Settings
from topics.catalogue import load_catalogue


def make_step(settings: Settings, registry: Registry, unread: Collection[str] = ()) -> Step:
    """Return the rules as the settings' exchange has them.

    Args:
        settings: the exchange.
        registry: has the schemas.
        unread: topics whose messages only the rules themselves look at: see ``codec.only_measured``.
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
    )
