"""What the window did and still owes: 初审, 出件, 预约 and 诉求, whatever the order in which they came."""

from dataclasses import replace
from datetime import datetime
from itertools import permutations
from typing import Any

import pytest

from exchange.domain.fold import consequences
from exchange.domain.policy import Policy, load_policy
from exchange.domain.values import Task
from tests.cases import (
    Given,
    applied,
    case,
    document,
    examined,
    given,
    handed_over,
    matter,
    next_of,
    record_id,
    resulted,
    state_of,
    tell,
)
from tests.people import id_number
from tests.policies import examining_first

DEATH = given("death_certificate")
AT_THE_WINDOW = applied(9, 12, channel="WINDOW", delivery="MAIL", materials=[{"kind": 3}])
IN_ORDER = examined(AT_THE_WINDOW, label="in order")
ASKS = examined(AT_THE_WINDOW, "户口簿缺第二页", label="asks")
AMENDED = next_of(AT_THE_WINDOW, "AMENDED", "amended", recorded_at="2026-03-21T09:00:00+08:00")
DONE = resulted(9)
POSTED = handed_over(DONE, postal_no="1234567890123", recipient_name="王小明")
JULY = "2026-07-01T00:00:00.000000Z"


def owed(*records: Given, policy: Policy | None = None, at: str = JULY) -> dict[str, list[Task]]:
    """What the window owes after these records, by kind."""
    state = consequences(state_of(records), policy or load_policy(), at).state
    found: dict[str, list[Task]] = {}
    for task in state.tasks:
        if task.owed_by == "service_centre":
            found.setdefault(task.kind, []).append(task)
    return found


def told(*records: Given, policy: Policy) -> list[tuple[int, str]]:
    """Matter and transition of every announcement of two matters, in order."""
    _, announcements = tell(records, policy)
    return [(one.matter, one.transition) for one in announcements if one.matter in {9, 12}]


def limit(number: int, *records: Given) -> dict[str, Any]:
    """The limit of a matter."""
    found: dict[str, Any] = matter(document(*records), number)["limit"]
    return found


def test_what_the_window_saw_counts_as_handed_in() -> None:
    """The family brought the originals to the counter; nobody asks for them again."""
    asked = applied(2, channel="WINDOW")
    seen = examined(asked, materials=[{"kind": kind, "original_sighted": True} for kind in (1, 2, 4)])
    for records, state in (((DEATH, asked), "original_to_sight"), ((DEATH, asked, seen), "supplied")):
        assert {one["state"] for one in matter(document(*records), 2)["materials"]} == {state}


def test_a_paper_that_was_seen_will_do_where_the_application_could_have_named_it() -> None:
    """The deed of ⑦ is shown at the counter: the fund may begin, by the application and not by the look."""
    fund = applied(8, channel="WINDOW")
    seen = examined(fund, materials=[{"kind": 7, "original_sighted": False}])
    assert matter(document(DEATH, given("provident_fund"), fund), 8)["state"] == "WAITING"
    found = matter(document(DEATH, given("provident_fund"), fund, seen), 8)
    assert (found["state"], fund[1]["record_id"] in found["proofs"]) == ("APPLIED", True)
    assert seen[1]["record_id"] not in found["proofs"]


@pytest.mark.parametrize("record", [IN_ORDER, POSTED, given("appointment"), given("enquiry")])
def test_it_proves_no_material(record: Given) -> None:
    """② is proved by any department's record; what the window did is none."""
    kinds = {one["kind"]: one["state"] for one in matter(document(record), 9)["materials"]}
    assert kinds[2] == "missing"
    assert not document(record)["death_established"]


@pytest.mark.parametrize("record_type", ["examination", "handover", "appointment", "enquiry"])
def test_another_name_on_it_holds_nobody(record_type: str) -> None:
    """A clerk's slip in the name must not stop a family's case."""
    own = {
        "examination": {"application": record_id("application")},
        "handover": {"results": [record_id("x")]},
    }
    strange = given(record_type, name="赵冬生", **own.get(record_type, {}))
    found = document(DEATH, AT_THE_WINDOW, strange)
    assert found["death_established"]
    assert not found["conflicts"]
    assert not any(one["held"] for one in found["records"])


