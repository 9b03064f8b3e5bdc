"""Records that disagree: both values stand there, what rests on them waits, and a handler decides."""

from typing import Any

import pytest

from tests.cases import Given, applied, document, given, matter, next_of, record_id, resulted, tell
from tests.cells import each_cell

CERTIFICATE = given("death_certificate")
INSURANCE = given("social_insurance")
OTHER_DAY = {"death_time": "2026-02-28"}
OTHER = given("abnormal_death", **OTHER_DAY)
MONEY = (4, 5, 7, 8, 10)
PAYS = (
    given("social_insurance"),
    given("medical_insurance"),
    given("provident_fund"),
    given("notary"),
    given("bank_deposit"),
)
DECIDED = "2026-03-20T10:00:00+08:00"
LATER = "2026-04-02T09:00:00+08:00"


def decided(kind: str, label: str = "", **fields: Any) -> Given:
    """A handler's decision."""
    return given("decision", f"{kind}{label}", kind=kind, **{"recorded_at": DECIDED, **fields})


def in_favour_of(record: Given, label: str = "", **fields: Any) -> Given:
    """A conflict resolved in favour of a record."""
    return decided("CONFLICT_RESOLVED", label, in_favour_of=record[1]["record_id"], **fields)


def told_of(records: list[Given], number: int) -> list[str]:
    """What was told of a matter, in order."""
    return [one.transition for one in tell(records)[1] if one.matter == number]


def rules(found: dict[str, Any]) -> list[str]:
    """The rules that are not kept."""
    return [conflict["rule"] for conflict in found["conflicts"]]


@pytest.mark.parametrize(
    "other",
    [
        OTHER,
        given("death_declaration", declared_death_date="2026-02-28"),
        given("death_certificate", "another", **OTHER_DAY),
    ],
    ids=lambda record: str(record[0]),
)
def test_proofs_that_name_different_dates_hold_every_matter_that_rests_on_the_death(other: Given) -> None:
    """On another day it may have been another person: nobody acts before somebody has looked."""
    found = document(CERTIFICATE, INSURANCE, other)
    (conflict,) = found["conflicts"]
    assert (conflict["rule"], conflict["decisive"], conflict["field"]) == (
        "death_date_differs",
        True,
        "deceased.death_time",
    )
    assert {value["record_id"] for value in conflict["values"]} == {
        CERTIFICATE[1]["record_id"],
        other[1]["record_id"],
    }
    assert not found["death_established"]
    assert found["form"]["deceased"]["death_time"]["state"] == "conflict"
    assert [matter(found, n)["state"] for n in (4, 9)] == ["SUSPENDED", "SUSPENDED"]
    assert [one["prerequisite"] for one in matter(found, 4)["waiting_for"]] == ["death"]


def test_what_was_done_before_the_conflict_stays_done_and_nothing_is_recovered() -> None:
    """A clerk's slip in a date undoes no cremation and no payment."""
    found = document(CERTIFICATE, INSURANCE, resulted(4), given("cremation"), OTHER)
    for number in (1, 2, 4):
        one = matter(found, number)
        assert (one["state"], one["recovery"]) == ("COMPLETED", False)


CREMATED_THAT_MORNING = given(
    "cremation", death_time="2026-03-01", cremation_time="2026-03-01T07:00:00+08:00"
)


