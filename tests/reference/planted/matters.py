"""Bugs in where a matter stands: what applies, what is in dispute, what handlers decided."""

from dataclasses import replace
from typing import Any

from exchange.domain.case import case_of
from exchange.domain.facts import sort_out
from exchange.domain.fold import Consequences, Folded, consequences, fold
from exchange.domain.matters.answers import AnswersGiven, answers_of
from exchange.domain.matters.applications import applications_for, are_of_several
from exchange.domain.matters.choices import Choice, choice_of
from exchange.domain.matters.decisions import is_reopened
from exchange.domain.policy import Policy
from exchange.domain.policy_files.banks import Banks
from exchange.domain.records.findings import Facts
from exchange.domain.values import CaseState
from exchange.domain.views import Case
from tests.cases import record_id
from tests.reference.histories import (
    ASHES_OF_ANOTHER_DAY,
    ASKS_FOR_SHARES,
    AT_A_BRANCH,
    CANCELLED_EARLY,
    CERTIFICATE,
    CHOOSES_HER,
    DIED_AT_HOME,
    HERS,
    HERS_LATE,
    MEDICAL_ACCOUNT,
    NAMES_BANKS,
    NEPHEW_ASKS,
    OF_A_PUBLIC_BODY,
    OF_THE_HUI,
    OF_ZHANGJIACHUAN,
    PAID_OUT,
    PENSION,
    PENSION_STOPPED,
    PLAGUE,
    REGISTER_A_MONTH_OFF,
    WANTS_BURIAL,
    WITH_FUNERAL_MONEY,
)
from tests.reference.planted.bug import begin, planted, step
from verification.acceptance import Accepted
from verification.records import Record

