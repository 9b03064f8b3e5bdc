"""What departments are told, when, how often, and how little of the person it holds."""

from dataclasses import replace

import pytest

from exchange.domain.announcements import announcement_id
from exchange.domain.policy import load_policy
from exchange.domain.values import CaseState
from exchange.domain.views import Announcement
from tests.cases import CASE_ID, HEIR, Given, applied, given, next_of, record_id, resulted, tell
from tests.cells import each_cell
from topics.catalogue import load_catalogue

CERTIFICATE = given(
    "death_certificate",
    certificate_no="6205202600001",
    death_place="天水市第一人民医院",
    sex="女",
    ethnicity="汉",
)
LATER = "2026-03-20T09:00:00+08:00"
CARD = {
    "account_name": "李秀兰",
    "bank_name": "甘肃银行",
    "account_no": "6222001234567890",
    "bank_routing_no": "313825892184",
    "active": True,
}
EVERYTHING: list[Given] = [
    given("social_insurance", social_card=CARD),
    given("medical_insurance"),
    given("provident_fund", employer="天水长城开关厂"),
    given("notary", beneficiaries=[HEIR]),
    given("driving_licence"),
    given("equity"),
    given("bank_deposit"),
    CERTIFICATE,
    given("cremation"),
    given("hukou_cancellation", registered_address="秦州区民主路7号"),
    applied(
        4,
        5,
        7,
        8,
        9,
        10,
        11,
        12,
        applicant={**HEIR, "phone": "13900000000"},
        payee={"account_no": "6222001234567891", "bank_name": "兰州银行"},
    ),
]

# Section 8 of the domain, table 按需共享, in the form's fields; the applicant's belong to every department.
IDENTITY = {"deceased.name", "deceased.id_number"}
DEATH = {*IDENTITY, "deceased.death_time"}
CARD_FIELDS = {
    f"accounts.card_{name}" for name in ("account_name", "bank_name", "account_no", "bank_routing_no")
}
NOTARY = {"further.notary_kind", "further.notary_deed_no"}
OWN_SHARE = {"further.notary_own_share"}
CAUSE = {"deceased.death_place", "further.death_cause"}
PAYEE = {"accounts.payee_account_no", "accounts.payee_bank_name"}
MAY_SEE = {
    "health": DEATH | CAUSE,
    "police": DEATH | CAUSE,
    "civil_affairs": DEATH | {"further.death_certificate_no", "further.infectious"},
    "human_resources": DEATH | CARD_FIELDS | {"further.hukou_cancelled_date", "further.death_manner"},
    "medical_insurance": DEATH | CARD_FIELDS,
    "provident_fund": DEATH | NOTARY | PAYEE | OWN_SHARE,
    "justice": DEATH | NOTARY | {"further.notary_beneficiaries"},
    "market_regulation": DEATH | NOTARY | OWN_SHARE,
    "financial_regulation": IDENTITY | {"further.death_date"},
}


def told_of(told: list[Announcement], number: int) -> list[str]:
    """The transitions of one matter, in the order told."""
    return [one.transition for one in told if one.matter == number]


def test_a_matter_is_announced_once_for_one_set_of_proofs() -> None:
    """Nothing new about a matter: nothing is told of it, however many records come."""
    noise = [given("equity"), given("medical_insurance"), CERTIFICATE, given("notary")]
    _, told = tell([given("social_insurance"), CERTIFICATE, *noise])
    assert told_of(told, 4) == ["READY"]
    assert len({one.id for one in told}) == len(told)


def test_each_step_of_a_matter_is_told() -> None:
    """READY, applied, accepted, completed: the department hears of each."""
    steps = [
        CERTIFICATE,
        applied(9),
        resulted(9, "ACCEPTED", recorded_at="2026-04-01T09:00:00+08:00"),
        resulted(9, "COMPLETED", recorded_at="2026-04-05T09:00:00+08:00"),
    ]
    _, told = tell(steps)
    assert told_of(told, 9) == ["READY", "APPLIED", "ACCEPTED", "COMPLETED"]


