"""The fold: one accepted record into the state of one person. Pure, total, and the same in any order."""

from dataclasses import dataclass, replace

from exchange.domain.values import CaseState, Position, ReceiptStatus, Taken
from verification.acceptance import Accepted
from verification.names import same_name
from verification.reasons import Reason, reason
from verification.records import digest


@dataclass(frozen=True, slots=True)
class Folded:
    """The state after a record, and what its receipt says."""

    state: CaseState
    status: ReceiptStatus
    reasons: tuple[Reason, ...] = ()


def fold(state: CaseState, accepted: Accepted, position: Position) -> Folded:
    """Take a record into the state.

    The record of the same position again (a replay) repeats its receipt; the same id and content from
    elsewhere is a duplicate; the same id with other content is refused. All three leave the state as it is.
    """
    record = accepted.record
    content = digest(record)
    before = next((taken for taken in state.taken if taken.record.record_id == record.record_id), None)
    if before is not None and before.position == position:
        return Folded(state, before.status, _hold_reasons(before, accepted))
    if before is not None and before.digest == content:
        return Folded(state, "DUPLICATE")
    if before is not None:
        return Folded(state, "REJECTED", (reason("record_id_reused", "record_id", record.record_id),))
    reasons = accepted.held or _differing_name(state, accepted)
    taken = Taken(
        record=record,
        digest=content,
        position=position,
        status="HELD" if reasons else "ACCEPTED",
        held=tuple(why.code for why in accepted.held),
    )
    return Folded(replace(state, taken=(*state.taken, taken)), taken.status, reasons)


def _hold_reasons(before: Taken, accepted: Accepted) -> tuple[Reason, ...]:
    if before.status != "HELD":
        return ()
    return accepted.held or (reason("name_differs", "name", accepted.record.name),)


def _differing_name(state: CaseState, accepted: Accepted) -> tuple[Reason, ...]:
    name = accepted.record.name
    if all(taken.held or same_name(taken.record.name, name) for taken in state.taken):
        return ()
    return (reason("name_differs", "name", name),)
