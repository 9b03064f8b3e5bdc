"""What operators do with entries of the quarantine, as events: who, what, why. Nothing is ever deleted.

Shape: topic `quarantine_actions`, key entry id, ``exchange.events.QuarantineAction``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal
from uuid import uuid4

from exchange.folding.cloud_events import Headers, cloud_event
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.sender import NotTakenError, Sender
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.topic_encoders import topic_encoder
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from topics.catalogue import QUARANTINE_ACTIONS
from verification.times import instant_text

SOURCE: Final = "/exchange/quarantine"


@dataclass(frozen=True, slots=True)
class Action:
    """One action on one entry."""

    entry_id: str
    action: Literal["RETRIED", "DISCARDED"]
    actor: str
    reason: str | None = None
    action_id: str = field(default_factory=lambda: str(uuid4()))
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


def note_actions(
    settings: Settings, actions: Iterable[Action], told: Callable[[int], None] | None = None
) -> None:
    """Return once the brokers hold all of them; the action itself is taken after that, never before.

    Args:
        settings: where the brokers and the registry are.
        actions: what is done, and by whom.
        told: called with how many were handed over so far.

    Raises:
        ExchangeError: they were not noted.
    """
    with Registry(settings.registry) as registry:
        encode = topic_encoder(registry, settings.city.catalogue.by_name[QUARANTINE_ACTIONS]).encode
    sender = Sender(settings.kafka)
    try:
        for count, action in enumerate(actions, 1):
            value = encode({name: getattr(action, name) for name in Action.__slots__})
            sender.send(QUARANTINE_ACTIONS, value, action.entry_id, _headers(action))
            if told:
                told(count)
        sender.finish()
    except NotTakenError as problem:
        raise ExchangeError(said("action_unnoted", problem=problem), said("do_it_again")) from None


def _headers(action: Action) -> Headers:
    at = instant_text(action.at)
    return cloud_event("exchange.events.quarantine_action", action.action_id, SOURCE, at)
