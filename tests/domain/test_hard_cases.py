"""The ten hard cases that simple builds forget, each from publishing to what departments hear."""

from datetime import timedelta

from tests.cases import Given, applied, document, given, matter, next_of, record_id, resulted
from tests.people import LI_XIULAN, WANG_JIANGUO
from tests.world import World

CERTIFICATE = given("death_certificate")
INSURANCE = given("social_insurance")
LATER = "2026-04-02T09:00:00+08:00"


def world(*records: Given) -> World:
    """The exchange after these records in this order."""
    made = World()
    for record in records:
        made.publish(record)
    return made


def transitions(made: World, department: str, number: int) -> list[str]:
    """What a department heard of a matter, in order."""
    return [one["transition"] for one in made.told(department) if one["matter"] == number]


def test_1_a_revocation_reaches_every_department_that_was_told_and_each_must_acknowledge_it() -> None:
    """Whoever began to act on a death that was none must hear of it, and say so."""
    steps = [given("cremation"), given("hukou_cancellation"), given("medical_insurance")]
    made = world(CERTIFICATE, INSURANCE, *steps, applied(9), resulted(7))
    told = {(one["department"], one["matter"]) for one in made.announcements}
    before = len(made.announcements)
    made.publish(next_of(CERTIFICATE, "REVOKED", "not dead", recorded_at=LATER))
    taken_back = made.announcements[before:]
    assert {(one["department"], one["matter"]) for one in taken_back} == told
    assert {one["transition"] for one in taken_back} == {"SUSPENDED", "RECOVERY"}
    for one in taken_back:
        assert (one["draft"]["deceased.name"]["value"], one["draft"]["deceased.id_number"]["value"]) == (
            "李秀兰",
            LI_XIULAN,
        )
    owed = {task["subject"]: task for task in made.tasks.values() if task["kind"] == "ACKNOWLEDGE"}
    assert {(t["owed_by"], t["matter"]) for t in owed.values()} == told
    for one in taken_back:
        department = one["department"]
        signed = {"announcement_id": one["id"], "handler": "值班员", "recorded_at": LATER}
        made.publish(given("acknowledgement", one["id"], department=department, **signed))
        assert made.tasks[owed[one["id"]]["task_id"]]["state"] == "DONE"


def test_1_what_nobody_acknowledges_in_time_is_announced_once_more() -> None:
    """A withdrawal that lies unread for a day is told again, and the window sees who owes it."""
    made = world(CERTIFICATE, next_of(CERTIFICATE, "REVOKED", "not dead", recorded_at=LATER))
    made.tick(made.now + timedelta(hours=23))
    assert "OVERDUE" not in transitions(made, "police", 3)
    made.tick(made.now + timedelta(hours=2))
    made.tick(made.now + timedelta(hours=2))
    assert transitions(made, "police", 3) == ["READY", "SUSPENDED", "OVERDUE"]
    withdrawal, reminder = made.told("police")[-2:]
    assert reminder["reminds_of"] == withdrawal["id"]
    (task,) = (t for t in made.tasks.values() if (t["owed_by"], t["kind"]) == ("police", "ACKNOWLEDGE"))
    assert task["state"] == "LATE"


def test_2_a_revocation_before_its_original_lets_no_late_original_rise() -> None:
    """What was taken back before it came is never believed."""
    made = world(INSURANCE, next_of(CERTIFICATE, "REVOKED", "r", recorded_at=LATER), CERTIFICATE)
    found = made.case(LI_XIULAN)
    assert found is not None
    assert (found["death_established"], made.announcements) == (False, [])


def test_3_amendments_out_of_order_leave_the_last_revision_in_force() -> None:
    """The source counts its revisions; the network does not."""
    second = next_of(CERTIFICATE, "AMENDED", "2", death_time="2026-03-01T09:00:00+08:00", recorded_at=LATER)
    third = next_of(second, "AMENDED", "3", death_time="2026-03-01T10:00:00+08:00")
    for order in ([CERTIFICATE, second, third], [third, second, CERTIFICATE], [second, CERTIFICATE, third]):
        found = document(*order)
        assert found["form"]["deceased"]["death_time"]["value"] == "2026-03-01T10:00:00+08:00"
        in_force = [one["record_id"] for one in found["records"] if one["in_force"]]
        assert in_force == [third[1]["record_id"]]