@each_cell(
    ("other", "rule", "held"),
    [
        (given("cremation", **OTHER_DAY), "corroborating_date_differs", False),
        (given("hukou_cancellation", **OTHER_DAY), "corroborating_date_differs", False),
        (given("hukou_cancellation", death_time="2026-02-26"), "corroborating_date_differs", False),
        (given("hukou_cancellation", death_time="2026-02-25"), "corroborating_date_differs", True),
        (given("hukou_cancellation", death_time="2026-03-05"), "corroborating_date_differs", True),
        (given("hukou_cancellation", death_time="2026-01-30"), "corroborating_date_differs", True),
        (given("hukou_cancellation", cancelled_at="2026-02-26"), "cancelled_before_death", False),
        (given("hukou_cancellation", cancelled_at="2026-02-25"), "cancelled_before_death", True),
        (CREMATED_THAT_MORNING, "cremated_before_death", True),
    ],
)
def test_who_corroborates_a_death_never_takes_it_back(other: Given, rule: str, held: bool) -> None:
    """A slip of up to three days is asked about; by more, money alone waits until a handler has looked."""
    steps = [CERTIFICATE, *PAYS, other]
    found = document(*steps)
    assert (rules(found), found["death_established"]) == ([rule], True)
    assert found["conflicts"][0]["decisive"] is held
    assert {matter(found, n, "甘肃银行" if n == 10 else None)["state"] for n in MONEY} == {
        "SUSPENDED" if held else "READY"
    }
    assert [matter(found, n)["state"] for n in (1, 9, 12)] == ["COMPLETED", "READY", "READY"]
    assert found["form"]["deceased"]["death_time"]["value"].startswith("2026-03-01")
    (task,) = (
        tell(steps)[0].tasks
        if not held
        else (one for one in tell(steps)[0].tasks if one.kind != "ACKNOWLEDGE")
    )
    assert (task.kind, task.owed_by, task.subject) == ("RESOLVE_CONFLICT", "service_centre", rule)


def test_a_cremation_two_days_before_the_death_holds_the_money_however_near_the_dates_are() -> None:
    """No slip of the pen burns a body before its time."""
    ashes = given("cremation", **OTHER_DAY, cremation_time="2026-02-28T10:00:00+08:00")
    found = document(CERTIFICATE, INSURANCE, ashes)
    assert {one["rule"]: one["decisive"] for one in found["conflicts"]} == {
        "corroborating_date_differs": False,
        "cremated_before_death": True,
    }
    assert [matter(found, n)["state"] for n in (4, 9)] == ["SUSPENDED", "READY"]


def test_what_waits_for_a_handler_says_so_and_goes_on_with_the_decision() -> None:
    """The word of one of the window's handlers, by name and with a reason, lets money go on."""
    register = given("hukou_cancellation", death_time="2026-01-30")
    (wanted,) = matter(document(CERTIFICATE, INSURANCE, register), 4)["waiting_for"]
    assert (wanted["prerequisite"], wanted["owed_by"]) == ("settlement", ["service_centre"])
    decision = in_favour_of(CERTIFICATE)
    found = document(CERTIFICATE, INSURANCE, register, decision)
    assert (rules(found), matter(found, 4)["state"]) == ([], "READY")
    assert decision[1]["record_id"] in matter(found, 4)["proofs"]
    assert decision[1]["record_id"] not in matter(found, 9)["proofs"]
    steps = [CERTIFICATE, INSURANCE, register, decision]
    assert told_of(steps, 4) == ["READY", "SUSPENDED", "READY"]
    assert told_of(steps, 9) == ["READY"]


def test_a_decision_on_a_slip_that_held_nothing_is_told_to_nobody() -> None:
    """Nothing was withdrawn, so nothing is told anew."""
    register = given("hukou_cancellation", **OTHER_DAY)
    assert told_of([CERTIFICATE, INSURANCE, register, in_favour_of(CERTIFICATE)], 4) == ["READY"]


def test_a_handler_may_find_the_register_right_and_a_third_word_reopens_it() -> None:
    """The form then has the register's date; the cremation was not on the handler's desk."""
    register = given("hukou_cancellation", death_time="2026-01-30")
    found = document(CERTIFICATE, INSURANCE, register, in_favour_of(register))
    assert (rules(found), matter(found, 4)["state"]) == ([], "READY")
    assert found["form"]["deceased"]["death_time"]["value"] == "2026-01-30"
    cremation = given("cremation", recorded_at=LATER)
    found = document(CERTIFICATE, INSURANCE, register, in_favour_of(register), cremation)
    assert (rules(found), matter(found, 4)["state"]) == (["corroborating_date_differs"], "SUSPENDED")
    assert [one["standing"] for one in found["decisions"]] == ["REOPENED"]


