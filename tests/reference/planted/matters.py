"""Bugs in where a matter stands: what applies, what is in dispute, what handlers decided."""

from dataclasses import replace
from typing import Any

from exchange.domain.case import case_of
from exchange.domain.facts import sort_out
from exchange.domain.fold import Consequences, Folded, consequences, fold
from exchange.domain.matters.applications import applications_for, are_of_several
from exchange.domain.matters.decisions import is_reopened
from exchange.domain.policy import Policy
from exchange.domain.policy_files.banks import Banks
from exchange.domain.records.findings import Facts
from exchange.domain.values import CaseState
from exchange.domain.views import Case
from tests.reference.histories import (
    ASHES_OF_ANOTHER_DAY,
    ASKS_FOR_SHARES,
    AT_A_BRANCH,
    CERTIFICATE,
    CHOOSES_HER,
    DIED_AT_HOME,
    HERS,
    MEDICAL_ACCOUNT,
    NAMES_BANKS,
    OF_A_PUBLIC_BODY,
    PENSION,
    PENSION_STOPPED,
    WITH_FUNERAL_MONEY,
)
from tests.reference.planted.bug import begin, planted, step
from verification.acceptance import Accepted
from verification.records import Record

AT_TWO_BANKS = (("bank_deposit", {}), ("bank_deposit", {"bank_name": "兰州银行"}))
TWO_APPLY = (CERTIFICATE, ("application", {"matters": [9]}), HERS)
NOT_APPLICABLE = "MATTER_NOT_APPLICABLE"


@planted(
    "applicability is judged as of now",
    rule="it is judged as at death",
    instead_of=sort_out,
    history=(begin(CERTIFICATE, PENSION, PENSION_STOPPED),),
)
def as_of_now(*asked: Any) -> Facts:
    found = sort_out(*asked)
    return replace(found, at_death=found.in_force)


@planted(
    "of values that disagree the last is right",
    rule="nothing is settled by arrival",
    instead_of=consequences,
    history=(begin(CERTIFICATE, ASHES_OF_ANOTHER_DAY),),
)
def nothing_disagrees(state: CaseState, policy: Policy, at: str) -> Consequences:
    return consequences(state, replace(policy, conflicts=()), at)


@planted(
    "a decision stands though its fact has changed",
    rule="then it is reopened, not silently kept",
    instead_of=case_of,
    history=(begin(CERTIFICATE, ASHES_OF_ANOTHER_DAY), step("resolve", which=0, days=1)),
)
def decisions_kept(state: CaseState, policy: Policy) -> Case:
    made = case_of(state, policy)
    kept = tuple(
        (one, "IN_FORCE" if one.facts["kind"] == "CONFLICT_RESOLVED" and standing == "REOPENED" else standing)
        for one, standing in made.decisions
    )
    return replace(made, decisions=kept)


@planted(
    "a matter set apart is not looked at again",
    rule="a decision is reopened if the fact under it changes",
    instead_of=is_reopened,
    history=(
        begin(CERTIFICATE, PENSION),
        step("decide_matter", kind=NOT_APPLICABLE, on=(4, None)),
        step("conclude", of=(4, "COMPLETED")),
    ),
)
def never_reopened(*_: Any) -> bool:
    return False


@planted(
    "a decision on one bank is taken for all",
    rule="matter 10 is decided for each bank by itself",
    instead_of=fold,
    history=(
        begin(CERTIFICATE, *AT_TWO_BANKS),
        step("decide_matter", kind=NOT_APPLICABLE, on=(10, "甘肃银行")),
    ),
)
def decided_for_all_banks(state: CaseState, accepted: Accepted, *rest: Any) -> Folded:
    record = accepted.record
    if record.type == "decision":
        facts = {name: value for name, value in record.facts.items() if name != "instance"}
        accepted = replace(accepted, record=replace(record, facts=facts))
    return fold(state, accepted, *rest)


@planted(
    "completed matters are not recovered",
    rule="one whose proof is revoked opens a recovery",
    instead_of=case_of,
    history=(
        begin(CERTIFICATE, PENSION),
        step("conclude", of=(4, "COMPLETED")),
        step("revoke", which=0),
    ),
)
def never_recovered(state: CaseState, policy: Policy) -> Case:
    made = case_of(state, policy)
    return replace(made, matters=tuple(replace(view, recovery=False) for view in made.matters))