def test_4_the_same_id_again_has_no_second_effect_and_with_other_content_it_is_refused() -> None:
    """A retry is acknowledged; another story under the same id is a conflict."""
    made = world(CERTIFICATE)
    told = len(made.announcements)
    assert made.publish(CERTIFICATE) == "DUPLICATE"
    other = (CERTIFICATE[0], {**CERTIFICATE[1], "death_time": "2026-02-01"})
    assert made.publish(other) == "REJECTED"
    assert [reason["code"] for reason in made.receipts[-1]["reasons"]] == ["record_id_reused"]
    assert len(made.announcements) == told


def test_5_two_certificates_for_one_death_are_one_fact_flagged_as_a_duplicate() -> None:
    """Two hospitals certify one death: one fact, one set of announcements."""
    made = world(CERTIFICATE)
    told = len(made.announcements)
    made.publish(given("death_certificate", "other hospital", recorded_at=LATER))
    found = made.case(LI_XIULAN)
    assert found is not None
    duplicates = {one["record_id"]: one["duplicate_of"] for one in found["records"]}
    assert duplicates[record_id("death_certificate", "other hospital")] == CERTIFICATE[1]["record_id"]
    assert (len(made.announcements), found["conflicts"]) == (told, [])


def test_6_a_certificate_number_that_is_the_citizens_number_identifies_no_document() -> None:
    """Since 1 July 2026 all certificates of a citizen bear one number: they stay two documents."""
    first = given("death_certificate", certificate_no=LI_XIULAN)
    second = given("death_certificate", "other", certificate_no=LI_XIULAN, death_time="2026-02-28")
    found = document(first, second, next_of(second, "REVOKED", "r", recorded_at=LATER))
    assert (found["death_established"], found["conflicts"]) == (True, [])
    assert [one["record_id"] for one in found["records"] if one["in_force"]] == [first[1]["record_id"]]


def test_7_a_number_corrected_at_the_source_moves_the_case_and_the_old_one_forwards() -> None:
    """The hospital mistyped it: what was told of the wrong one is taken back, the right one goes on."""
    wrong = given("death_certificate", id_number=WANG_JIANGUO)
    right = next_of(wrong, "AMENDED", "number", id_number=LI_XIULAN, recorded_at=LATER)
    for order in ([INSURANCE, wrong, right], [right, INSURANCE, wrong], [wrong, right, INSURANCE]):
        made = world(*order)
        former, found = made.case(WANG_JIANGUO), made.case(LI_XIULAN)
        assert former is not None
        assert found is not None
        assert (former["death_established"], former["forwards_to"]) == (False, made.case_id(LI_XIULAN))
        assert former["records"][0]["moved_to"] == made.case_id(LI_XIULAN)
        assert found["death_established"]
        assert matter(found, 4)["state"] == "READY"
        assert {r["record_id"] for r in found["records"]} >= {wrong[1]["record_id"], right[1]["record_id"]}
    made = world(INSURANCE, wrong, right)
    heard = [(one["case_id"], one["transition"]) for one in made.told("human_resources")]
    assert heard[-2:] == [(made.case_id(LI_XIULAN), "READY")] * 2
    heard = [(one["case_id"], one["transition"]) for one in made.told("police") if one["matter"] == 3]
    old, new = made.case_id(WANG_JIANGUO), made.case_id(LI_XIULAN)
    assert sorted(heard) == sorted([(old, "READY"), (old, "SUSPENDED"), (new, "READY")])


def test_7_what_others_filed_under_the_mistyped_number_stays_with_whom_it_belongs() -> None:
    """A living person of the same name has that number: her pension is nothing to the dead one's heirs."""
    wrong = given("death_certificate", id_number=WANG_JIANGUO)
    hers = given("social_insurance", id_number=WANG_JIANGUO)
    made = world(hers, wrong, next_of(wrong, "AMENDED", "number", id_number=LI_XIULAN, recorded_at=LATER))
    former, found = made.case(WANG_JIANGUO), made.case(LI_XIULAN)
    assert former is not None
    assert found is not None
    assert (former["forwards_to"], former["death_established"]) == (None, False)
    assert matter(former, 4)["state"] == "SUSPENDED"
    assert matter(found, 4)["state"] == "WAITING"


