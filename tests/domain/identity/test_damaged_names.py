"""A damaged name: seen by all who see the name, and no reason to doubt the others' records."""

from itertools import permutations

import pytest

from exchange.domain.documents import announcement_document
from tests.cases import Given, case, document, given, matter, next_of, record_id, tell
from tests.people import LI_XIULAN

CERTIFICATE = given("death_certificate")
INSURANCE = given("social_insurance")
DAMAGED = given("death_certificate", name="李?兰")


def entry(of: dict, record: Given) -> dict:
    """A record's entry in its case."""
    return next(one for one in of["records"] if one["record_id"] == record[1]["record_id"])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("李?兰", "name_with_gaps"),
        ("鐜嬭姵", "name_misread"),
        ("李&#31168;兰", "name_escaped"),
        ("李兰2", "name_with_digits"),
    ],
)
def test_a_warning_goes_with_the_record_and_with_the_name_on_the_form(name: str, code: str) -> None:
    """Not the publisher alone is told: whoever reads the name sees what is wrong with it."""
    certificate = given("death_certificate", name=name)
    found = document(certificate)
    assert entry(found, certificate)["warnings"] == [{"code": code, "field": "name"}]
    assert found["form"]["deceased"]["name"] == {
        "value": name,
        "state": "prefilled",
        "source": found["form"]["deceased"]["death_time"]["source"],
        "warnings": [code],
    }
    assert found["death_established"]


def test_a_department_is_told_of_it_with_the_draft() -> None:
    """What was announced under a damaged name says that it is."""
    _, told = tell([DAMAGED])
    drafts = [
        announcement_document(one, None)["draft"]["deceased.name"]
        for one in told
        if "deceased.name" in one.draft
    ]
    assert drafts
    assert all(draft["warnings"] == ["name_with_gaps"] for draft in drafts)


def test_a_good_name_has_no_warning_anywhere() -> None:
    """The usual case says nothing."""
    found = document(CERTIFICATE, INSURANCE, given("application"))
    assert all(one["warnings"] == [] for one in found["records"])
    fields = [field for section in found["form"].values() for field in section.values()]
    assert all(field["warnings"] == [] for field in fields)


@pytest.mark.parametrize("name", ["李?兰", "鐜嬭姵", "李秀兰（女）", "LI", "李秀兰；王芳"])
def test_a_damaged_name_never_holds_a_true_death_certificate(name: str) -> None:
    """It is no other name: only the record that bears it waits, in whatever order they came."""
    insurance = given("social_insurance", name=name)
    for order in permutations((CERTIFICATE, insurance, given("medical_insurance"))):
        found = document(*order)
        if name == "LI":  # a good name, only another: then nobody can say which is right
            assert {one["held"] for one in found["records"]} == {True}
            continue
        assert [one["record_id"] for one in found["records"] if one["held"]] == [
            record_id("social_insurance")
        ]
        assert found["death_established"]
        (conflict,) = found["conflicts"]
        assert (conflict["rule"], {one["value"] for one in conflict["values"]}) == (
            "name_differs",
            {name, "李秀兰"},
        )


def test_two_sound_names_that_differ_hold_all_as_ever() -> None:
    """A third, damaged one decides nothing between them."""
    found = document(
        CERTIFICATE, given("social_insurance", name="李秀英"), given("medical_insurance", name="李?兰")
    )
    assert all(one["held"] for one in found["records"])


def test_damaged_names_alone_are_compared_like_any() -> None:
    """Nobody knows which of them is the person's."""
    found = document(DAMAGED, given("social_insurance", name="李□英"))
    assert all(one["held"] for one in found["records"])
    same = document(DAMAGED, given("social_insurance", name="李?兰"))
    assert not any(one["held"] for one in same["records"])


def test_a_handler_links_the_damaged_record_and_nothing_else_is_doubted() -> None:
    """The record being hers does not make its name right."""
    insurance = given("social_insurance", name="李?兰")
    linked = given("decision", kind="PERSON_LINKED", in_favour_of=insurance[1]["record_id"])
    found = document(CERTIFICATE, insurance, linked)
    assert not any(one["held"] for one in found["records"])
    assert found["conflicts"] == []
    assert found["form"]["deceased"]["name"]["value"] == "李秀兰"


