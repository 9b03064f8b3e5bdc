"""Bugs in who sees what."""

from dataclasses import replace
from typing import Any

from exchange.domain.counties import county_of, persons_county
from exchange.domain.fold import Consequences, consequences
from exchange.domain.matters.applications import is_same_person
from exchange.domain.matters.views import MatterView
from exchange.domain.policy import Policy
from exchange.domain.records.findings import Facts
from exchange.domain.values import CaseState
from tests.reference.histories import (
    CERTIFICATE,
    OF_GANGU,
    PENSION,
    PENSION_OF_WUSHAN,
    PLAGUE,
    STROKE,
    WANTS_EQUITY,
    WILL,
)
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
def every_body_is_infectious(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    return consequences(state, without(policy, "infectious", yes_for_icd10=("A", "I")), at)


@planted(
    "no body is infectious",
    rule="whether the body is infectious follows from ICD-10",
    instead_of=consequences,
    history=(begin(PLAGUE),),
)
def no_body_is_infectious(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    return consequences(state, without(policy, "infectious", yes_for_icd10=("B",)), at)


@planted(
    "the police certify no manner of death",
    rule="human resources see the manner of death",
    instead_of=consequences,
    history=(begin(PENSION), step("publish", made=("abnormal_death", {}))),
)
def police_say_no_manner(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    return consequences(state, without(policy, "death_manner", implied_by={}), at)


@planted(
    "a county hears of whom its records do not name",
    rule="counties see their own people: by the record's county, else by that of the hukou record",
    instead_of=county_of,
    history=(begin(OF_GANGU, PENSION_OF_WUSHAN, CERTIFICATE),),
)
def hukou_alone(_: MatterView, facts: Facts, policy: Policy) -> str | None:
    return persons_county(facts, policy)


@planted(
    "where no record of the department's own names a county, no county hears",
    rule="counties see their own people: by the record's county, else by that of the hukou record",
    instead_of=persons_county,
    history=(begin(OF_GANGU, CERTIFICATE),),
)
def own_record_alone(*_: Any) -> None:
    return None
