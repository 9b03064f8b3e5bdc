"""Amendments of one revision and one moment: held if they differ, one if they say the same."""

from itertools import permutations
from typing import Any

import pytest

from tests.cases import Given, document, given, next_of, state_of, take, tell
from tests.cells import each_cell

CERTIFICATE = given("death_certificate", death_cause="肺炎")
AMENDED_AT = "2026-03-04T09:00:00+08:00"
LATER = "2026-03-05T09:00:00+08:00"
DECIDED = "2026-03-20T10:00:00+08:00"


def amended(label: str, of: Given = CERTIFICATE, **fields: Any) -> Given:
    """A second revision, at the moment at which all of them are recorded."""
    return next_of(of, "AMENDED", label, **{"recorded_at": AMENDED_AT, **fields})


def in_favour_of(record: Given, **fields: Any) -> Given:
    """What a handler decides between rivals."""
    favoured = {"kind": "CONFLICT_RESOLVED", "in_favour_of": record[1]["record_id"], "recorded_at": DECIDED}
    return given("decision", "between rivals", **{**favoured, **fields})


ONE, OTHER = amended("one", death_cause="心梗"), amended("other", death_cause="卒中")

# Pairs that differ in one thing each: type, what the one says and what the other says.
DIFFERING = [
    ("death_certificate", {"death_cause": "心梗"}, {"death_cause": "卒中"}),
    ("death_certificate", {"death_time": "2026-02-28"}, {"death_time": "2026-03-01"}),
    ("death_certificate", {"name": "李秀兰"}, {"name": "李秀蘭"}),
    ("death_certificate", {"death_place": "市一院"}, {}),
    ("death_certificate", {"certificate_no": "甲1"}, {"certificate_no": "甲2"}),
    ("cremation", {"cremation_place": "天水市殡仪馆"}, {"cremation_place": "秦安县殡仪馆"}),
    ("social_insurance", {"account_balance_fen": 1}, {"account_balance_fen": 2}),
    ("provident_fund", {"status": "SEALED"}, {"status": "ACTIVE"}),
    ("bank_deposit", {"balance_fen": 5}, {"balance_fen": 6}),
    ("notary", {"kind": "WILL"}, {"kind": "INHERITANCE"}),
]
# What two systems write differently of the same thing.
ALIKE: list[tuple[str, dict[str, Any]]] = [
    ("death_certificate", {}),
    ("death_certificate", {"name": "李\u3000秀兰"}),
    ("death_certificate", {"name": "李秀兰\u200b"}),
    ("death_certificate", {"name": "李·秀兰"}),
    ("death_certificate", {"death_time": "2026-03-01T16:00:00Z"}),
    ("death_certificate", {"death_place": "天水市\u3000秦州区\u200b\r\n民主西路"}),
    ("death_certificate", {"backfill": True}),
    ("cremation", {}),
    ("social_insurance", {}),
    ("provident_fund", {}),
    ("bank_deposit", {}),
]


def held(found: dict[str, Any]) -> set[str]:
    """The ids of what is put aside."""
    return {one["record_id"] for one in found["records"] if one["held"]}


def ids(*records: Given) -> set[str]:
    """The ids of records."""
    return {record["record_id"] for _, record in records}


@each_cell(("record_type", "says", "contradicts"), DIFFERING)
def test_amendments_that_only_their_ids_tell_apart_are_held_in_whatever_order(
    record_type: str, says: dict[str, Any], contradicts: dict[str, Any]
) -> None:
    """Neither counts: which id is the greater says nothing of who is right."""
    first = given(record_type)
    at = {"recorded_at": "2026-05-04T09:00:00+08:00"}
    rivals = (amended("one", first, **says, **at), amended("other", first, **contradicts, **at))
    for order in permutations([first, *rivals]):
        found = document(*order)
        assert held(found) == ids(*rivals)
        assert {conflict["rule"] for conflict in found["conflicts"]} == {"amendments_differ"}


