"""Whose records these are: linked, unlinked, moved and given back, and always exactly what was before."""

from datetime import date
from typing import Any

import pytest

from avro_schemas.catalogue import Document
from tests.cases import Given, document, given, matter, next_of, record_id
from tests.examples import orders
from tests.people import LI_XIULAN, WANG_JIANGUO, id_number, id_number_15
from tests.world import World

CERTIFICATE = given("death_certificate")
INSURANCE = given("social_insurance")
STRANGER = given("medical_insurance", name="赵冬生")
LATER = "2026-04-02T09:00:00+08:00"
LAST = "2026-04-05T09:00:00+08:00"
UNKNOWN = given("death_certificate", "unknown", id_number=None, id_type="NONE", name="无名氏")
THIRD = {"id_number": id_number(sequence=93), "name": "赵冬生"}
UNKNOWN_KEY = f"provisional:{UNKNOWN[1]['record_id']}"


def decided(kind: str, record: Given | None, **fields: Any) -> Given:
    """A handler's decision on whose a record is."""
    about = {"in_favour_of": record[1]["record_id"]} if record else {}
    return given("decision", f"{kind}{fields}", **{"kind": kind, "recorded_at": LATER, **about, **fields})


def linked(record: Given | None, **fields: Any) -> Given:
    """Linked to the number under which the decision is filed, or to the one that it names."""
    return decided("PERSON_LINKED", record, **fields)


def unlinked(record: Given, **fields: Any) -> Given:
    """Unlinked from it."""
    return decided("PERSON_UNLINKED", record, **fields)


def world(*records: Given) -> World:
    """The exchange after these records."""
    made = World()
    for record in records:
        made.publish(record)
    return made


def seen(made: World, key: str) -> Document:
    """A case without its decisions, which are what differs before and after."""
    found = made.case(key)
    assert found is not None
    kept = [one for one in found["records"] if one["type"] != "decision"]
    return {**found, "decisions": [], "records": kept}


def held(found: Document) -> set[str]:
    """The types of the records that are put aside."""
    return {one["type"] for one in found["records"] if one["held"]}


def test_a_stranger_that_is_unlinked_sets_all_others_free() -> None:
    """The insurer had mixed up two people; the handler says so, and the family waits no longer."""
    before = document(CERTIFICATE, INSURANCE, STRANGER)
    assert held(before) == {"death_certificate", "social_insurance", "medical_insurance"}
    found = document(CERTIFICATE, INSURANCE, STRANGER, unlinked(STRANGER))
    assert (held(found), found["death_established"]) == ({"medical_insurance"}, True)
    assert matter(found, 4)["state"] == "READY"
    assert matter(found, 7)["state"] == "SUSPENDED"


def test_a_record_that_is_linked_says_whose_the_number_is() -> None:
    """One name is right; who bears another stays aside."""
    found = document(CERTIFICATE, INSURANCE, STRANGER, linked(CERTIFICATE))
    assert held(found) == {"medical_insurance"}


def test_a_former_name_that_is_linked_belongs_to_the_person() -> None:
    """Zhao Dongsheng was her name before."""
    found = document(
        CERTIFICATE, INSURANCE, STRANGER, linked(CERTIFICATE), linked(STRANGER, recorded_at=LAST)
    )
    assert (held(found), found["conflicts"]) == (set(), [])
    assert matter(found, 7)["state"] == "READY"


def test_a_record_that_disagrees_with_its_own_number_may_be_linked() -> None:
    """The sex on the certificate was a slip; it is hers all the same."""
    slip = given("death_certificate", sex="男")
    assert not document(slip)["death_established"]
    assert document(slip, linked(slip))["death_established"]


@pytest.mark.parametrize("revoked", [True, False], ids=["the link is revoked", "the record is unlinked"])
def test_after_link_and_unlink_all_is_as_it_was(revoked: bool) -> None:
    """A decision that is taken back leaves no trace but itself."""
    link = linked(STRANGER)
    end = next_of(link, "REVOKED", "r", recorded_at=LAST) if revoked else unlinked(STRANGER, recorded_at=LAST)
    if not revoked:
        before = world(CERTIFICATE, INSURANCE, STRANGER, unlinked(STRANGER))
    else:
        before = world(CERTIFICATE, INSURANCE, STRANGER)
    after = world(CERTIFICATE, INSURANCE, STRANGER, link, end)
    assert seen(after, LI_XIULAN) == seen(before, LI_XIULAN)