def test_what_was_asked_pauses_the_limit_until_it_is_put_right() -> None:
    """An amended application, or an examination that finds it in order, ends the pause."""
    again = examined(AT_THE_WINDOW, label="again", recorded_at="2026-03-22T09:00:00+08:00")
    asked = limit(9, DEATH, AT_THE_WINDOW, ASKS)
    assert (asked["state"], asked["asked_back"]) == ("PAUSED", ASKS[1]["record_id"])
    for ended in (AMENDED, again):
        after = limit(9, DEATH, AT_THE_WINDOW, ASKS, ended)
        assert (after["state"], after["asked_back"]) == ("RUNNING", None)


def test_the_departments_next_result_ends_the_pause_of_its_own_matter() -> None:
    """It goes on there; the other matter still waits for the family."""
    accepted = resulted(9, "ACCEPTED", recorded_at="2026-03-25T09:00:00+08:00")
    records = (DEATH, AT_THE_WINDOW, ASKS, accepted)
    assert [limit(number, *records)["state"] for number in (9, 12)] == ["RUNNING", "PAUSED"]


def test_what_a_department_sent_back_is_put_right_by_an_examination_too() -> None:
    """The family brought it to the counter, and the window found it in order."""
    back = resulted(9, "RETURNED", to_correct=["缺页"], recorded_at="2026-03-21T09:00:00+08:00")
    brought = examined(AT_THE_WINDOW, label="brought", recorded_at="2026-03-22T09:00:00+08:00")
    assert limit(9, DEATH, AT_THE_WINDOW, back)["returned"] == back[1]["record_id"]
    for seen in (IN_ORDER, examined(AT_THE_WINDOW, "还缺", recorded_at="2026-03-22T09:00:00+08:00")):
        assert limit(9, DEATH, AT_THE_WINDOW, back, seen)["state"] == "PAUSED"
    after = limit(9, DEATH, AT_THE_WINDOW, back, brought)
    assert (after["state"], after["returned"]) == ("RUNNING", None)


def test_an_examination_that_was_revoked_asks_for_nothing() -> None:
    """It was another family's."""
    records = (DEATH, AT_THE_WINDOW, ASKS, next_of(ASKS, "REVOKED", "revoked"))
    assert limit(9, *records)["state"] == "RUNNING"
    assert document(*records)["examinations"] == []


def test_an_amended_examination_replaces_what_was_asked() -> None:
    """A clerk corrects what was written down."""
    corrected = next_of(ASKS, "AMENDED", "corrected", to_correct=None)
    assert limit(9, DEATH, AT_THE_WINDOW, ASKS, corrected)["state"] == "RUNNING"


def test_one_applicants_corrections_do_not_stop_the_other() -> None:
    """Two siblings ask which deeds there are; one of them has to put something right."""
    sister = applied(9, label="sister", applicant={"name": "王小红", "id_number": id_number(sequence=82)})
    found = case(DEATH, AT_THE_WINDOW, ASKS, sister)
    assert found.limits[9, None].state == "RUNNING"
    assert [named for _, named in found.dues] == [sister[1]["record_id"]]


def test_asking_twice_is_remarked_upon_and_not_refused() -> None:
    """一次性告知: all of it at once; a word that was forgotten must reach the family all the same."""
    twice = examined(
        AT_THE_WINDOW, "身份证复印件不清", label="twice", recorded_at="2026-03-26T09:00:00+08:00"
    )
    entries = {one["record_id"]: one["warnings"] for one in document(AT_THE_WINDOW, ASKS, twice)["records"]}
    assert entries[twice[1]["record_id"]] == [{"code": "corrections_asked_again", "field": "to_correct"}]
    assert entries[ASKS[1]["record_id"]] == []
    found = document(AT_THE_WINDOW, ASKS, next_of(ASKS, "AMENDED", "reworded", to_correct=["缺页"]))
    assert not any(one["warnings"] for one in found["records"])


