"""Access records: who looked at whose data, noted before anything is shown. No record, no view.

Shape: topic `access`, key case id (or the access's own id where several persons' data were read),
``exchange.events.Access``.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from avro_schemas.typed_documents import AccessDocument
from exchange.folding.cloud_events import Headers, cloud_event
from exchange.runtime.errors import ExchangeError, RegistryRefusedError
from exchange.runtime.kafka.clients import brokers_answer
from exchange.runtime.kafka.moving_leaders import MOVED_WITHIN_S
from exchange.runtime.kafka.sender import NotTakenError, Sender
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.topic_encoders import topic_encoder
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from topics.catalogue import ACCESS

SOURCE = "/exchange/reading"
ACKNOWLEDGED_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Access:
    """One access. `fields` are names only; where several persons' data are read, `case_ids` may say whose."""

    actor: str
    command: str
    case_id: str | None = None
    case_ids: tuple[str, ...] = ()
    department: str | None = None
    fields: tuple[str, ...] = ()
    unmasked: bool = False
    reason: str | None = None
    access_id: str = field(default_factory=lambda: str(uuid4()))
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class AccessLog:
    """Writes access records to the log."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def note(self, access: Access) -> None:
        """Return once the brokers hold the record; the caller shows nothing before that.

        Raises:
            ExchangeError: it could not be noted, so nothing may be shown.
        """
        value, limit = self._encode(access), time.monotonic() + MOVED_WITHIN_S
        while True:
            try:
                return self._send(access, value)
            except NotTakenError as problem:
                # Written twice under one id, it is still one access.
                if time.monotonic() < limit and self._leaders_move(problem):
                    continue
                raise ExchangeError(
                    said("access_unnoted"),
                    said("access_refused", problem=problem),
                ) from None

    def _send(self, access: Access, value: bytes) -> None:
        sender = Sender(self._settings.kafka, limit_s=ACKNOWLEDGED_WITHIN_S)
        sender.send(ACCESS, value, access_key(access), access_headers(access))
        sender.finish()

    def _leaders_move(self, problem: NotTakenError) -> bool:
        """Say whether brokers are there but took too long: what a dead one led has no leader for a while."""
        return problem.took_too_long and brokers_answer(self._settings.kafka)

    def _encode(self, access: Access) -> bytes:
        topic = self._settings.city.catalogue.by_name[ACCESS]
        try:
            with Registry(self._settings.registry) as registry:
                return topic_encoder(registry, topic).encode(
                    access_document(access, self._settings.kafka.user)
                )
        except RegistryRefusedError as problem:
            raise ExchangeError(said("access_unnoted"), problem.hint) from None


def access_document(access: Access, principal: str) -> AccessDocument:
    """Return an access as the topic holds it; ``principal`` is as whom the reader's part came to Kafka."""
    return {
        "access_id": access.access_id,
        "actor": access.actor,
        "reason": access.reason,
        "command": access.command,
        "case_id": access.case_id,
        "case_ids": list(access.case_ids),
        "department": access.department,
        "unmasked": access.unmasked,
        "fields": list(access.fields),
        "at": access.at,
        "principal": principal,
    }


def access_key(access: Access) -> str:
    """Return the key of an access's message."""
    return access.case_id or access.access_id


def access_headers(access: Access) -> Headers:
    """Return the headers of an access's message."""
    moment = access.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return cloud_event("exchange.events.access", access.access_id, SOURCE, moment)