def test_what_was_paid_stays_paid_and_what_still_waits_says_for_what() -> None:
    """A register that comes late undoes no payment; what waits for data learns that there is more."""
    register = given("hukou_cancellation", death_time="2026-01-30", recorded_at=LATER)
    found = document(CERTIFICATE, INSURANCE, resulted(4), register)
    assert [matter(found, n)["state"] for n in (4, 5)] == ["COMPLETED", "SUSPENDED"]
    assert not matter(found, 4)["recovery"]
    assert [one["prerequisite"] for one in matter(found, 7)["waiting_for"]] == [
        "medical_insurance",
        "settlement",
    ]


def test_a_proof_that_a_handler_found_wrong_holds_no_money() -> None:
    """Its date is out of the world: the cremation is compared with the proof that stands."""
    wrong = given("abnormal_death", death_time="2026-03-20", recorded_at="2026-03-21T09:00:00+08:00")
    decision = in_favour_of(CERTIFICATE, recorded_at=LATER, overrules=[wrong[1]["record_id"]])
    found = document(CERTIFICATE, INSURANCE, given("cremation"), wrong, decision)
    assert (rules(found), matter(found, 4)["state"]) == ([], "READY")


def test_two_dates_of_cremation_are_shown_and_hold_nothing() -> None:
    """Nothing rests on the day of a cremation."""
    other = given("cremation", "other", cremation_time="2026-03-04T10:00:00+08:00", recorded_at=LATER)
    found = document(CERTIFICATE, given("cremation"), other)
    (conflict,) = found["conflicts"]
    assert (conflict["rule"], conflict["decisive"]) == ("cremation_differs", False)
    assert found["death_established"]


@pytest.mark.parametrize(
    ("sign", "rule"),
    [
        (given("driving_licence", issued_at="2026-03-05", recorded_at=LATER), "sign_of_life"),
        (given("notary", notarised_at="2026-03-05", recorded_at=LATER), "sign_of_life"),
        (
            given("provident_fund", status="ACTIVE", recorded_at="2026-05-20T09:00:00+08:00"),
            "contribution_after_death",
        ),
    ],
    ids=["a licence", "a will", "a contribution"],
)
def test_a_sign_of_life_after_the_death_alerts_and_holds_nothing(sign: Given, rule: str) -> None:
    """Somebody must look, at once; whether it was life or a clerk, only a person can say."""
    found = document(CERTIFICATE, INSURANCE, sign)
    assert (rules(found), found["conflicts"][0]["decisive"]) == ([rule], False)
    assert matter(found, 4)["state"] == "READY"
    (task,) = (one for one in tell([CERTIFICATE, INSURANCE, sign])[0].tasks)
    assert (task.kind, task.owed_by, task.subject) == ("RESOLVE_CONFLICT", "service_centre", rule)


@pytest.mark.parametrize(
    "harmless",
    [
        given("driving_licence", issued_at="2026-02-27", recorded_at=LATER),
        given("notary", kind="INHERITANCE", notarised_at="2026-03-05", recorded_at=LATER),
        given("provident_fund", status="ACTIVE", recorded_at="2026-04-10T09:00:00+08:00"),
        given("provident_fund", recorded_at="2026-05-20T09:00:00+08:00"),
    ],
    ids=["licensed before", "the heirs' deed", "within two months", "a sealed account"],
)
def test_what_the_living_need_not_have_done_is_no_sign_of_life(harmless: Given) -> None:
    """Heirs go to the notary, and employers report late."""
    assert rules(document(CERTIFICATE, harmless)) == []