@each_cell(("record_type", "written"), ALIKE)
def test_amendments_that_say_the_same_are_one(record_type: str, written: dict[str, Any]) -> None:
    """A department that sent its correction twice is not asked anything."""
    plain = {"death_time": "2026-03-02T00:00:00+08:00", "death_place": "天水市 秦州区民主西路"}
    first = given(record_type, **{name: text for name, text in plain.items() if name in written})
    at = {"recorded_at": "2026-05-04T09:00:00+08:00"}
    twins = (amended("one", first, **at), amended("other", first, **written, **at))
    for order in permutations([first, *twins]):
        found = document(*order)
        assert (held(found), found["conflicts"]) == (set(), [])
        counting = {one["record_id"] for one in found["records"] if one["in_force"]}
        assert counting == ids(*twins)


@pytest.mark.parametrize(
    "apart", [{"revision": 3}, {"recorded_at": "2026-03-04T09:00:00.000001+08:00"}, {"recorded_at": LATER}]
)
def test_a_later_revision_or_moment_decides_by_itself(apart: dict[str, Any]) -> None:
    """Nobody is asked where the department said which comes after which."""
    later = amended("other", death_cause="卒中", **apart)
    for order in permutations([CERTIFICATE, ONE, later]):
        found = document(*order)
        assert (held(found), found["conflicts"]) == (set(), [])
        assert {one["record_id"] for one in found["records"] if one["in_force"]} == ids(later)


def test_the_receipt_says_what_is_to_be_done() -> None:
    """The rivalry cannot be known before the second of them."""
    folded = take(state_of([CERTIFICATE, ONE]), OTHER, 2)
    assert (folded.status, [one.code for one in folded.reasons]) == ("HELD", ["amendments_differ"])
    again = take(folded.state, OTHER, 2)
    assert (again.status, again.reasons) == (folded.status, folded.reasons)


def test_what_was_told_on_the_first_is_withdrawn_and_told_again_once_it_is_amended_anew() -> None:
    """A third revision, by the department that made the two."""
    insurance = given("social_insurance")
    anew = next_of(OTHER, "AMENDED", "anew", death_cause="卒中", recorded_at=LATER)
    _, told = tell([CERTIFICATE, insurance, ONE, OTHER, anew])
    assert [one.transition for one in told if one.matter == 4] == ["READY", "READY", "SUSPENDED", "READY"]
    assert held(document(CERTIFICATE, ONE, OTHER, anew)) == set()


def test_a_handler_decides_between_them() -> None:
    """The one that was found right counts, with the decision as its proof, though it came first."""
    for right, wrong in ((ONE, OTHER), (OTHER, ONE)):
        found = document(CERTIFICATE, ONE, OTHER, in_favour_of(right))
        assert (held(found), found["conflicts"]) == (set(), [])
        assert {one["record_id"] for one in found["records"] if one["in_force"]} >= ids(right)
        assert not {one["record_id"] for one in found["records"] if one["in_force"]} & ids(wrong)


def test_a_decision_that_had_not_seen_a_rival_is_reopened() -> None:
    """A third one of the same revision and moment comes after it."""
    third = amended("third", death_cause="脑出血")
    ruling = in_favour_of(ONE, overrules=[OTHER[1]["record_id"]])
    found = document(CERTIFICATE, ONE, OTHER, ruling, third)
    assert held(found) == ids(ONE, OTHER, third)
    assert [one["standing"] for one in found["decisions"]] == ["REOPENED"]


def test_both_values_stand_side_by_side_under_the_field_of_the_form() -> None:
    """With their sources, so that a handler can ask."""
    one, other = amended("one", death_time="2026-02-28"), amended("other", death_time="2026-03-01")
    (conflict,) = document(CERTIFICATE, one, other)["conflicts"]
    assert conflict["field"] == "deceased.death_time"
    assert {(v["record_id"], v["value"]) for v in conflict["values"]} == {
        (one[1]["record_id"], "2026-02-28"),
        (other[1]["record_id"], "2026-03-01"),
    }