@pytest.mark.parametrize("name", ["无", "NULL", "13800138000", LI_XIULAN])
def test_what_is_no_name_waits_and_an_amendment_lets_it_go_on(name: str) -> None:
    """The name is the only check on a wrong number; who puts it right is not kept waiting."""
    certificate = given("death_certificate", name=name)
    held = document(certificate)
    assert not held["death_established"]
    assert entry(held, certificate)["held"]
    right = next_of(certificate, "AMENDED", "right", name="李秀兰")
    assert document(certificate, right)["death_established"]
    linked = given("decision", kind="PERSON_LINKED", in_favour_of=certificate[1]["record_id"])
    assert document(certificate, linked, INSURANCE)["death_established"]


@pytest.mark.parametrize("name", [LI_XIULAN, "620502 19480312 024" + LI_XIULAN[-1], f"李秀兰{LI_XIULAN}"])
def test_a_number_for_a_name_stands_nowhere_in_the_case(name: str) -> None:
    """Neither on the form nor among what differs: it may be anybody's."""
    number = LI_XIULAN[:17]
    card = {"account_name": name, "active": True, "bank_name": "甘肃银行"}
    found = document(
        CERTIFICATE, given("social_insurance", name=name, social_card=card), given("medical_insurance")
    )
    values = [
        field["value"] for section in ("deceased", "accounts") for field in found["form"][section].values()
    ]
    shown = [*values, *(one["value"] for conflict in found["conflicts"] for one in conflict["values"])]
    shown.remove(LI_XIULAN)  # where the number belongs
    assert not any(number in (value or "").replace(" ", "") for value in shown)


def test_of_applicants_who_differ_no_number_is_shown_for_a_name() -> None:
    """Two people apply, one of them under a number."""
    number = "13800138000"
    other = given(
        "application", "other", applicant={"name": number, "id_number": "620502199001011234"[:17] + "9"}
    )
    applicant = {**other[1]["applicant"], "id_number": given("application")[1]["applicant"]["id_number"]}
    both = (
        given("application", matters=[4]),
        given("application", "other", matters=[4], applicant=applicant),
    )
    found = document(CERTIFICATE, *both)
    names = [one["value"] for conflict in found["conflicts"] for one in conflict["values"]]
    assert names
    assert number not in names


@pytest.mark.parametrize(
    ("section", "field", "fields"),
    [
        ("deceased", "ethnicity", {"ethnicity": "穿青人"}),
    ],
)
def test_an_unlisted_people_is_shown_as_written_and_asked_about(
    section: str, field: str, fields: dict
) -> None:
    """It is on the form for whoever reads it, and counts as not stated."""
    found = document(given("death_certificate", **fields))["form"][section][field]
    assert (found["value"], found["state"], found["warnings"]) == ("穿青人", "missing", ["code_unlisted"])


def test_an_unlisted_relation_is_shown_as_written_and_asked_of_the_applicant() -> None:
    """What a kinship is that no list knows, only the family can say."""
    applicant = {**given("application")[1]["applicant"], "relation": "干儿子", "ethnicity": "汉族"}
    found = document(CERTIFICATE, given("application", applicant=applicant))["form"]["applicant"]
    assert (found["relation"]["value"], found["relation"]["state"]) == ("干儿子", "for_applicant")
    assert (found["ethnicity"]["value"], found["ethnicity"]["state"]) == ("汉族", "prefilled")


def test_a_doubtful_time_is_marked_where_it_is_shown() -> None:
    """A death on the first day of 1970 is more likely an empty field."""
    found = document(given("death_certificate", death_time="1970-01-01"))
    assert found["form"]["deceased"]["death_time"]["warnings"] == ["time_is_default"]
    assert matter(found, 3)["state"] == "READY"
    assert case(CERTIFICATE).remarks == {}
