"""Bugs in what somebody owes a case, and in who has done it."""

from dataclasses import replace
from typing import Any

from exchange.domain.fold import Consequences, Folded, consequences, fold
from exchange.domain.policy import Policy
from exchange.domain.values import CaseState
from tests.reference.histories import CERTIFICATE, PENSION
from tests.reference.planted.bug import begin, planted, step
from verification.acceptance import Accepted

TAKEN_BACK = (begin(CERTIFICATE), step("revoke", which=0))
SIGNED = (*TAKEN_BACK, step("acknowledge", which=0))


@planted(
    "tasks are never done",
    rule="a task is closed when what was owed is done",
    instead_of=consequences,
    history=SIGNED,
)
def never_done(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    found = consequences(state, policy, at)
    return replace(found, tasks=tuple(one for one in found.tasks if one.state != "DONE"))


@planted(
    "an acknowledgement changes nothing",
    rule="a withdrawal stays open until the department acknowledges it",
    instead_of=fold,
    history=SIGNED,
)
def signed_for_nothing(state: CaseState, accepted: Accepted, *rest: Any) -> Folded:
    record = accepted.record
    if record.type == "acknowledgement":
        accepted = replace(accepted, record=replace(record, facts={**record.facts, "announcement_id": ""}))
    return fold(state, accepted, *rest)


@planted(
    "one department acknowledges for another",
    rule="each department that was told must acknowledge it",
    instead_of=fold,
    history=(*TAKEN_BACK, step("acknowledge", which=0, by_another=True)),
)
def signed_by_anybody(state: CaseState, accepted: Accepted, *rest: Any) -> Folded:
    record = accepted.record
    signed = record.facts.get("announcement_id")
    for told in state.withdrawn:
        if told.announcement_id == signed:
            accepted = replace(accepted, record=replace(record, department=told.department))
    return fold(state, accepted, *rest)


@planted(
    "nobody acknowledges a recovery",
    rule="each department that was told must acknowledge it",
    instead_of=consequences,
    history=(
        begin(CERTIFICATE, PENSION),
        step("conclude", of=(4, "COMPLETED")),
        step("revoke", which=0),
    ),
)
def recoveries_unsigned(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    found = consequences(state, policy, at)
    recoveries = {one.announcement_id for one in found.state.withdrawn if one.transition == "RECOVERY"}
    return replace(found, tasks=tuple(one for one in found.tasks if one.subject not in recoveries))