@planted(
    "two people apply for a matter and it goes on",
    rule="two applicants in dispute: the matter is held until a handler decides",
    instead_of=are_of_several,
    history=(begin(*TWO_APPLY),),
)
def never_of_several(*_: Any) -> bool:
    return False


@planted(
    "a decision between applicants chooses nobody",
    rule="two applicants in dispute: the matter is held until a handler decides",
    instead_of=applications_for,
    history=(begin(*TWO_APPLY, ("decision", CHOOSES_HER)),),
)
def all_that_ask(matter: int, facts: Facts) -> tuple[Record, ...]:
    return applications_for(matter, replace(facts, application_rulings=()))


@planted(
    "who dies at home is nobody's affair",
    rule="an application for matter 1 makes it APPLIED and is announced, though no death is established",
    instead_of=consequences,
    history=(begin(DIED_AT_HOME),),
)
def waits_for_a_certificate(state: CaseState, policy: Policy, at: str) -> Consequences:
    closed = tuple(one.model_copy(update={"opened_by_application": False}) for one in policy.matters)
    return consequences(state, replace(policy, matters=closed), at)


@planted(
    "heirs ask about shares only once they are proved heirs",
    rule="heirs ask in order to obtain ⑦, so ⑦ is no prerequisite of 12",
    instead_of=consequences,
    history=(begin(CERTIFICATE),),
)
def heirs_first(state: CaseState, policy: Policy, at: str) -> Consequences:
    proved = {12: ("death", "inheritance_document")}
    changed = tuple(
        one.model_copy(update={"prerequisites": proved.get(one.matter, one.prerequisites)})
        for one in policy.matters
    )
    return consequences(state, replace(policy, matters=changed), at)


@planted(
    "what is listed and not required stops the count",
    rule="⑤ is listed for 7 and not required: its lack pauses nothing",
    instead_of=consequences,
    history=(begin(CERTIFICATE, MEDICAL_ACCOUNT, ASKS_FOR_SHARES),),
)
def all_required(state: CaseState, policy: Policy, at: str) -> Consequences:
    changed = tuple(
        one.model_copy(
            update={"materials": tuple(each.model_copy(update={"required": True}) for each in one.materials)}
        )
        for one in policy.matters
    )
    return consequences(state, replace(policy, matters=changed), at)


def _with_matter_10(policy: Policy, **changed: Any) -> Policy:
    return replace(
        policy,
        matters=tuple(one.model_copy(update=changed) if one.matter == 10 else one for one in policy.matters),
    )


@planted(
    "only banks that send data are known",
    rule="a bank is known by a deposit record or because an application names it",
    instead_of=consequences,
    history=(begin(CERTIFICATE, NAMES_BANKS),),
)
def banks_by_data_alone(state: CaseState, policy: Policy, at: str) -> Consequences:
    (matter,) = (one for one in policy.matters if one.matter == 10)
    assert matter.instance
    deaf = matter.instance.model_copy(update={"in_application": None})
    return consequences(state, _with_matter_10(policy, instance=deaf), at)


@planted(
    "a branch is a bank of its own",
    rule="an instance is a bank as a legal person",
    instead_of=consequences,
    history=(begin(CERTIFICATE, ("bank_deposit", {}), AT_A_BRANCH),),
)
def branches_apart(state: CaseState, policy: Policy, at: str) -> Consequences:
    return consequences(state, replace(policy, banks=Banks()), at)


@planted(
    "the funeral money counts",
    rule="what was paid in after the death as funeral or pension money is not counted",
    instead_of=consequences,
    history=(begin(CERTIFICATE, WITH_FUNERAL_MONEY),),
)
def all_counted(state: CaseState, policy: Policy, at: str) -> Consequences:
    (matter,) = (one for one in policy.matters if one.matter == 10)
    plain = matter.applies.model_copy(update={"not_counted": {}})
    return consequences(state, _with_matter_10(policy, applies=plain), at)


@planted(
    "who is paid elsewhere is told nothing",
    rule="who drew a pension of CIVIL_SERVICE_PENSION gets 4 and 5 NOT_APPLICABLE with the way out",
    instead_of=consequences,
    history=(begin(CERTIFICATE, OF_A_PUBLIC_BODY),),
)
def no_way_out(state: CaseState, policy: Policy, at: str) -> Consequences:
    silent = tuple(one.model_copy(update={"ways_out": ()}) for one in policy.matters)
    return consequences(state, replace(policy, matters=silent), at)