def test_a_decision_in_favour_of_a_record_settles_the_conflict_and_is_a_proof() -> None:
    """The handler's word puts the case back on its way, and the form takes the value found right."""
    decision = in_favour_of(OTHER)
    found = document(CERTIFICATE, INSURANCE, OTHER, decision)
    assert (rules(found), found["death_established"]) == ([], True)
    assert found["form"]["deceased"]["death_time"]["value"] == "2026-02-28"
    assert matter(found, 4)["state"] == "READY"
    assert decision[1]["record_id"] in matter(found, 4)["proofs"]
    assert [one["standing"] for one in found["decisions"]] == ["IN_FORCE"]
    steps = [CERTIFICATE, INSURANCE, OTHER, decision]
    assert told_of(steps, 4) == ["READY", "SUSPENDED", "READY"]


@pytest.mark.parametrize(
    "change",
    [
        given("death_declaration", declared_death_date="2026-02-27", recorded_at=LATER),
        next_of(CERTIFICATE, "AMENDED", "again", death_time="2026-02-26", recorded_at=LATER),
        next_of(OTHER, "AMENDED", "again", death_time="2026-02-26", recorded_at=LATER),
    ],
    ids=["a third word", "the overruled one changes", "the favoured one changes"],
)
def test_a_decision_is_reopened_when_the_facts_under_it_change(change: Given) -> None:
    """No decision is kept silently for what its handler never saw."""
    found = document(CERTIFICATE, INSURANCE, OTHER, in_favour_of(OTHER), change)
    assert (rules(found), found["death_established"]) == (["death_date_differs"], False)
    assert [one["standing"] for one in found["decisions"]] == ["REOPENED"]
    assert matter(found, 4)["state"] == "SUSPENDED"
    steps = [CERTIFICATE, INSURANCE, OTHER, in_favour_of(OTHER), change]
    kinds = {task.kind for task in tell(steps)[0].tasks}
    assert {"REVIEW_DECISION", "RESOLVE_CONFLICT"} <= kinds


def test_a_decision_that_names_what_it_overrules_covers_nothing_else() -> None:
    """A record that was recorded before and came later was not on the handler's desk."""
    late = given(
        "death_declaration", declared_death_date="2026-02-27", recorded_at="2026-03-10T09:00:00+08:00"
    )
    seen = [CERTIFICATE[1]["record_id"]]
    assert rules(document(CERTIFICATE, OTHER, late, in_favour_of(OTHER))) == []
    found = document(CERTIFICATE, OTHER, late, in_favour_of(OTHER, overrules=seen))
    assert rules(found) == ["death_date_differs"]
    assert [one["standing"] for one in found["decisions"]] == ["REOPENED"]


def test_the_later_of_two_decisions_counts() -> None:
    """A handler may think again."""
    second = in_favour_of(CERTIFICATE, "second", recorded_at="2026-03-21T10:00:00+08:00")
    for order in ([in_favour_of(OTHER), second], [second, in_favour_of(OTHER)]):
        found = document(CERTIFICATE, OTHER, *order)
        assert found["form"]["deceased"]["death_time"]["value"].startswith("2026-03-01")
        assert [one["standing"] for one in found["decisions"]] == ["OVERTAKEN", "IN_FORCE"]


def test_a_conflict_that_a_correction_ends_is_told_with_an_announcement_of_its_own() -> None:
    """What was withdrawn and stands again has a new id, or readers would drop it as known."""
    amended = next_of(OTHER, "AMENDED", "right", death_time="2026-03-01", recorded_at=LATER)
    _, told = tell([CERTIFICATE, INSURANCE, OTHER, amended])
    heard = [(one.transition, one.id) for one in told if one.matter == 4]
    assert [transition for transition, _ in heard] == ["READY", "SUSPENDED", "READY"]
    assert len({one_id for _, one_id in heard}) == 3


