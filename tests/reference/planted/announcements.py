"""Bugs in what departments are told: taken back, told again, corrected."""

from dataclasses import replace
from typing import Any

from exchange.domain.fold import Consequences, consequences
from exchange.domain.policy import Policy
from exchange.domain.values import CaseState
from tests.reference.histories import CERTIFICATE
from tests.reference.planted.bug import begin, planted, step

REVOKED = (begin(CERTIFICATE), step("revoke", which=0))
HELD_AND_LET_GO = (
    begin(CERTIFICATE),
    step("decide_matter", kind="MATTER_HELD", on=(9, None)),
    step("revoke", which=1),
)
A_YEAR_MIN = 366 * 24 * 60


@planted(
    "one department of several hears of a withdrawal",
    rule="it goes to every department that was told",
    instead_of=consequences,
    history=REVOKED,
)
def withdrawn_from_one(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    found = consequences(state, policy, at)
    others = [one for one in found.announcements if one.transition == "SUSPENDED"][1:]
    return replace(found, announcements=tuple(one for one in found.announcements if one not in others))


@planted(
    "nothing is withdrawn",
    rule="what no longer stands is withdrawn at once",
    instead_of=consequences,
    history=REVOKED,
)
def withdrawn_from_none(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    found = consequences(state, policy, at)
    kept = tuple(one for one in found.announcements if one.transition != "SUSPENDED")
    return replace(found, announcements=kept)


@planted(
    "what is restored has its former id",
    rule="restored proofs announce again with a new id",
    instead_of=consequences,
    history=HELD_AND_LET_GO,
)
def former_ids(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    found = consequences(state, policy, at)
    former = {one.announcement_id: one.base for one in found.state.told}
    told = tuple(replace(one, announcement_id=one.base) for one in found.state.told)
    announcements = tuple(replace(one, id=former.get(one.id, one.id)) for one in found.announcements)
    return replace(found, state=replace(found.state, told=told), announcements=announcements)


@planted(
    "what was announced once is not announced again",
    rule="what is restored is announced again",
    instead_of=consequences,
    history=HELD_AND_LET_GO,
)
def once_for_all(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    found = consequences(state, policy, at)
    again = {one.announcement_id for one in found.state.told if one.base in state.used}
    return replace(found, announcements=tuple(one for one in found.announcements if one.id not in again))


@planted(
    "a correction is announced as a second death",
    rule="revoked and issued anew within the hour is marked as a correction",
    instead_of=consequences,
    history=(begin(CERTIFICATE), step("issue_anew", which=0, minutes=59)),
)
def nothing_is_correction(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    found = consequences(state, policy, at)
    return replace(found, announcements=tuple(replace(one, correction=False) for one in found.announcements))


@planted(
    "a second report is announced as a correction, however late",
    rule="within the hour, by the log's append time",
    instead_of=consequences,
    history=(begin(CERTIFICATE), step("issue_anew", which=0, minutes=61)),
)
def corrected_however_late(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    periods = policy.periods.model_copy(update={"correction_minutes": A_YEAR_MIN})
    return consequences(state, replace(policy, periods=periods), at)
