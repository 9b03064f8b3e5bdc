"""What operators do with entries of the quarantine, as events: who, what, why. Nothing is ever deleted.

Shape: topic `quarantine_actions`, key entry id, ``exchange.events.QuarantineAction``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import uuid4

from confluent_kafka import KafkaError, KafkaException

from exchange.runtime.cloud_events import cloud_event
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka_clients import make_producer
from exchange.runtime.registry import Registry
from exchange.runtime.settings import Settings
from exchange.runtime.topic_encoders import topic_encoder
from topics.catalogue import QUARANTINE_ACTIONS
from verification.times import instant_text

SOURCE: Final = "/exchange/quarantine"
ANSWER_LIMIT_S: Final = 10.0
_WAIT_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Action:
    """One action on one entry."""

    entry_id: str
    action: Literal["RETRIED", "DISCARDED"]
    actor: str
    reason: str | None = None
    action_id: str = field(default_factory=lambda: str(uuid4()))
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class ActionLog:
    """Writes actions to the log."""

    settings: Settings
    _failures: list[str] = field(default_factory=list)

    def note(self, actions: Iterable[Action], told: Callable[[int], None] | None = None) -> None:
        """Return once the brokers hold them all; what an action stands for is done after that, never before.

        Args:
            actions: what is done, and by whom.
            told: called with how many were handed over so far.

        Raises:
            ExchangeError: they were not noted.
        """
        self._failures.clear()
        with Registry(self.settings.registry) as registry:
            encode = topic_encoder(registry, QUARANTINE_ACTIONS).encode
        own = {"message.timeout.ms": int(ANSWER_LIMIT_S * 1000), "linger.ms": 5, "log_level": 0}
        producer = make_producer(self.settings.kafka, {**own, "on_delivery": self._delivered})
        for count, action in enumerate(actions, 1):
            value = encode({name: getattr(action, name) for name in Action.__slots__})
            self._produce(producer, action, value)
            if told:
                told(count)
        left = producer.flush(ANSWER_LIMIT_S)
        if left or self._failures:
            raise _not_noted(self._failures[0] if self._failures else "timed out")

    def _produce(self, producer: Any, action: Action, value: bytes) -> None:
        at = instant_text(action.at)
        headers = cloud_event("exchange.events.quarantine_action", action.action_id, SOURCE, at)
        while True:
            try:
                producer.produce(QUARANTINE_ACTIONS, value, action.entry_id, headers=headers)
            except BufferError:
                producer.poll(_WAIT_S)
            except KafkaException as problem:
                raise _not_noted(problem.args[0].name()) from None
            else:
                producer.poll(0)
                return

    def _delivered(self, error: KafkaError | None, _message: Any) -> None:
        if error is not None:  # never by `==`: the client's errors can not be compared with None
            self._failures.append(error.name())


def _not_noted(name: str) -> ExchangeError:
    return ExchangeError(
        f"The action could not be noted, so nothing was done ({name}).",
        "`exchange status` shows what runs; do it again.",
    )