@pytest.mark.parametrize(
    "link",
    [
        linked(UNKNOWN),
        linked(UNKNOWN, id_number=None, id_type="NONE", name="无名氏", linked_id_number=LI_XIULAN),
        linked(UNKNOWN, id_number=WANG_JIANGUO, name="王建国", linked_id_number=LI_XIULAN),
    ],
    ids=["filed under the person", "filed under nobody", "filed under a third"],
)
def test_an_unknown_body_waits_until_a_handler_says_who_it_was(link: Given) -> None:
    """Nothing is told of the nameless; once linked, the certificate counts as hers."""
    waiting = world(INSURANCE, UNKNOWN)
    assert waiting.announcements == []
    assert held(seen(waiting, UNKNOWN_KEY)) == {"death_certificate"}
    for order in ([INSURANCE, UNKNOWN, link], [link, UNKNOWN, INSURANCE], [UNKNOWN, link, INSURANCE]):
        made = world(*order)
        found, former = seen(made, LI_XIULAN), seen(made, UNKNOWN_KEY)
        assert (found["death_established"], held(found)) == (True, set())
        assert found["form"]["deceased"]["id_number"]["value"] == LI_XIULAN
        assert [matter(found, number)["state"] for number in (3, 4)] == ["READY", "READY"]
        assert former["forwards_to"] == made.case_id(LI_XIULAN)
        assert former["records"][0]["moved_to"] == made.case_id(LI_XIULAN)


@pytest.mark.parametrize("revoked", [True, False], ids=["the link is revoked", "the record is unlinked"])
def test_a_body_linked_to_the_wrong_person_is_given_back_and_all_who_were_told_hear_of_it(
    revoked: bool,
) -> None:
    """The living person's case is as it was, and the body waits again."""
    before, link = world(INSURANCE, UNKNOWN), linked(UNKNOWN)
    end = next_of(link, "REVOKED", "r", recorded_at=LAST) if revoked else unlinked(UNKNOWN, recorded_at=LAST)
    after = world(INSURANCE, UNKNOWN, link, end)
    assert seen(after, UNKNOWN_KEY) == seen(before, UNKNOWN_KEY)
    found = seen(after, LI_XIULAN)
    assert found["matters"] == seen(before, LI_XIULAN)["matters"]
    assert {one["record_id"] for one in found["records"]} == {INSURANCE[1]["record_id"]}
    last = {(one["matter"], one["department"]): one["transition"] for one in after.announcements}
    assert set(last.values()) == {"SUSPENDED"}


def test_what_one_case_linked_away_the_other_gives_back() -> None:
    """The file was sent to the wrong person; her handler says so, and it counts again where it came from."""
    sent = given("medical_insurance", id_number=WANG_JIANGUO)
    away = linked(sent, id_number=WANG_JIANGUO, linked_id_number=LI_XIULAN)
    back = unlinked(sent, linked_id_number=LI_XIULAN, recorded_at=LAST)
    before = world(CERTIFICATE, sent)
    for order in orders(CERTIFICATE, sent, away, back):
        made = world(*order)
        assert seen(made, WANG_JIANGUO) == seen(before, WANG_JIANGUO)
        assert seen(made, LI_XIULAN) == seen(before, LI_XIULAN)
        assert not any(
            task["state"] != "DONE" for task in made.tasks.values() if task["owed_by"] == "service_centre"
        )


def test_decisions_filed_under_a_third_number_and_under_the_persons_own_do_not_put_each_other_out() -> None:
    """Two handlers link a body to the same woman; when one takes that back, the other's word stands."""
    own, third = linked(UNKNOWN), linked(UNKNOWN, linked_id_number=LI_XIULAN, **THIRD)
    for one, other in ((own, third), (third, own)):
        revoked = next_of(one, "REVOKED", "r", recorded_at=LAST)
        before = world(INSURANCE, UNKNOWN, other)
        for order in orders(UNKNOWN, own, third, revoked):
            made = world(INSURANCE, *order)
            assert seen(made, LI_XIULAN) == seen(before, LI_XIULAN)
            assert seen(made, UNKNOWN_KEY) == seen(before, UNKNOWN_KEY)


def test_who_is_not_the_person_may_be_said_under_a_third_number() -> None:
    """The handler who says that the body is not hers has a third file open, and knows better."""
    before = world(INSURANCE, UNKNOWN)
    no = unlinked(UNKNOWN, linked_id_number=LI_XIULAN, **{**THIRD, "recorded_at": LAST})
    for order in orders(UNKNOWN, linked(UNKNOWN), no):
        made = world(INSURANCE, *order)
        assert seen(made, UNKNOWN_KEY) == seen(before, UNKNOWN_KEY)
        assert not seen(made, LI_XIULAN)["death_established"]