def test_new_proofs_are_announced_anew() -> None:
    """A corrected certificate is another proof: the department is told once more."""
    amended = next_of(CERTIFICATE, "AMENDED", "a", recorded_at=LATER, death_cause="肺炎")
    _, told = tell([CERTIFICATE, amended])
    ready = [one for one in told if one.matter == 9]
    assert [one.transition for one in ready] == ["READY", "READY"]
    assert [one.proofs for one in ready] == [
        (record_id("death_certificate"),),
        (record_id("death_certificate", "a"),),
    ]


def test_nothing_is_announced_of_the_living() -> None:
    """Records of living people build the case and nobody hears of it."""
    assert (
        tell([record for record in EVERYTHING if record[0] in {"social_insurance", "notary", "equity"}])[1]
        == []
    )


def test_a_death_at_home_is_told_to_health_and_to_nobody_else() -> None:
    """A family that asks for the certificate is heard, though no death is established; all else waits."""
    family = applied(*range(1, 13))
    others = [record for record in EVERYTHING if record[0] in {"social_insurance", "notary", "cremation"}]
    _, told = tell([*others, family])
    assert [(one.department, one.matter, one.transition) for one in told] == [("health", 1, "APPLIED")]
    (asked,) = told
    assert asked.proofs == (family[1]["record_id"],)
    assert asked.draft["deceased.id_number"].value == family[1]["id_number"]
    assert asked.draft["applicant.name"].value == family[1]["applicant"]["name"]


def test_an_application_for_a_certificate_ends_with_it_or_when_it_is_withdrawn() -> None:
    """With the certificate the matter is done; without the application nobody asks any more."""
    asked = applied(1)
    _, told = tell([asked, CERTIFICATE])
    assert told_of(told, 1) == ["APPLIED", "COMPLETED"]
    _, told = tell([asked, next_of(asked, "REVOKED", "no more")])
    assert told_of(told, 1) == ["APPLIED", "SUSPENDED"]


def test_of_history_alone_nobody_is_told() -> None:
    """A whole case that is backfill builds the case and triggers nothing."""
    state, told = tell([(kind, {**record, "backfill": True}) for kind, record in EVERYTHING])
    assert told == []
    assert state.told == ()


def test_one_proof_that_is_news_is_enough_to_tell() -> None:
    """A death that is history and an application of today: the department must act."""
    _, told = tell([given("death_certificate", backfill=True), applied(9)])
    assert told_of(told, 9) == ["APPLIED"]
    assert {one.matter for one in told} == {9}


def test_a_revoked_proof_is_told_as_a_withdrawal_to_everyone_who_had_been_told() -> None:
    """Hard case 1: not dead after all, and every department that was told hears it."""
    revoked = next_of(CERTIFICATE, "REVOKED", "r", recorded_at=LATER)
    _, told = tell([given("social_insurance"), CERTIFICATE, revoked])
    before = {one.matter: one.department for one in told if one.transition != "SUSPENDED"}
    withdrawn = {one.matter: one.department for one in told if one.transition == "SUSPENDED"}
    assert withdrawn == before
    assert set(withdrawn) == {1, 2, 3, 4, 5, 9, 12}


def test_what_was_withdrawn_is_announced_again_when_it_is_restored() -> None:
    """A new certificate for the same person: READY once more, by the new proof."""
    revoked = next_of(CERTIFICATE, "REVOKED", "r", recorded_at=LATER)
    _, told = tell([CERTIFICATE, revoked, given("death_certificate", "new")])
    assert told_of(told, 9) == ["READY", "SUSPENDED", "READY"]
    assert [one.proofs for one in told if one.matter == 9][-1] == (record_id("death_certificate", "new"),)


def test_a_person_under_two_names_suspends_what_was_told() -> None:
    """A stranger's record under the same number: all of it waits for a handler."""
    _, told = tell([CERTIFICATE, given("medical_insurance", name="赵冬生")])
    assert told_of(told, 9) == ["READY", "SUSPENDED"]


def test_a_decision_that_a_matter_does_not_apply_withdraws_it() -> None:
    """Buried: the funeral home's matter is taken back."""
    _, told = tell([CERTIFICATE, given("decision", matter=2)])
    assert told_of(told, 2) == ["READY", "SUSPENDED"]