def test_8_revoked_and_issued_anew_within_the_hour_is_a_correction_and_no_second_death() -> None:
    """Old systems correct so: withdrawn at once, and what follows says that it corrects."""
    made = world(CERTIFICATE, next_of(CERTIFICATE, "REVOKED", "r", recorded_at=LATER))
    made.now += timedelta(minutes=59)
    made.publish(given("death_certificate", "anew", recorded_at=LATER, death_time="2026-03-01"))
    heard = [(one["transition"], one["correction"]) for one in made.told("police") if one["matter"] == 3]
    assert heard == [("READY", False), ("SUSPENDED", False), ("READY", True)]


def test_8_what_comes_of_a_corrected_matter_later_is_no_correction() -> None:
    """Only the announcement that takes the withdrawn one's place is marked; the application is news."""
    revoked = next_of(CERTIFICATE, "REVOKED", "r", recorded_at=LATER)
    made = world(CERTIFICATE, revoked, given("death_certificate", "anew", recorded_at=LATER), applied(9))
    heard = [(one["transition"], one["correction"]) for one in made.told("justice")]
    assert heard == [("READY", False), ("SUSPENDED", False), ("READY", True), ("APPLIED", False)]


def test_8_issued_anew_after_the_hour_is_no_correction() -> None:
    """Then somebody has found out something, and departments should look twice."""
    made = world(CERTIFICATE, next_of(CERTIFICATE, "REVOKED", "r", recorded_at=LATER))
    made.now += timedelta(minutes=61)
    made.publish(given("death_certificate", "anew", recorded_at=LATER))
    assert not any(one["correction"] for one in made.announcements)


def test_9_a_replay_gives_the_same_cases_byte_for_byte_and_tells_nothing_anew() -> None:
    """Whoever folds the log again sees what was seen, and nobody hears of it twice."""
    wrong = given("death_certificate", id_number=WANG_JIANGUO)
    right = next_of(wrong, "AMENDED", "number", id_number=LI_XIULAN, recorded_at=LATER)
    made = world(INSURANCE, wrong, right, given("cremation"), applied(4), resulted(4))
    again = made.replayed()
    assert again.encoded == made.encoded
    assert [one["id"] for one in again.announcements] == [one["id"] for one in made.announcements]
    told, receipts = len(made.announcements), list(made.receipts)
    for message in made.messages:
        made._run(message)
    assert len(made.announcements) == told
    assert made.receipts[len(receipts) :] == receipts


def test_10_what_was_known_on_a_day_is_what_the_log_had_taken_by_then() -> None:
    """A decision is judged by what could be known; a revocation that came later does not change that."""
    made = world(CERTIFICATE, INSURANCE)
    then, known = made.now, dict(made.encoded)
    made.publish(next_of(CERTIFICATE, "REVOKED", "r", recorded_at="2026-03-02T09:30:00+08:00"))
    assert made.replayed(until=then).encoded == known
    assert made.encoded != known


def test_what_was_paid_out_after_the_death_does_not_hide_what_has_to_be_recovered() -> None:
    """An account that is empty since it was paid out was not empty when the person died."""
    fund, deed = given("provident_fund"), given("notary")
    empty = given("provident_fund", "paid", balance_fen=0, recorded_at=LATER)
    made = world(CERTIFICATE, fund, deed, applied(8), resulted(8), empty)
    made.publish(next_of(CERTIFICATE, "REVOKED", "r", recorded_at="2026-04-03T09:00:00+08:00"))
    assert transitions(made, "provident_fund", 8) == ["READY", "APPLIED", "COMPLETED", "RECOVERY"]


def test_what_was_completed_and_never_applied_has_to_be_recovered() -> None:
    """The pension office corrects itself after paying: she drew no pension at all."""
    slip = next_of(INSURANCE, "AMENDED", "no pension", receiving_benefit=False, recorded_at=LATER)
    for order in ([CERTIFICATE, INSURANCE, resulted(4), slip], [resulted(4), slip, INSURANCE, CERTIFICATE]):
        made = world(*order)
        assert transitions(made, "human_resources", 4)[-1] == "RECOVERY"
        assert any(task["kind"] == "RECOVER" for task in made.tasks.values())


def test_the_kind_of_number_is_that_of_records_and_not_of_decisions() -> None:
    """A decision filed without a number, first or last, takes no household matter away."""
    link = given(
        "decision",
        kind="PERSON_LINKED",
        id_number=None,
        id_type="NONE",
        linked_id_number=LI_XIULAN,
        name="无名氏",
    )
    for order in ([link, CERTIFICATE], [CERTIFICATE, link]):
        found = world(*order).case(LI_XIULAN)
        assert found is not None
        assert matter(found, 3)["state"] == "READY"