def test_a_document_that_is_put_aside_by_its_first_record_stays_aside_though_its_case_is_moved() -> None:
    """The handler named the record that was corrected to this number; nobody moves it on with the rest."""
    body = given("death_certificate", "body", id_number=None, id_type="NONE")
    corrected = next_of(body, "AMENDED", "c", recorded_at=LATER, id_number=LI_XIULAN, id_type="RESIDENT_ID")
    apart = unlinked(body, recorded_at=LAST)
    whole = linked(None, linked_id_number=WANG_JIANGUO)
    for order in orders(body, corrected, apart, whole):
        made = world(INSURANCE, *order)
        assert held(seen(made, LI_XIULAN)) == {"death_certificate"}
        assert "death_certificate" not in {one["type"] for one in seen(made, WANG_JIANGUO)["records"]}


def test_what_is_linked_again_is_announced_with_new_ids() -> None:
    """Linked, unlinked, linked: readers must not take the last for the first."""
    again = linked(UNKNOWN, recorded_at="2026-04-06T09:00:00+08:00")
    made = world(INSURANCE, UNKNOWN, linked(UNKNOWN), unlinked(UNKNOWN, recorded_at=LAST), again)
    heard = [(one["transition"], one["id"]) for one in made.told("police") if one["matter"] == 3]
    assert [transition for transition, _ in heard] == ["READY", "SUSPENDED", "READY"]
    assert len({one_id for _, one_id in heard}) == 3


def test_what_stands_again_after_an_unlink_is_no_repetition_of_what_was_told_before() -> None:
    """A cremation that was another's leaves no trace; a reader who knows the former id must not skip it."""
    ashes = given("cremation", id_number=None, id_type="NONE", name="无名氏")
    made = world(CERTIFICATE, ashes, linked(ashes), unlinked(ashes, recorded_at=LAST))
    heard = [(one["transition"], one["id"]) for one in made.told("civil_affairs")]
    assert [transition for transition, _ in heard] == ["READY", "COMPLETED", "READY"]
    assert len({one_id for _, one_id in heard}) == 3


def test_of_two_persons_to_whom_a_body_is_linked_the_later_decision_counts() -> None:
    """Nobody dies for two."""
    second = linked(UNKNOWN, id_number=WANG_JIANGUO, name="王建国", recorded_at=LAST)
    for order in ([linked(UNKNOWN), second], [second, linked(UNKNOWN)]):
        made = world(INSURANCE, UNKNOWN, *order)
        assert not seen(made, LI_XIULAN)["death_established"]
        assert seen(made, WANG_JIANGUO)["death_established"]


def test_a_whole_person_is_linked_to_another_number_and_the_old_one_forwards() -> None:
    """Two numbers, one person: the police have found out."""
    both = linked(None, linked_id_number=LI_XIULAN, id_number=WANG_JIANGUO)
    hers = [
        given("death_certificate", id_number=WANG_JIANGUO),
        given("provident_fund", id_number=WANG_JIANGUO),
    ]
    for order in ([*hers, INSURANCE, both], [both, INSURANCE, *hers]):
        made = world(*order)
        found = seen(made, LI_XIULAN)
        assert [matter(found, number)["state"] for number in (4, 8)] == ["READY", "WAITING"]
        assert seen(made, WANG_JIANGUO)["forwards_to"] == made.case_id(LI_XIULAN)
    assert seen(made, LI_XIULAN)["form"]["deceased"]["id_number"]["value"] == LI_XIULAN


def test_what_was_linked_here_stays_when_all_that_was_filed_here_goes_elsewhere() -> None:
    """A certificate and its correction under two numbers: each goes where its own number was linked to."""
    first = given("death_certificate")
    second = next_of(first, "AMENDED", "there", recorded_at=LATER, **THIRD)
    away = linked(None, linked_id_number=WANG_JIANGUO)
    here = linked(None, linked_id_number=LI_XIULAN, **THIRD)
    for order in orders(first, second, away, here):
        made = world(*order)
        assert seen(made, LI_XIULAN)["death_established"]
        assert seen(made, WANG_JIANGUO)["death_established"]
        assert not seen(made, THIRD["id_number"])["death_established"]