def test_an_id_is_a_function_of_all_that_makes_it_what_it_is() -> None:
    """Told again after a crash, it is the same announcement; of anything else it is another."""
    same = (CASE_ID, 4, None, "human_resources", "READY", ("a", "b"), "c")
    others = [
        ("1" * 32, *same[1:]),
        (CASE_ID, 5, *same[2:]),
        (*same[:2], "甘肃银行", *same[3:]),
        (*same[:3], "health", *same[4:]),
        (*same[:4], "APPLIED", *same[5:]),
        (*same[:5], ("a",), "c"),
        (*same[:6], ""),
        (*same[:5], ("a", "b", "c"), ""),
    ]
    assert announcement_id(*same) == announcement_id(*same)
    assert len({announcement_id(*one) for one in [same, *others]}) == len(others) + 1


def test_the_same_records_are_told_with_the_same_ids_whatever_the_time() -> None:
    """Neither a clock nor chance is in what departments receive."""
    _, told = tell(EVERYTHING)
    assert [replace(one, at="") for one in tell(EVERYTHING)[1]] == [replace(one, at="") for one in told]


def test_every_announcement_goes_to_the_department_that_decides() -> None:
    """The nine deciding departments hear of their own matters and of nothing else."""
    _, told = tell(EVERYTHING)
    decides = {matter.matter: matter.decides for matter in load_policy().matters}
    del decides[6]  # who draws the employee pension draws no other
    assert {(one.matter, one.department) for one in told} == set(decides.items())


def test_an_abnormal_death_is_the_polices_matter() -> None:
    """Matter 1 of an abnormal death is decided by the police."""
    _, told = tell([given("abnormal_death")])
    assert {one.department for one in told if one.matter == 1} == {"police"}


def test_an_abnormal_death_stays_the_polices_matter_while_its_date_is_disputed() -> None:
    """What they have certified is theirs; that a crematorium has another date changes nothing of that."""
    disputed = given("cremation", death_time="2026-02-27", cremation_time="2026-02-28")
    _, told = tell([disputed, given("abnormal_death")])
    assert {one.department for one in told if one.matter == 1} == {"police"}


@each_cell("department", load_catalogue().deciding)
def test_a_draft_holds_no_field_outside_the_departments_grant(department: str) -> None:
    """按需共享: what is not granted is not sent, whatever the exchange knows."""
    applicant = {f"applicant.{name}" for name in load_policy().form["applicant"]}
    told = [one for one in tell(EVERYTHING)[1] if one.department == department]
    assert told
    for draft in (one.draft for one in told if one.due is None):
        assert set(draft) <= MAY_SEE[department] | applicant
        assert set(draft) >= MAY_SEE[department]
    for draft in (one.draft for one in told if one.due is not None):
        assert set(draft) == {"deceased.name", "deceased.id_number"}


def test_banks_learn_the_date_of_death_and_not_the_hour() -> None:
    """Fact, identity and date of death only."""
    (first, *_) = (one for one in tell(EVERYTHING)[1] if one.department == "financial_regulation")
    assert first.draft["further.death_date"].value == "2026-03-01"
    assert "deceased.death_time" not in first.draft
    assert not any("2026-03-01T" in (field.value or "") for field in first.draft.values())


def test_a_department_sees_the_applicant_of_its_own_matter_alone() -> None:
    """It is none of the funeral home's business who applied for the pension."""
    _, told = tell([CERTIFICATE, given("social_insurance"), applied(4), given("notary")])
    latest = {one.matter: one.draft for one in told}
    assert latest[4]["applicant.name"].value == HEIR["name"]
    _, told = tell([applied(4), CERTIFICATE])
    assert {one.draft["applicant.name"].value for one in told if one.matter != 4} == {None}


def test_a_case_of_which_nobody_was_told_remembers_nothing_told() -> None:
    """The bookkeeping starts empty."""
    assert tell([])[0] == CaseState(CASE_ID)