AT_TWO_BANKS = (("bank_deposit", {}), ("bank_deposit", {"bank_name": "兰州银行"}))
TWO_APPLY = (CERTIFICATE, PENSION, ("application", {"matters": [4, 9]}), HERS)
HIS_IN_TIME = ("application", {"matters": [4]})
HER_ID = record_id("application", "3")
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
def nothing_disagrees(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    return consequences(state, replace(policy, conflicts=()), at)


def _with_rules_that(policy: Policy, **otherwise: Any) -> Policy:
    rules = (
        one.model_copy(update=otherwise) if one.against and one.holds else one for one in policy.conflicts
    )
    return replace(policy, conflicts=tuple(rules))


@planted(
    "a register of another date takes the death back",
    rule="cremation and hukou cancellation never take the death back",
    instead_of=consequences,
    history=(begin(CERTIFICATE, PENSION, REGISTER_A_MONTH_OFF),),
)
def taken_back(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    return consequences(state, _with_rules_that(policy, holds="death"), at)


@planted(
    "a register that is two days off holds the money",
    rule="up to three days are shown and asked about",
    instead_of=consequences,
    history=(begin(CERTIFICATE, PENSION, CANCELLED_EARLY),),
)
def never_near(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    return consequences(state, _with_rules_that(policy, holds_beyond_days=None), at)


@planted(
    "what contradicts the proof of the death holds nothing",
    rule="by more it holds the money matters alone",
    instead_of=consequences,
    history=(begin(CERTIFICATE, PENSION, REGISTER_A_MONTH_OFF),),
)
def always_near(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    return consequences(state, _with_rules_that(policy, holds=None, holds_beyond_days=None), at)


@planted(
    "a decision stands though its fact has changed",
    rule="then it is reopened, not silently kept",
    instead_of=case_of,
    history=(begin(CERTIFICATE, ASHES_OF_ANOTHER_DAY), step("resolve", which=0, days=1)),
)
def decisions_kept(state: CaseState, policy: Policy, *_: Any) -> Case:
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
def never_recovered(state: CaseState, policy: Policy, *_: Any) -> Case:
    made = case_of(state, policy)
    return replace(made, matters=tuple(replace(view, recovery=False) for view in made.matters))


@planted(
    "two people apply for a matter and it goes on",
    rule="two applicants hold the money matters until a handler decides",
    instead_of=are_of_several,
    history=(begin(*TWO_APPLY),),
)
def never_of_several(*_: Any) -> bool:
    return False


@planted(
    "two people apply for a matter without money and it is held",
    rule="two applicants hold the money matters, not the rest",
    instead_of=consequences,
    history=(begin(*TWO_APPLY),),
)
def all_held(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    rule = policy.applicants_differ.model_copy(update={"holds": None})
    return consequences(state, replace(policy, applicants_differ=rule), at)


@planted(
    "whoever applies after the matter is completed is answered already",
    rule="a later application is open until a result names it",
    instead_of=answers_of,
    history=(begin(CERTIFICATE, PENSION, HIS_IN_TIME, PAID_OUT, HERS_LATE),),
)
def answered_already(
    results: tuple[Record, ...], applications: tuple[Record, ...], facts: Facts
) -> AnswersGiven:
    found = answers_of(results, applications, facts)
    return replace(found, to=dict.fromkeys(found.to, results), late=frozenset())


@planted(
    "a decision between applicants chooses nobody",
    rule="two applicants hold the money matters until a handler decides",
    instead_of=applications_for,
    history=(begin(*TWO_APPLY, ("decision", {**CHOOSES_HER, "in_favour_of": HER_ID})),),
)
def all_that_ask(matter: int, facts: Facts) -> tuple[Record, ...]:
    return applications_for(matter, replace(facts, application_rulings=()))


@planted(
    "who dies at home is nobody's affair",
    rule="an application for matter 1 makes it APPLIED and is announced, though no death is established",
    instead_of=consequences,
    history=(begin(DIED_AT_HOME),),
)
def waits_for_a_certificate(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    closed = tuple(one.model_copy(update={"opened_by_application": False}) for one in policy.matters)
    return consequences(state, replace(policy, matters=closed), at)


@planted(
    "who applies after a revocation is nobody's affair",
    rule="an application for matter 1 opens it, after a revocation as well",
    instead_of=case_of,
    history=(
        begin(CERTIFICATE),
        step("revoke", which=0),
        step("publish", made=("application", {"matters": [1], "recorded_at": "2026-05-20T09:00:00+08:00"})),
    ),
)
def waits_for_the_revoked(state: CaseState, policy: Policy, *_: Any) -> Case:
    revoked = any(entry.record.action == "REVOKED" for entry in state.taken)
    closed = tuple(
        one.model_copy(update={"opened_by_application": not revoked}) for one in policy.matters[:1]
    )
    return case_of(state, replace(policy, matters=(*closed, *policy.matters[1:])))


@planted(
    "heirs ask about shares only once they are proved heirs",
    rule="heirs ask in order to obtain ⑦, so ⑦ is no prerequisite of 12",
    instead_of=consequences,
    history=(begin(CERTIFICATE),),
)
def heirs_first(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
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
def all_required(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
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
def banks_by_data_alone(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
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
def branches_apart(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    return consequences(state, replace(policy, banks=Banks()), at)


@planted(
    "the funeral money counts",
    rule="what was paid in after the death as funeral or pension money is not counted",
    instead_of=consequences,
    history=(begin(CERTIFICATE, WITH_FUNERAL_MONEY),),
)
def all_counted(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    (matter,) = (one for one in policy.matters if one.matter == 10)
    plain = matter.applies.model_copy(update={"not_counted": {}})
    return consequences(state, _with_matter_10(policy, applies=plain), at)


@planted(
    "who is paid elsewhere is told nothing",
    rule="who drew a pension of CIVIL_SERVICE_PENSION gets 4 and 5 NOT_APPLICABLE with the way out",
    instead_of=consequences,
    history=(begin(CERTIFICATE, OF_A_PUBLIC_BODY),),
)
def no_way_out(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    silent = tuple(one.model_copy(update={"ways_out": ()}) for one in policy.matters)
    return consequences(state, replace(policy, matters=silent), at)


def _with_choice(policy: Policy, **changed: Any) -> Policy:
    (matter,) = (one for one in policy.matters if one.family_chooses)
    assert matter.family_chooses
    rule = matter.family_chooses.model_copy(update=changed)
    chosen = matter.model_copy(update={"family_chooses": rule})
    return replace(policy, matters=tuple(chosen if one == matter else one for one in policy.matters))


@planted(
    "who may be buried is cremated unasked",
    rule="where custom or region allows burial the family's choice is asked for before civil affairs is told",
    instead_of=consequences,
    history=(begin(OF_THE_HUI),),
)
def no_people_is_asked(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    return consequences(state, _with_choice(policy, peoples=()), at)


@planted(
    "a county whose people are buried is not asked",
    rule="where custom or region allows burial the family's choice is asked for before civil affairs is told",
    instead_of=consequences,
    history=(begin(CERTIFICATE, OF_ZHANGJIACHUAN),),
)
def no_county_is_asked(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    return consequences(state, _with_choice(policy, county_names=()), at)


@planted(
    "who died of plague may be buried",
    rule="plague, cholera and anthrax leave no choice in 2: cremation",
    instead_of=consequences,
    history=(begin(PLAGUE, WANTS_BURIAL),),
)
def free_after_plague(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    return consequences(state, _with_choice(policy, never_after_icd10=()), at)


@planted(
    "a burial is heard of by nobody",
    rule="2 applies unless burial, by application or decision",
    instead_of=choice_of,
    history=(begin(CERTIFICATE, WANTS_BURIAL),),
)
def never_declined(*of: Any) -> Choice:
    return replace(choice_of(*of), declined=())


@planted(
    "everybody is told the same as a child",
    rule="who is no spouse, child, parent or named in a notarised will is told so",
    instead_of=consequences,
    history=(begin(CERTIFICATE, NEPHEW_ASKS),),
)
def all_entitled(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    return consequences(state, _with_matter_10(policy, entitled=None), at)


@planted(
    "who was not chosen is told nothing",
    rule="what does not apply and did when they applied stays in their view, with the way out",
    instead_of=consequences,
    history=(begin(*TWO_APPLY, ("decision", {**CHOOSES_HER, "in_favour_of": HER_ID})),),
)
def overruled_in_silence(state: CaseState, policy: Policy, at: str, *_: Any) -> Consequences:
    rule = policy.applicants_differ.model_copy(update={"way_out": None})
    return consequences(state, replace(policy, applicants_differ=rule), at)