def test_two_persons_linked_to_each_other_change_places_and_nothing_vanishes() -> None:
    """Two handlers contradict each other; what is known of a death still counts."""
    first = given("death_certificate")
    second = next_of(first, "AMENDED", "there", id_number=WANG_JIANGUO, recorded_at=LATER)
    there = linked(None, linked_id_number=WANG_JIANGUO)
    back = linked(None, linked_id_number=LI_XIULAN, id_number=WANG_JIANGUO)
    for order in orders(first, second, there, back):
        made = world(*order)
        assert seen(made, LI_XIULAN)["death_established"]
        assert seen(made, WANG_JIANGUO)["death_established"]


def test_an_old_number_of_fifteen_digits_meets_its_new_one() -> None:
    """Files from before 1999 speak of the same person."""
    old = id_number_15("620502", date(1948, 3, 12), 24)
    found = seen(world(given("social_insurance", id_number=old), CERTIFICATE), LI_XIULAN)
    assert matter(found, 4)["state"] == "READY"


def test_a_correction_by_another_department_moves_nothing() -> None:
    """One department cannot take another's document away by naming it."""
    foreign = given("abnormal_death", id_number=WANG_JIANGUO, name="王建国")
    _, fields = next_of(foreign, "AMENDED", "x", recorded_at=LATER, supersedes=CERTIFICATE[1]["record_id"])
    made = world(CERTIFICATE, INSURANCE, ("abnormal_death", fields))
    assert seen(made, LI_XIULAN)["death_established"]
    assert seen(made, LI_XIULAN)["records"][0]["moved_to"] is None


def test_a_decision_with_a_misspelt_name_holds_nobody() -> None:
    """A handler's slip of the pen must not stop a family's case."""
    found = document(CERTIFICATE, INSURANCE, given("decision", matter=2, name="李秀南"))
    assert (held(found), matter(found, 4)["state"]) == (set(), "READY")


def test_whoever_is_held_is_somebodys_task() -> None:
    """What waits for a handler is on the handler's list, and leaves it when it is done."""
    made = world(CERTIFICATE, STRANGER)
    (task,) = (one for one in made.tasks.values() if one["owed_by"] == "service_centre")
    assert (task["kind"], task["subject"], task["owed_by"], len(task["records"])) == (
        "IDENTIFY_PERSON",
        "name_differs",
        "service_centre",
        2,
    )
    made.publish(unlinked(STRANGER))
    assert made.tasks[task["task_id"]]["state"] == "DONE"


def test_a_number_may_be_corrected_and_corrected_back() -> None:
    """The clerk was right the first time; everything ends where it began."""
    first = given("death_certificate", id_number=WANG_JIANGUO)
    second = next_of(first, "AMENDED", "there", id_number=LI_XIULAN, recorded_at=LATER)
    third = next_of(second, "AMENDED", "back", id_number=WANG_JIANGUO, recorded_at=LAST)
    for order in orders(first, second, third):
        made = world(INSURANCE, *order)
        assert seen(made, WANG_JIANGUO)["death_established"]
        assert not seen(made, LI_XIULAN)["death_established"]
        assert len(made.messages) < 200


@pytest.mark.parametrize(("moment", "counting"), [(LATER, 0), (LAST, 1)])
def test_two_corrections_of_each_other_under_two_numbers_come_to_rest(moment: str, counting: int) -> None:
    """A source in confusion must not keep two cases passing a document to and fro for ever.

    The later one counts; of one moment they are rivals, and nobody knows whose the document is.
    """
    base = given("death_certificate")
    one = next_of(base, "AMENDED", "one", supersedes=_id("two"), recorded_at=LATER)
    two = next_of(base, "AMENDED", "two", supersedes=_id("one"), recorded_at=moment, id_number=WANG_JIANGUO)
    for order in ([one, two], [two, one]):
        made = World()
        made.publish(*order)
        both = [seen(made, LI_XIULAN)["death_established"], seen(made, WANG_JIANGUO)["death_established"]]
        assert both.count(True) == counting
        assert len(made.messages) < 200


def _id(label: str) -> str:
    return record_id("death_certificate", label)


def test_a_decision_filed_elsewhere_may_give_a_record_back_to_its_own_number() -> None:
    """The second handler knew better, and worked from the other file."""
    away = linked(CERTIFICATE, linked_id_number=WANG_JIANGUO)
    back = linked(
        CERTIFICATE, id_number=WANG_JIANGUO, name="王建国", linked_id_number=LI_XIULAN, recorded_at=LAST
    )
    for order in ([away, back], [back, away]):
        made = world(CERTIFICATE, *order)
        assert seen(made, LI_XIULAN)["death_established"]
        assert not seen(made, WANG_JIANGUO)["death_established"]