def test_when_another_department_decides_the_former_one_is_told() -> None:
    """A certificate of health puts the police out of matter 1: they must not go on with it."""
    state, told = tell([given("abnormal_death"), CERTIFICATE])
    assert [(one.department, one.transition) for one in told if one.matter == 1] == [
        ("police", "COMPLETED"),
        ("health", "COMPLETED"),
        ("police", "SUSPENDED"),
    ]
    standing = [one.department for one in state.told if one.matter == 1 and one.transition != "SUSPENDED"]
    assert standing == ["health"]


@pytest.mark.parametrize(
    ("ended", "transitions"),
    [
        (given("decision", matter=9), ["READY", "SUSPENDED", "READY"]),
        (applied(9), ["READY", "APPLIED", "READY"]),
        (resulted(9, "ACCEPTED"), ["READY", "ACCEPTED", "READY"]),
        (given("medical_insurance", name="赵冬生"), ["READY", "SUSPENDED", "READY"]),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_is_restored_is_another_announcement(ended: Given, transitions: list[str]) -> None:
    """A reader that remembers the ids it has dealt with must not take a restoration for one of them."""
    _, told = tell([CERTIFICATE, ended, next_of(ended, "REVOKED", "r", recorded_at=LATER)])
    assert told_of(told, 9) == transitions
    assert len({one.id for one in told}) == len(told)


def test_a_withdrawal_of_what_was_restored_is_another_withdrawal() -> None:
    """Taken back, restored and taken back again: four announcements, four ids."""
    decision, again = given("decision", matter=9), given("decision", "again", matter=9)
    _, told = tell([CERTIFICATE, decision, next_of(decision, "REVOKED", "r", recorded_at=LATER), again])
    ids = [one.id for one in told if one.matter == 9]
    assert len(set(ids)) == 4


def test_a_corrected_name_restores_with_new_ids() -> None:
    """The misspelt record was amended: what it had suspended is told anew."""
    misspelt = given("medical_insurance", name="李秀蓝")
    mended = next_of(misspelt, "AMENDED", "a", name="李秀兰", recorded_at=LATER)
    _, told = tell([CERTIFICATE, misspelt, mended])
    assert told_of(told, 9) == ["READY", "SUSPENDED", "READY"]
    assert len({one.id for one in told}) == len(told)


@each_cell(
    "ended",
    [
        given("decision", matter=2),
        applied(4),
        given("medical_insurance"),
        given("abnormal_death"),
        given("cremation"),
        resulted(12),
    ],
    ids=lambda ended: ended[0],
)
def test_a_revocation_announces_nothing_of_other_matters_anew(ended: Given) -> None:
    """What matter 9 rests on still stands: justice hears nothing."""
    revoked = next_of(ended, "REVOKED", "r", recorded_at=LATER)
    _, told = tell([CERTIFICATE, given("abnormal_death", "stays"), ended, revoked])
    assert told_of(told, 9) == ["READY"]


def test_a_decision_of_one_bank_announces_nothing_of_another_anew() -> None:
    """Each bank is its own matter."""
    decision = given("decision", matter=10, instance="甘肃银行")
    other = given("bank_deposit", "b", bank_name="兰州银行")
    revoked = next_of(decision, "REVOKED", "r", recorded_at=LATER)
    _, told = tell([CERTIFICATE, given("bank_deposit"), other, decision, revoked])
    assert [one.transition for one in told if one.instance == "兰州银行"] == ["READY"]
    assert [one.transition for one in told if one.instance == "甘肃银行"] == ["READY", "SUSPENDED", "READY"]


def test_a_withdrawal_tells_no_more_than_who_it_is_about() -> None:
    """A department that may no longer act on the person only needs to know whom to leave alone."""
    decision = given("decision", matter=9)
    _, told = tell([*EVERYTHING, decision])
    withdrawn = [one for one in told if one.transition == "SUSPENDED"]
    assert withdrawn
    assert all(set(one.draft) == IDENTITY for one in withdrawn)


def test_a_second_application_after_a_rejection_is_told_with_its_applicant() -> None:
    """The department works on the new application, so it must hear of it and of who made it."""
    daughter = {**HEIR, "name": "王小红"}
    again = applied(9, label="again", applicant=daughter, recorded_at="2026-04-10T09:00:00+08:00")
    _, told = tell([CERTIFICATE, applied(9), resulted(9, "REJECTED"), again])
    assert told_of(told, 9) == ["READY", "APPLIED", "REJECTED", "APPLIED"]
    latest = [one for one in told if one.matter == 9][-1]
    assert latest.draft["applicant.name"].value == "王小红"


@pytest.mark.parametrize(
    ("number", "history", "news"),
    [
        (9, given("death_certificate", backfill=True), given("abnormal_death")),
        (8, given("notary", backfill=True), given("notary", "second", deed_no="公证2号", recorded_at=LATER)),
        (9, applied(9, backfill=True), applied(9, label="second", recorded_at=LATER)),
    ],
    ids=["types", "deeds", "applications"],
)
def test_news_does_not_hide_behind_history(number: int, history: Given, news: Given) -> None:
    """A proof of today is told though an older one of its kind had been loaded before."""
    rest = [given("provident_fund", backfill=True)]
    rest += [] if history[0] == "death_certificate" else [given("death_certificate", backfill=True)]
    _, told = tell([*rest, history, news])
    assert told_of(told, number)
    assert news[1]["record_id"] in [one for one in told if one.matter == number][-1].proofs


def test_an_accepted_matter_is_withdrawn_with_its_prerequisite() -> None:
    """Suspended is told, and told anew when the proof is back."""
    will = given("notary")
    steps = [CERTIFICATE, given("provident_fund"), will, resulted(8, "ACCEPTED")]
    _, told = tell([*steps, next_of(will, "REVOKED", "r", recorded_at=LATER)])
    assert told_of(told, 8) == ["READY", "ACCEPTED", "SUSPENDED"]


def test_a_completed_matter_is_to_be_recovered_when_its_proof_is_revoked() -> None:
    """Nothing is undone silently: the department hears that what it did rested on nothing."""
    steps = [CERTIFICATE, given("provident_fund"), given("notary"), resulted(8)]
    _, told = tell([*steps, next_of(CERTIFICATE, "REVOKED", "r", recorded_at=LATER)])
    assert told_of(told, 8) == ["READY", "COMPLETED", "RECOVERY"]


def test_an_old_disagreement_on_the_name_does_not_tell_a_banks_recovery_twice() -> None:
    """A dispute that is long over is no second piece of news when a deposit is revoked."""
    deposit, stranger = given("bank_deposit"), given("medical_insurance", name="赵冬生")
    steps = [CERTIFICATE, stranger, next_of(stranger, "REVOKED", "s", recorded_at=LATER), deposit]
    done = resulted(10, instance="甘肃银行")
    _, told = tell([*steps, done, next_of(deposit, "REVOKED", "r", recorded_at=LATER)])
    assert told_of(told, 10) == ["READY", "COMPLETED", "RECOVERY"]


def test_each_bank_is_told_of_its_own_applicant_alone() -> None:
    """Who asks one bank is nobody to the other; and while no bank is known nobody is told."""
    named = applied(10, banks=[{"bank_name": "兰州银行天水分行"}])
    _, told = tell([given("bank_deposit"), CERTIFICATE, named])
    of_banks = {(one.instance, one.transition): one for one in told if one.matter == 10}
    assert set(of_banks) == {("甘肃银行", "READY"), ("兰州银行", "APPLIED")}
    assert of_banks["兰州银行", "APPLIED"].draft["applicant.name"].value == HEIR["name"]
    assert of_banks["甘肃银行", "READY"].draft["applicant.name"].value is None
    _, told = tell([CERTIFICATE, applied(10)])
    assert told_of(told, 10) == []


def test_a_bank_that_nobody_knows_is_asked_about_until_the_city_knows_it() -> None:
    """The window finds out which bank is meant; of banks of the policy nobody asks."""
    strange = given("bank_deposit", "s", bank_name="麦积农商")
    state, _ = tell([given("bank_deposit"), strange, CERTIFICATE])
    asked = [(task.kind, task.owed_by, task.subject, task.instance) for task in state.tasks]
    assert asked == [("IDENTIFY_BANK", "service_centre", "麦积农商", "麦积农商")]
    assert tell([strange])[0].tasks == ()
    done = resulted(10, issuer_name="麦积农商")
    assert tell([strange, CERTIFICATE, done])[0].tasks == ()