def test_what_it_names_may_be_on_its_way() -> None:
    """An examination before its application, a handover before its result: said while it is so."""
    for early, late, field in ((ASKS, AT_THE_WINDOW, "application"), (POSTED, DONE, "results")):
        alone = document(early)["records"][0]["warnings"]
        assert alone == [{"code": "reference_unknown", "field": field}]
        assert not any(one["warnings"] for one in document(early, late)["records"])


def test_a_result_is_owed_until_it_was_handed_out_or_mailed() -> None:
    """By whichever of its versions the handover names it."""
    records = (DEATH, AT_THE_WINDOW, DONE)
    (task,) = owed(*records)["HAND_OUT"]
    assert (task.matter, task.subject) == (9, DONE[1]["record_id"])
    assert task.due == "2026-07-06T15:59:59.999999Z"
    assert "HAND_OUT" not in owed(*records, POSTED)
    corrected = next_of(DONE, "AMENDED", "corrected", document_no="2号")
    assert "HAND_OUT" not in owed(*records, POSTED, corrected)
    assert "HAND_OUT" in owed(*records, POSTED, next_of(POSTED, "REVOKED", "came back"))


@pytest.mark.parametrize(
    "records",
    [
        (DEATH, applied(9, channel="WINDOW"), DONE),
        (DEATH, AT_THE_WINDOW, resulted(9, "ACCEPTED")),
        (DEATH, AT_THE_WINDOW, resulted(9, backfill=True)),
    ],
    ids=["nobody said how", "not done", "history"],
)
def test_nothing_else_is_owed_to_anybody(records: tuple[Given, ...]) -> None:
    """What a city did before it came here triggers nothing."""
    assert "HAND_OUT" not in owed(*records)


def test_an_appointment_is_owed_until_its_time_or_until_it_is_cancelled() -> None:
    """Its time is the task's; afterwards nobody waits for it."""
    visit = given("appointment", scheduled_at="2026-07-02T09:00:00+08:00", channel="HOME_VISIT")
    (task,) = owed(visit)["KEEP_APPOINTMENT"]
    assert task.due == "2026-07-02T01:00:00.000000Z"
    assert "KEEP_APPOINTMENT" not in owed(visit, at="2026-07-02T01:00:00.000001Z")
    assert "KEEP_APPOINTMENT" not in owed(visit, next_of(visit, "REVOKED", "cancelled"))


def test_an_enquiry_is_owed_until_it_is_closed() -> None:
    """诉求 is one document: its closing is its amendment, and the task the same until then."""
    asked = given("enquiry")
    closed = next_of(asked, "AMENDED", "closed", closed_at="2026-03-23", reply="十个工作日内。")
    reworded = next_of(asked, "AMENDED", "reworded", text="何时能办结？")
    (task,), (same,), (early,) = (
        owed(*records)["ANSWER_ENQUIRY"] for records in ((asked,), (asked, reworded), (reworded,))
    )
    assert task.task_id == same.task_id == early.task_id
    assert "ANSWER_ENQUIRY" not in owed(asked, closed)
    assert document(asked, closed)["enquiries"][0]["closed_at"] == "2026-03-23"


POLICY = examining_first()


def test_departments_are_told_once_the_window_has_examined() -> None:
    """初审 first, then 按责转办; that the matter can be applied for they know before."""
    assert told(DEATH, AT_THE_WINDOW, policy=POLICY) == [(9, "READY"), (12, "READY")]
    after = [(9, "READY"), (12, "READY"), (9, "APPLIED"), (12, "APPLIED")]
    assert told(DEATH, AT_THE_WINDOW, IN_ORDER, policy=POLICY) == after
    assert told(DEATH, AT_THE_WINDOW, policy=load_policy()) == after
    online = applied(9, 12, channel="ONLINE")
    assert told(DEATH, online, policy=POLICY) == after


