"""Access records: who was shown what of whom, by which right. No record, no view.

Shape: topic `access`, key case id (or the access's own id where it shows several persons or none),
``exchange.events.Access``. One look leaves one record, which names everybody whom it shows; what takes
two (a receipt and its notice; a family's progress and who looked at its case) leaves two.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple, TypeVar
from uuid import uuid4

from avro_schemas.typed_documents import AccessDocument
from exchange.desk.asker import Asker
from exchange.folding.cloud_events import Headers, cloud_event

SOURCE: Final = "/exchange/reading"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Access:
    """One access.

    Attributes:
        asker: who is shown it.
        action: the action of access.yaml by which it is shown.
        command: what was asked, as the view calls it.
        case_ids: whom the answer shows; somebody who was asked for and not found has been looked up as well.
        department: whose announcements or records were read; without it, the asker's own.
        fields: names of fields, never their values.
        unmasked: whether anything was shown in full that is masked by default.
        reason: why, in the asker's words.
    """

    asker: Asker
    action: str
    command: str
    case_ids: tuple[str, ...] = ()
    department: str | None = None
    fields: tuple[str, ...] = ()
    unmasked: bool = False
    reason: str | None = None
    access_id: str = field(default_factory=lambda: str(uuid4()))
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class AccessMessage(NamedTuple):
    """An access as it goes to the topic, but for its encoding."""

    key: str
    document: AccessDocument
    headers: Headers


def access_message(access: Access, principal: str) -> AccessMessage:
    """Return the message of an access; ``principal`` is as whom the reader's part comes to Kafka."""
    alone = access.case_ids[0] if len(access.case_ids) == 1 else None
    return AccessMessage(alone or access.access_id, _document(access, alone, principal), _headers(access))


def _document(access: Access, alone: str | None, principal: str) -> AccessDocument:
    asker = access.asker
    return {
        "access_id": access.access_id,
        "actor": asker.name,
        "reason": access.reason,
        "command": access.command,
        "case_id": alone,
        "case_ids": list(access.case_ids),
        "department": access.department or asker.kept_within.get("department"),
        "unmasked": access.unmasked,
        "fields": sorted(set(access.fields)),
        "at": access.at,
        "principal": principal,
        "role": asker.role,
        "system": asker.system,
        "purpose": access.action,
    }


def _headers(access: Access) -> Headers:
    moment = access.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return cloud_event("exchange.events.access", access.access_id, SOURCE, moment)


def distinct(of: Iterable[T]) -> tuple[T, ...]:
    """Return each once, in their order: an answer may show somebody more than once."""
    return tuple(dict.fromkeys(of))
