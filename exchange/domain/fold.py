"""The fold: one accepted record into the state of one person, and what follows from that state.

Pure, total, and the same in any order.
"""

from dataclasses import dataclass, replace

from exchange.domain.announcements import announce
from exchange.domain.case import case_of, standing_matters
from exchange.domain.held_back import as_departments_know
from exchange.domain.identity.moves import Moves, tell_others
from exchange.domain.identity.persons import persons_of
from exchange.domain.limit_warnings import warn
from exchange.domain.policy import Policy
from exchange.domain.records.rivals import AMENDMENTS_DIFFER
from exchange.domain.tasks import owe
from exchange.domain.values import Address, CaseState, Position, ReceiptStatus, Taken, Task
from exchange.domain.views import Announcement, Case, WorkedOut
from verification.acceptance import Accepted
from verification.reasons import Reason, reason
from verification.records import Record, digest


@dataclass(frozen=True, slots=True)
class Folded:
    """The state after a record, and what its receipt says."""

    state: CaseState
    status: ReceiptStatus
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Consequences:
    """All that follows; ``state`` remembers it, so that nothing follows from the same state twice."""

    state: CaseState
    case: Case
    announcements: tuple[Announcement, ...]
    tasks: tuple[Task, ...]
    moves: Moves


def fold(
    state: CaseState,
    accepted: Accepted,
    position: Position,
    taken_at: str,
    links_to: Address | None = None,
) -> Folded:
    """Take a record into the state.

    The record of the same position again (a replay) repeats its receipt; the same id and content from
    elsewhere is a duplicate; the same id with other content is refused. All three leave the state as it is.

    Args:
        state: What was taken of the person before.
        accepted: The record, as acceptance lets it in.
        position: Its place in the log.
        taken_at: The log's append time (ISO instant, UTC).
        links_to: The case of the number that the record links to, if it is not this one.
    """
    record = accepted.record
    content = digest(record)
    before = next((taken for taken in state.taken if taken.record.record_id == record.record_id), None)
    if before is not None and before.position == position:
        return Folded(state, before.status, _hold_reasons(before, accepted, state))
    if before is not None and before.digest == content:
        return Folded(state, "DUPLICATE")
    if before is not None:
        return Folded(state, "REJECTED", (reason("record_id_reused", "record_id", record.record_id),))
    held = tuple(why.code for why in accepted.held)
    taken = Taken(record, content, position, taken_at, "ACCEPTED", held, links_to)
    after = replace(state, taken=(*state.taken, taken))
    reasons = accepted.held
    if not reasons and (codes := persons_of(after).held.get(record.record_id)):
        reasons = (_others_differ(record, codes),)
    if reasons:
        after = replace(state, taken=(*state.taken, replace(taken, status="HELD")))
    return Folded(after, after.taken[-1].status, reasons)


def consequences(state: CaseState, policy: Policy, at: str, before: WorkedOut | None = None) -> Consequences:
    """Work out what follows from the state at the moment ``at``: the log's, an ISO instant in UTC.

    The case as it was ``before``, by the same policy, spares work and changes nothing.
    """
    case = case_of(state, policy, before)
    known = as_departments_know(case, policy, standing_matters)
    told, announcements = announce(replace(state, counted=case.counted), known, policy, at)
    warned, warnings = warn(told, case, policy, at)
    owed, tasks, reminders = owe(warned, case, policy, at)
    after, moves = tell_others(owed, case.persons)
    return Consequences(after, case, announcements + warnings + reminders, tasks, moves)


def _hold_reasons(before: Taken, accepted: Accepted, state: CaseState) -> tuple[Reason, ...]:
    """Return why the receipt said "held": for the record's own sake, or for what had been taken before."""
    if before.status != "HELD" or accepted.held:
        return accepted.held if before.status == "HELD" else ()
    then = replace(state, taken=state.taken[: state.taken.index(before) + 1])
    codes = persons_of(then).held.get(before.record.record_id, ())
    return (_others_differ(accepted.record, codes),)


def _others_differ(record: Record, codes: tuple[str, ...]) -> Reason:
    if AMENDMENTS_DIFFER in codes:
        return reason("amendments_differ", "revision")
    return reason("name_differs", "name", record.name)