def test_an_application_from_before_the_rule_is_told_as_it_was() -> None:
    """A city that begins to examine first takes nothing back from its departments."""
    for since, held in (("2026-03-20T09:00:01+08:00", False), ("2026-03-20T09:00:00+08:00", True)):
        moment = {"examine_since": datetime.fromisoformat(since)}
        policy = replace(POLICY, window_rule=POLICY.window_rule.model_copy(update=moment))
        assert ((9, "APPLIED") not in told(DEATH, AT_THE_WINDOW, policy=policy)) is held


def test_what_was_asked_back_is_held_back_until_it_is_put_right() -> None:
    """Departments get an application that is whole."""
    ready = [(9, "READY"), (12, "READY")]
    assert told(DEATH, AT_THE_WINDOW, ASKS, policy=POLICY) == ready
    applied_for = [(9, "APPLIED"), (12, "APPLIED")]
    assert told(DEATH, AT_THE_WINDOW, ASKS, AMENDED, policy=POLICY) == ready + applied_for


REVOKED = next_of(IN_ORDER, "REVOKED", "revoked in order", recorded_at="2026-03-27T09:00:00+08:00")
TWICE = examined(AT_THE_WINDOW, "身份证复印件不清", label="twice", recorded_at="2026-03-28T09:00:00+08:00")
REWORDED = next_of(
    IN_ORDER, "AMENDED", "reworded", to_correct=["缺页"], recorded_at="2026-03-27T09:00:00+08:00"
)


@pytest.mark.parametrize(
    "records",
    [(IN_ORDER, REVOKED), (IN_ORDER, TWICE), (IN_ORDER, REWORDED), (ASKS, AMENDED, TWICE)],
    ids=["it was revoked", "another asks for more", "it was amended", "another asks again"],
)
def test_what_was_passed_on_stays_told(records: tuple[Given, ...]) -> None:
    """What the window finds later pauses the limit; no department is told that nobody has applied."""
    everything = (DEATH, AT_THE_WINDOW, *records)
    after = [(9, "READY"), (12, "READY"), (9, "APPLIED"), (12, "APPLIED")]
    assert told(*everything, policy=POLICY) == after
    standing = set()
    for order in permutations(everything):
        state, announcements = tell(order, POLICY)
        standing.add(tuple(sorted((one.matter, one.transition, one.base) for one in state.told)))
        of_one = [one.transition for one in announcements if one.matter == 9]
        assert of_one == sorted(of_one, key=["READY", "APPLIED"].index)
    assert len(standing) == 1
    assert consequences(state_of(everything), POLICY, JULY).case.limits[9, None].state == "PAUSED"


@pytest.mark.parametrize("records", [(ASKS,), (ASKS, TWICE), (ASKS, next_of(ASKS, "REVOKED", "asks back"))])
def test_what_was_never_whole_is_held_back(records: tuple[Given, ...]) -> None:
    """Also where what was asked is asked no more: nobody has found it in order."""
    assert (9, "APPLIED") not in told(DEATH, AT_THE_WINDOW, *records, policy=POLICY)


def test_an_application_held_back_shows_nothing_of_itself() -> None:
    """Neither its applicant nor its materials: the draft is as before it."""
    _, announcements = tell((DEATH, AT_THE_WINDOW, given("medical_insurance")), POLICY)
    drafts = [one.draft["applicant.name"].value for one in announcements if "applicant.name" in one.draft]
    assert drafts
    assert set(drafts) == {None}
    assert not any(one.original_sighted or one.sha256 for a in announcements for one in a.materials)


def test_matter_1_is_told_once_examined() -> None:
    """A death at home: the application opens the matter, and the window has seen it first."""
    at_home = applied(1, channel="WINDOW")
    assert tell((at_home,), POLICY)[1] == []
    (told_,) = tell((at_home, examined(at_home)), POLICY)[1]
    assert (told_.matter, told_.transition) == (1, "APPLIED")


