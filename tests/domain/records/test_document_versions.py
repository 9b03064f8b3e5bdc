"""Documents: which records are revisions of one, in which order they stand, and what is held of them."""

from typing import Any

from tests.cases import Given, applied, document, given, matter, next_of, record_id, resulted, state_of, take

CERTIFICATE = given("death_certificate")
PENSION = given("social_insurance")
LATER = "2026-03-20T09:00:00+08:00"


def in_force(*records: Given) -> set[str]:
    """The ids of the records that the case shows as being in force."""
    return {record["record_id"] for record in document(*records)["records"] if record["in_force"]}


def statuses(*records: Given) -> list[str]:
    """What the receipts of the records say, in this order of arrival."""
    return [take(state_of(records[:at]), record, at).status for at, record in enumerate(records)]


def revoked(record: Given, label: str = "r", **fields: Any) -> Given:
    """A revocation that leaves its revision at the default, as simple systems send it."""
    return next_of(record, "REVOKED", label, **{"recorded_at": LATER, "revision": 1, **fields})


def test_a_record_of_another_type_touches_no_document() -> None:
    """A writer of cremations cannot revoke a death: the id names no document of theirs."""
    cremation = given("cremation", "r", action="REVOKED", supersedes=record_id("death_certificate"))
    found = document(CERTIFICATE, PENSION, cremation)
    assert found["death_established"]
    assert matter(found, 4)["state"] == "READY"


def test_a_record_of_another_department_touches_no_document() -> None:
    """Results share a type and no owner: the police cannot revoke what justice has decided."""
    decided = resulted(9)
    foreign = resulted(3, label="r", action="REVOKED", supersedes=decided[1]["record_id"], revision=2)
    assert matter(document(CERTIFICATE, decided, foreign), 9)["state"] == "COMPLETED"


def test_a_revocation_with_the_default_revision_revokes() -> None:
    """What supersedes comes after what it supersedes, whatever number a simple system left in it."""
    second = next_of(CERTIFICATE, "AMENDED", "a", revision=3, recorded_at=LATER)
    assert not document(CERTIFICATE, revoked(CERTIFICATE, recorded_at=CERTIFICATE[1]["recorded_at"]))[
        "death_established"
    ]
    assert not document(revoked(second), second, CERTIFICATE)["death_established"]


def test_an_amendment_with_the_default_revision_replaces() -> None:
    """An amendment recorded in the same moment, with an id that sorts first, is still the later one."""
    for label in ("a", "b", "c", "d"):
        amended = next_of(CERTIFICATE, "AMENDED", label, revision=1)
        assert in_force(CERTIFICATE, amended) == {amended[1]["record_id"]}


def test_of_an_amendment_and_a_revocation_of_one_record_the_revocation_stands() -> None:
    """Nobody is declared dead by what was written beside a revocation."""
    amended = next_of(CERTIFICATE, "AMENDED", "a", recorded_at="2026-03-25T09:00:00+08:00")
    assert in_force(CERTIFICATE, amended, revoked(CERTIFICATE)) == set()


def test_records_that_supersede_each_other_are_one_document_whoever_points_in() -> None:
    """A circle is a mistake that makes no second document of what points into it."""
    first, second = record_id("death_certificate", "x"), record_id("death_certificate", "y")
    circle = [
        given("death_certificate", "x", action="AMENDED", supersedes=second, revision=2),
        given("death_certificate", "y", action="AMENDED", supersedes=first, revision=3),
    ]
    for label in ("p", "q", "r", "s", "t"):
        pointing = next_of(circle[0], "AMENDED", label, revision=9)
        assert in_force(*circle, pointing) == {pointing[1]["record_id"]}


def test_a_state_overtaken_by_a_later_one_is_not_in_force() -> None:
    """The reader is told what holds now; a duplicate of a document holds as well."""
    stopped = given("social_insurance", "stop", receiving_benefit=False, recorded_at=LATER)
    again = given("death_certificate", "again", recorded_at=LATER)
    assert in_force(CERTIFICATE, again, PENSION, stopped) == {
        record_id("death_certificate"),
        record_id("death_certificate", "again"),
        record_id("social_insurance", "stop"),
    }


def test_who_corrects_a_misspelt_name_is_not_held() -> None:
    """The receipt agrees with the case: nothing is held any more."""
    misspelt = given("medical_insurance", name="李秀蓝")
    mended = next_of(misspelt, "AMENDED", "a", name="李秀兰", recorded_at=LATER)
    assert statuses(CERTIFICATE, misspelt, mended, PENSION) == ["ACCEPTED", "HELD", "ACCEPTED", "ACCEPTED"]


def test_who_revokes_a_misnamed_record_is_not_held() -> None:
    """A revocation carries the wrong name with it, and is the way out."""
    misspelt = given("medical_insurance", name="李秀蓝")
    assert statuses(CERTIFICATE, misspelt, revoked(misspelt), applied(9)) == [
        "ACCEPTED",
        "HELD",
        "ACCEPTED",
        "ACCEPTED",
    ]


def test_a_record_whose_name_was_corrected_before_it_came_is_not_held() -> None:
    """A late original is superseded on arrival; only what stands can disagree."""
    misspelt = given("medical_insurance", name="李秀蓝")
    mended = next_of(misspelt, "AMENDED", "a", name="李秀兰", recorded_at=LATER)
    assert statuses(CERTIFICATE, mended, misspelt) == ["ACCEPTED"] * 3