def test_a_matter_found_not_applicable_is_looked_at_again_when_the_facts_change() -> None:
    """Buried, said the handler; then a crematorium reports."""
    burial = decided("MATTER_NOT_APPLICABLE", matter=2, recorded_at="2026-03-02T12:00:00+08:00")
    assert matter(document(CERTIFICATE, burial), 2)["state"] == "NOT_APPLICABLE"
    found = document(CERTIFICATE, burial, given("cremation"))
    assert matter(found, 2)["state"] == "COMPLETED"
    assert [one["standing"] for one in found["decisions"]] == ["REOPENED"]


def test_a_held_matter_waits_for_its_release_and_is_then_told_anew() -> None:
    """A handler stops one matter and no other, and lets it go again."""
    hold, release = decided("MATTER_HELD", matter=4), decided("MATTER_RELEASED", matter=4, recorded_at=LATER)
    found = document(CERTIFICATE, INSURANCE, hold)
    assert (matter(found, 4)["state"], matter(found, 5)["state"]) == ("SUSPENDED", "READY")
    (wanted,) = matter(found, 4)["waiting_for"]
    assert (wanted["prerequisite"], wanted["owed_by"]) == ("release", ["service_centre"])
    released = document(CERTIFICATE, INSURANCE, hold, release)
    assert matter(released, 4)["state"] == "READY"
    assert release[1]["record_id"] in matter(released, 4)["proofs"]
    assert [one["standing"] for one in released["decisions"]] == ["OVERTAKEN", "IN_FORCE"]
    _, told = tell([CERTIFICATE, INSURANCE, hold, release])
    heard = [(one.transition, one.id) for one in told if one.matter == 4]
    assert [transition for transition, _ in heard] == ["READY", "SUSPENDED", "READY"]
    assert len({one_id for _, one_id in heard}) == 3


def test_a_hold_may_be_revoked_and_placed_again() -> None:
    """A decision is a record like any other."""
    hold = decided("MATTER_HELD", matter=4)
    again = decided("MATTER_HELD", "again", matter=4, recorded_at=LATER)
    steps = [CERTIFICATE, INSURANCE, hold, next_of(hold, "REVOKED", "r", recorded_at=DECIDED), again]
    assert told_of(steps, 4) == ["READY", "SUSPENDED", "READY", "SUSPENDED"]


def test_a_waiting_matter_that_is_held_says_so_before_it_is_ready() -> None:
    """Whoever waits for data learns that there is more to wait for."""
    hold = decided("MATTER_HELD", matter=4)
    wanted = matter(document(CERTIFICATE, hold), 4)["waiting_for"]
    assert [one["prerequisite"] for one in wanted] == ["social_insurance", "release"]


def test_a_completed_matter_cannot_be_held() -> None:
    """What is done is done; a recovery is another thing."""
    found = document(CERTIFICATE, INSURANCE, resulted(4), decided("MATTER_HELD", matter=4, recorded_at=LATER))
    assert matter(found, 4)["state"] == "COMPLETED"


def test_a_hold_on_one_bank_leaves_the_other_alone() -> None:
    """Matter 10 is each bank's own."""
    other = given("bank_deposit", "other", bank_name="兰州银行")
    hold = decided("MATTER_HELD", matter=10, instance="兰州银行")
    found = document(CERTIFICATE, given("bank_deposit"), other, hold)
    assert matter(found, 10, "兰州银行")["state"] == "SUSPENDED"
    assert matter(found, 10, "甘肃银行")["state"] == "READY"


def test_what_is_applied_for_in_a_conflict_waits_until_it_is_settled() -> None:
    """The family's application is kept; nobody pays on it."""
    steps = [CERTIFICATE, INSURANCE, OTHER, applied(4), in_favour_of(CERTIFICATE, recorded_at=LATER)]
    assert told_of(steps, 4) == ["READY", "SUSPENDED", "APPLIED"]
    assert record_id("application") in matter(document(*steps), 4)["proofs"]
