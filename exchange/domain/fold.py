"""The fold: one accepted record into the state of one person. Pure, total, and the same in any order."""

from dataclasses import dataclass, replace

from exchange.domain.chains import chains_of, held_of
from exchange.domain.values import CaseState, Position, ReceiptStatus, Taken
from verification.acceptance import Accepted
from verification.reasons import Reason, reason
from verification.records import Record, digest


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
    taken = Taken(record, content, position, "ACCEPTED", tuple(why.code for why in accepted.held))
    after = (*state.taken, taken)
    reasons = accepted.held
    if not reasons and record.record_id in held_of(chains_of(after)):
        reasons = (_differing_name(record),)
    if reasons:
        after = (*state.taken, replace(taken, status="HELD"))
    return Folded(replace(state, taken=after), after[-1].status, reasons)


def _hold_reasons(before: Taken, accepted: Accepted) -> tuple[Reason, ...]:
    if before.status != "HELD":
        return ()
    return accepted.held or (_differing_name(accepted.record),)


def _differing_name(record: Record) -> Reason:
    return reason("name_differs", "name", record.name)
