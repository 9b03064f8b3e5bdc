"""Bugs in who sees what."""

from dataclasses import replace
from typing import Any

from exchange.domain.fold import Consequences, consequences
from exchange.domain.matters.applications import is_same_person
from exchange.domain.policy import Policy
from exchange.domain.values import CaseState
from tests.reference.histories import CERTIFICATE, PENSION, PLAGUE, STROKE, WANTS_EQUITY, WILL
from tests.reference.planted.bug import begin, planted, step


def without(policy: Policy, field: str, **said: Any) -> Policy:
    """The policy, in which another thing is said of a field that is not on the form."""
    further = policy.form["further"]
    changed = {**further, field: further[field].model_copy(update=said)}
    return replace(policy, form={**policy.form, "further": changed})


@planted(
    "who applied is shown all shares of a will",
    rule="the fund and market regulation see the applicant's own share alone",
    instead_of=is_same_person,
    history=(begin(CERTIFICATE, WILL), step("publish", made=WANTS_EQUITY)),
)
def everybody_is_the_applicant(*_: Any) -> bool:
    return True


@planted(
    "every body with a known cause is infectious",
    rule="whether the body is infectious follows from ICD-10",
    instead_of=consequences,
    history=(begin(STROKE),),
)
def every_body_is_infectious(state: CaseState, policy: Policy, at: str) -> Consequences:
    return consequences(state, without(policy, "infectious", yes_for_icd10=("A", "I")), at)


@planted(
    "no body is infectious",
    rule="whether the body is infectious follows from ICD-10",
    instead_of=consequences,
    history=(begin(PLAGUE),),
)
def no_body_is_infectious(state: CaseState, policy: Policy, at: str) -> Consequences:
    return consequences(state, without(policy, "infectious", yes_for_icd10=("B",)), at)


@planted(
    "the police certify no manner of death",
    rule="human resources see the manner of death",
    instead_of=consequences,
    history=(begin(PENSION), step("publish", made=("abnormal_death", {}))),
)
def police_say_no_manner(state: CaseState, policy: Policy, at: str) -> Consequences:
    return consequences(state, without(policy, "death_manner", implied_by={}), at)
