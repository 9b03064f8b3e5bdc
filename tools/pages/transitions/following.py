"""Follows what a changed case leads to, in that case and in others: cases tell each other."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from exchange.domain.fold import Consequences, consequences
from exchange.domain.identity.moves import Moves, hear_claim, hear_loan
from exchange.domain.policy import Policy
from exchange.domain.values import CaseState, Claim, Loan

Change = Callable[[CaseState], CaseState]
"""What a case becomes through what it hears; the same case if that changes nothing."""


def follow(
    cases: Mapping[str, CaseState], changed: CaseState, policy: Policy, at: str
) -> tuple[dict[str, CaseState], list[Consequences]]:
    """Return all cases as they are in the end, and what each change has brought, in order.

    Args:
        cases: By case id, as they were.
        changed: The case that a record or passing time has changed.
        policy: The city's.
        at: When that was, in the log's time (ISO instant, UTC).
    """
    after, found = dict(cases), list[Consequences]()
    changes = deque[tuple[str, Change]]([(changed.case_id, lambda _: changed)])
    while changes:
        case_id, change = changes.popleft()
        before = after.get(case_id, CaseState(case_id))
        state = change(before)
        if state is not before:
            found.append(consequences(state, policy, at))
            after[case_id] = found[-1].state
            changes += _changes(found[-1].moves, after)
    return after, found


def _changes(moves: Moves, cases: Mapping[str, CaseState]) -> Iterator[tuple[str, Change]]:
    """Yield what others hear: a claim goes to the case that has the record, a loan to the borrower."""
    claims, loans = moves
    for claim in claims:
        for case_id, state in cases.items():
            if any(entry.record.record_id == claim.record_id for entry in state.taken):
                yield case_id, partial(_with_claim, claim)
    for to, loan in loans:
        yield to.case_id, partial(_with_loan, loan)


def _with_claim(claim: Claim, state: CaseState) -> CaseState:
    return hear_claim(state, claim)


def _with_loan(loan: Loan, state: CaseState) -> CaseState:
    return hear_loan(state, loan)
