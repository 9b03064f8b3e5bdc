"""Publishes a single record for a department that has no system of its own (系统补录).

It goes in as the department, by the admission of all records. What a form of the desk is for is not offered
here: those forms look at the case first, and have rights of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import psycopg

from avro_schemas.typed_documents import ReceiptDocument
from consumers.log.copy_session import connected
from consumers.read_model.under_way import SentRecord
from exchange.desk.access_records import Access
from exchange.desk.actions.table import FORMS
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.publishing.effect import SEEN_WITHIN_S, awaited, receipt_if_seen
from exchange.desk.publishing.records import HANDLER, admission_as, county_of
from exchange.domain.access.may import WorkPlace, may
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.sender import NotTakenError
from exchange.runtime.sentences import said
from producers.admission import Admitted
from producers.receipts import REJECTED, Receipt, receipt_of
from producers.submissions import submission_of
from verification.reasons import Reason
from verification.shapes import Field, shape_of

SUPPLEMENT: Final = "supplement"
_OF_FORMS: Final = frozenset(kind.record_type for kind in FORMS.values())
_MADE: Final = frozenset({"record_id", "recorded_at", "department", "id_number_original", HANDLER})
"""Fields that say who publishes, and when: they come from the account and from the drawing of the form."""


@dataclass(frozen=True, slots=True)
class BlankRecord:
    """A record that is to be filled in; its id and time are made now, so that sent twice it is one record."""

    record_type: str
    record_id: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class SupplementOutcome:
    """What became of a record.

    Attributes:
        reasons: why it was refused, before it was sent or by the join; nothing of what was taken.
        receipt: of what was taken; None while that is being processed.
    """

    reasons: tuple[Reason, ...] = ()
    receipt: Receipt | None = None


def supplied_types(desk: Desk, asker: Asker) -> tuple[str, ...]:
    """Return the types of which somebody may publish records: those of the own department.

    Raises:
        NotAllowedError: the asker may publish none.
    """
    desk.require(asker, SUPPLEMENT, asker.kept_within)
    table, types = desk.settings.city.access, desk.settings.city.catalogue.owners
    places = ((name, _place(desk, asker, name)) for name in types)
    return tuple(
        name for name, place in places if may(table, asker.role, SUPPLEMENT, asker.kept_within, place)
    )


def require_supplement(desk: Desk, asker: Asker, record_type: str) -> None:
    """Return if somebody may publish records of a type.

    Raises:
        NotAllowedError: the type is not the asker's to publish.
    """
    desk.require(asker, SUPPLEMENT, _place(desk, asker, record_type))


def draw_blank(desk: Desk, asker: Asker, record_type: str) -> BlankRecord:
    """Return a record of a type that is to be filled in.

    Raises:
        NotAllowedError: the type is not the asker's to publish.
    """
    require_supplement(desk, asker, record_type)
    return BlankRecord(record_type, str(uuid4()), datetime.now(UTC))


def asked_fields(desk: Desk, asker: Asker, record_type: str) -> tuple[Field, ...]:
    """Return the fields of a type for which somebody is asked: all but those that the account says."""
    given = {*_MADE, *_own(desk, asker)}
    fields = shape_of(record_type, desk.policy.schemas).fields
    return tuple(one for one in fields if one.name not in given)


def supplement(
    desk: Desk,
    asker: Asker,
    blank: BlankRecord,
    typed: Mapping[str, Any],
    seen_within_s: float = SEEN_WITHIN_S,
) -> SupplementOutcome:
    """Publish a record, and return once its effect is there, or the limit has passed.

    Args:
        desk: where.
        asker: who publishes it; an access record tells of it before it is sent.
        blank: as it was drawn. Sent again with the same fields, it is the same record: DUPLICATE.
        typed: its own fields, as JSON has them.
        seen_within_s: how long the effect may take.

    Raises:
        NotAllowedError: the type is not the asker's to publish.
        ExchangeError: a part is away, or the asker was shown too many people; sent again, it is one record.
    """
    place = _place(desk, asker, blank.record_type)
    desk.require(asker, SUPPLEMENT, place)
    record = _record(desk, asker, blank, typed)
    verdict = admission_as(desk, asker, place["department"]).admit(
        submission_of({"type": blank.record_type, "record": record}, 1)
    )
    if not isinstance(verdict, Admitted):
        return SupplementOutcome(verdict.reasons)
    fields = tuple(f"{blank.record_type}.{name}" for name in typed)
    desk.note(Access(asker, SUPPLEMENT, SUPPLEMENT, (verdict.case_id,), fields=fields))
    return _publish(desk, asker, verdict, seen_within_s)


def _publish(desk: Desk, asker: Asker, record: Admitted, seen_within_s: float) -> SupplementOutcome:
    try:
        receipt_id = desk.writers.write(record)
    except NotTakenError as problem:
        raise ExchangeError(said("kafka_refused", problem=problem), said("send_again")) from None
    sent = SentRecord(record.record_id, record.case_id, record.department, asker.called, receipt_id)
    found = _seen(desk, sent, seen_within_s)
    if found is None:
        return SupplementOutcome()
    receipt = receipt_of(found, 1)
    if receipt.status == REJECTED:
        return SupplementOutcome(receipt.reasons)
    return SupplementOutcome((), receipt)


def _seen(desk: Desk, sent: SentRecord, seen_within_s: float) -> ReceiptDocument | None:
    try:
        with connected(desk.database) as connection:
            return awaited(lambda: receipt_if_seen(desk, connection, sent), seen_within_s)
    except (psycopg.Error, ExchangeError):  # the log has it: whatever is away here takes nothing from it
        return None


def _place(desk: Desk, asker: Asker, record_type: str) -> WorkPlace:
    """Return where a type belongs: nowhere if each department has its own, or a form of the desk is for it.

    Within its department it is that of whoever publishes: admission sees to it that it names the own bank.
    """
    owner = desk.settings.city.catalogue.owners.get(record_type)
    if owner is None or record_type in _OF_FORMS:
        return {}
    return {**asker.kept_within, "department": owner}


def _own(desk: Desk, asker: Asker) -> dict[str, str]:
    """Return the fields that an account says of itself: its county, or its bank."""
    county, bank = county_of(desk, asker), asker.kept_within.get("bank")
    own = {} if bank is None else {"bank_uscc": bank, "bank_name": desk.policy.banks.name_of(bank)}
    return own if county is None else {**own, "county": county}


def _record(desk: Desk, asker: Asker, blank: BlankRecord, typed: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in shape_of(blank.record_type, desk.policy.schemas).fields}
    made = {"record_id": blank.record_id, "recorded_at": blank.recorded_at.isoformat(), HANDLER: asker.called}
    given = {**typed, **_own(desk, asker), **made}
    return {name: value for name, value in given.items() if name in names}