def test_a_withdrawal_waits_for_no_examination() -> None:
    """The certificate was revoked: who was told is told at once."""
    revoked = next_of(DEATH, "REVOKED", "revoked", recorded_at="2026-03-28T09:00:00+08:00")
    assert told(DEATH, AT_THE_WINDOW, revoked, policy=POLICY)[-2:] == [(9, "SUSPENDED"), (12, "SUSPENDED")]


def test_a_second_applicant_holds_the_money_at_once() -> None:
    """Nobody is paid meanwhile because the window has not got round to looking at the second application."""
    pension = given("social_insurance")
    sister = {"name": "王小红", "id_number": id_number(sequence=82)}
    two = (applied(4), applied(4, label="sister", channel="WINDOW", applicant=sister))
    _, announcements = tell((DEATH, pension, *two), POLICY)
    assert [one.transition for one in announcements if one.matter == 4] == ["READY", "APPLIED", "SUSPENDED"]


def test_who_is_held_back_is_seen_with_who_owes_it() -> None:
    """The matter waits for the window, which owes the examination by the next working day."""
    state, _ = tell((DEATH, AT_THE_WINDOW), POLICY)
    view = next(one for one in consequences(state, POLICY, JULY).case.matters if one.matter == 9)
    assert [(one.prerequisite, one.owed_by) for one in view.waiting_for] == [
        ("examination", ("service_centre",))
    ]
    assert view.state == "APPLIED"
    (task,) = owed(DEATH, AT_THE_WINDOW, policy=POLICY)["EXAMINE"]
    assert (task.subject, task.due) == (AT_THE_WINDOW[1]["record_id"], "2026-07-02T15:59:59.999999Z")
    assert "EXAMINE" not in owed(DEATH, AT_THE_WINDOW, IN_ORDER, policy=POLICY)
    assert "EXAMINE" not in owed(DEATH, AT_THE_WINDOW)


def test_a_department_is_not_late_with_what_it_was_not_told() -> None:
    """The limit runs from the examination."""
    case_ = consequences(state_of((DEATH, AT_THE_WINDOW)), POLICY, JULY).case
    assert case_.limits[9, None].state == "PAUSED"
    assert case_.limits[9, None].days_left == case_.limits[9, None].working_days
    assert not case_.dues


@pytest.mark.parametrize("policy", [load_policy(), POLICY], ids=["told at once", "examined first"])
def test_any_order_leaves_the_same_tasks_and_the_same_standing(policy: Policy) -> None:
    """An examination before its application, a handover before its result."""
    records = (DEATH, AT_THE_WINDOW, IN_ORDER, DONE, POSTED)
    ends = set()
    for order in permutations(records):
        state, _ = tell(order, policy)
        standing = sorted((one.matter, one.transition, one.base) for one in state.told)
        ends.add((tuple(standing), tuple((one.kind, one.subject) for one in state.tasks)))
    assert len(ends) == 1


def test_a_case_shows_all_of_it() -> None:
    """What was done, by whom, and where it went."""
    found = document(DEATH, AT_THE_WINDOW, IN_ORDER, DONE, POSTED)
    assert found["examinations"][0]["application"] == AT_THE_WINDOW[1]["record_id"]
    (handover,) = found["handovers"]
    assert (handover["delivery"], handover["postal_no"]) == ("MAIL", "1234567890123")
    assert handover["results"] == [DONE[1]["record_id"]]


def test_an_examination_of_a_former_version_is_one_of_the_application() -> None:
    """The application was amended afterwards: what the window saw it has seen."""
    found = document(DEATH, AT_THE_WINDOW, IN_ORDER, AMENDED)
    assert found["examinations"][0]["application"] == AMENDED[1]["record_id"]
    assert case(DEATH, AT_THE_WINDOW, IN_ORDER, AMENDED).limits[9, None].state == "RUNNING"
