"""Bugs in whose a record is: names that differ, numbers corrected, what handlers link and unlink."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from avro_schemas.catalogue import Document
from exchange.domain.documents import case_document
from exchange.domain.identity.links import latest_in_force
from exchange.domain.identity.moves import hear_claim, hear_loan
from exchange.domain.identity.persons import Persons, persons_of
from exchange.domain.records.document_versions import Versions, is_revoked
from exchange.domain.values import CaseState, Claim, Loan, Taken, recording
from exchange.domain.views import Case
from tests.reference.histories import CERTIFICATE, OTHER_NAME
from tests.reference.planted.bug import begin, planted, step

UNDER_TWO_NAMES = (begin(CERTIFICATE, ("cremation", {"name": OTHER_NAME})),)
NUMBER_CORRECTED = (begin(CERTIFICATE), step("correct_number", which=0, who=1))
LINKED = (step("publish", made=CERTIFICATE, who=1), step("link", which=0, who=0))
LINK_REVOKED = (*LINKED, step("revoke", which=1))


@planted(
    "the name that came first is right",
    rule="all that disagree are held, whichever came first",
    instead_of=persons_of,
    history=UNDER_TWO_NAMES,
)
def first_name_is_right(state: CaseState) -> Persons:
    found = persons_of(state)
    latest = [versions[-1] for versions in found.documents]
    disagreeing = [one for one in latest if found.held.get(one.record.record_id) == ("name_differs",)]
    first = min(disagreeing, key=lambda one: (one.taken_at, one.position.offset), default=None)
    right = first.record.record_id if first else ""
    return replace(found, held={name: codes for name, codes in found.held.items() if name != right})


@planted(
    "held records count",
    rule="what is held counts for nothing until a handler decides",
    instead_of=persons_of,
    history=UNDER_TWO_NAMES,
)
def nothing_is_held(state: CaseState) -> Persons:
    return replace(persons_of(state), held={})


@planted(
    "of two decisions on a person the first counts",
    rule="the later decision counts",
    instead_of=latest_in_force,
    history=(*LINKED, step("unlink", which=0, who=0, days=1)),
)
def first_in_force(decisions: Iterable[Versions]) -> Taken | None:
    live = (versions[-1] for versions in decisions if not is_revoked(versions))
    return min(live, key=lambda entry: recording(entry.record), default=None)


@planted(
    "what was lent is never given back",
    rule="unlink restores exactly what was",
    instead_of=hear_loan,
    history=LINK_REVOKED,
)
def loans_kept(state: CaseState, loan: Loan) -> CaseState:
    return hear_loan(state, loan) if loan.taken else state


@planted(
    "that a claim has ended is not heard",
    rule="link and unlink restore exactly what was",
    instead_of=hear_claim,
    history=LINK_REVOKED,
)
def claims_for_ever(state: CaseState, claim: Claim) -> CaseState:
    return hear_claim(state, claim) if claim.stands else state


@planted(
    "two desks' words on one person put each other out",
    rule="a decision is attributed, and stands until it is revoked",
    instead_of=hear_claim,
    history=(*LINKED, step("link", which=0, who=0, desk="a third"), step("revoke", which=2)),
)
def one_word_for_one_person(state: CaseState, claim: Claim) -> CaseState:
    same = (claim.record_id, claim.claimant, claim.cause)
    others = tuple(one for one in state.claims if (one.record_id, one.claimant, one.cause) != same)
    return hear_claim(replace(state, claims=others), claim)


@planted(
    "a number corrected at the source moves nothing",
    rule="the case moves to the new number",
    instead_of=hear_claim,
    history=NUMBER_CORRECTED,
)
def corrections_of_nobody(state: CaseState, claim: Claim) -> CaseState:
    return state if claim.cause == "superseded" else hear_claim(state, claim)


@planted(
    "the old number forwards nowhere",
    rule="the old number forwards to the new one",
    instead_of=case_document,
    history=NUMBER_CORRECTED,
)
def forwards_nowhere(case: Case, *say: Any) -> Document:
    return {**case_document(case, *say), "forwards_to": None}