def test_what_differs_in_blanks_only_is_not_among_what_differs() -> None:
    """A handler compares what departments say, not how their systems write it."""
    one = amended("one", death_cause="心梗", death_place="秦州区 民主西路", name="李·秀兰")
    other = amended("other", death_cause="卒中", death_place="秦州区\u3000民主西路", name="李秀兰")
    (conflict,) = document(CERTIFICATE, one, other)["conflicts"]
    assert {value["value"] for value in conflict["values"]} == {"心梗", "卒中"}


def test_two_revocations_of_one_moment_are_no_conflict() -> None:
    """They take the same document back."""
    revoked = [next_of(CERTIFICATE, "REVOKED", label, recorded_at=AMENDED_AT) for label in ("one", "other")]
    found = document(CERTIFICATE, *revoked)
    assert (held(found), found["conflicts"]) == (set(), [])


def test_certificates_of_different_days_are_a_conflict_and_no_duplicates() -> None:
    """Each stands beside its conflict; a third that says what one of them says is that one's duplicate."""
    other = given("death_certificate", "other", death_time="2026-02-28", recorded_at=LATER)
    third = given("death_certificate", "third", death_time="2026-02-28", recorded_at=DECIDED)
    for order in permutations([CERTIFICATE, other, third]):
        found = document(*order)
        duplicates = {one["record_id"]: one["duplicate_of"] for one in found["records"]}
        assert duplicates == {
            CERTIFICATE[1]["record_id"]: None,
            other[1]["record_id"]: None,
            third[1]["record_id"]: other[1]["record_id"],
        }
        assert [conflict["rule"] for conflict in found["conflicts"]] == ["death_date_differs"]


def test_certificates_of_one_day_are_duplicates_whatever_the_hour() -> None:
    """One hospital knows the minute, another the day."""
    other = given("death_certificate", "other", death_time="2026-03-01T08:30:00+08:00", recorded_at=LATER)
    first = given("death_certificate", death_time="2026-03-01")
    (flagged,) = (one for one in document(first, other)["records"] if one["duplicate_of"])
    assert flagged["record_id"] == other[1]["record_id"]


def test_a_number_that_stands_for_a_name_is_not_shown_whole() -> None:
    """Not among what rivals say either: the name on the form is for everybody who sees the case."""
    number = "13800138000"
    first = given("death_certificate")
    rivals = (amended("one", first, name=number), amended("other", first, name="李秀蘭"))
    (conflict,) = (one for one in document(first, *rivals)["conflicts"] if one["field"] == "deceased.name")
    assert {one["value"] for one in conflict["values"]} == {"1***0", "李秀蘭"}


def test_of_an_amendment_and_a_revocation_of_one_moment_the_revocation_holds_and_everybody_is_told() -> None:
    """A death that stands wrongly stops a living person's pension; one taken back wrongly waits a day.

    So no handler is asked first. Whoever was told is told otherwise and must sign for it, in whatever order.
    """
    revoked = next_of(CERTIFICATE, "REVOKED", "at once", recorded_at=AMENDED_AT)
    cases = [document(*order) for order in permutations((CERTIFICATE, ONE, revoked))]
    assert all(case == cases[0] for case in cases)
    assert not cases[0]["death_established"]
    assert not held(cases[0])
    insurance = given("social_insurance")
    _, told = tell([CERTIFICATE, insurance, ONE, revoked])
    assert [one.transition for one in told if one.matter == 4] == ["READY", "READY", "SUSPENDED"]
    again = next_of(CERTIFICATE, "AMENDED", "anew", revision=4, recorded_at=LATER)
    assert document(CERTIFICATE, ONE, revoked, again)["death_established"]
