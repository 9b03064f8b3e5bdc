"""Several applications for one case: other matters, the same matter again, two people who want the same."""

from typing import Any

import pytest

from exchange.domain.views import Announcement
from tests.cases import HEIR, Given, applied, document, given, matter, next_of, record_id, resulted, tell
from tests.people import id_number

CERTIFICATE = given("death_certificate")
PENSION = given("social_insurance")
SISTER = {"name": "王小红", "id_number": id_number(sequence=82)}
LATER = "2026-03-22T09:00:00+08:00"
DECIDED = "2026-03-25T09:00:00+08:00"
HERS = applied(4, 9, label="hers", applicant=SISTER, recorded_at=LATER)
HIS = applied(4)


def chosen(label: str, by: str = "choice", **fields: Any) -> Given:
    """A handler's decision in favour of an application."""
    about = {"in_favour_of": record_id("application", label), "reason": "遗嘱公证", **fields}
    return given("decision", by, **{"kind": "CONFLICT_RESOLVED", "recorded_at": DECIDED, **about})


def state(number: int, *records: Given) -> str:
    """How a matter stands."""
    return str(matter(document(CERTIFICATE, PENSION, *records), number)["state"])


def last_told(number: int, *records: Given) -> Announcement:
    """The last that was told of a matter."""
    return next(one for one in reversed(tell([CERTIFICATE, PENSION, *records])[1]) if one.matter == number)


BOTH = (applied(4, 9), HERS)


def test_what_pays_nobody_goes_on_for_each_who_applies() -> None:
    """Where the wills are is told to both; who is paid is for a handler to say."""
    found = document(CERTIFICATE, PENSION, *BOTH)
    assert [matter(found, number)["state"] for number in (4, 9)] == ["SUSPENDED", "APPLIED"]
    assert [one["matter"] for one in found["conflicts"]] == [4]


def test_the_department_is_told_of_each_with_the_form_of_that_one_alone() -> None:
    """Her application comes with her name, and without his."""
    told = [one for one in tell([CERTIFICATE, PENSION, *BOTH])[1] if one.matter == 9]
    assert [(one.transition, one.draft["applicant.name"].value) for one in told[-2:]] == [
        ("APPLIED", HEIR["name"]),
        ("APPLIED", SISTER["name"]),
    ]
    assert record_id("application") in told[-1].proofs


def test_another_who_applies_for_what_pays_nobody_reopens_no_decision() -> None:
    """Only what is held can be decided again."""
    third = {"name": "王大明", "id_number": id_number(sequence=93)}
    late = applied(9, label="third", applicant=third, recorded_at="2026-03-28T09:00:00+08:00")
    found = document(CERTIFICATE, PENSION, *BOTH, chosen("hers"), late)
    assert [one["standing"] for one in found["decisions"]] == ["IN_FORCE"]
    assert [matter(found, number)["state"] for number in (4, 9)] == ["APPLIED", "APPLIED"]


@pytest.mark.parametrize("channel", ["ONLINE", "WINDOW", "ASSISTED", "HOME_VISIT"])
def test_an_application_counts_whatever_way_it_came(channel: str) -> None:
    """Portal, window, 帮办代办 and 上门 are one thing to the departments."""
    assert state(4, applied(4, channel=channel)) == "APPLIED"


def test_two_people_who_want_the_same_wait_for_a_handler() -> None:
    """Neither the first nor the last to apply wins: both are shown, and the matter is held."""
    found = document(CERTIFICATE, PENSION, HIS, HERS)
    held = matter(found, 4)
    assert held["state"] == "SUSPENDED"
    assert [one["prerequisite"] for one in held["waiting_for"]] == ["choice_of_applicant"]
    (conflict,) = found["conflicts"]
    assert (conflict["rule"], conflict["matter"], conflict["decisive"]) == ("applicants_differ", 4, True)
    assert [one["value"] for one in conflict["values"]] == [HEIR["name"], SISTER["name"]]
    assert matter(found, 9)["state"] == "APPLIED"


def test_the_department_is_told_to_stop_and_by_whom_it_goes_on() -> None:
    """Held, its announcement is withdrawn; decided, it comes with the applicant who was chosen, no other."""
    assert last_told(4, HIS, HERS).transition == "SUSPENDED"
    told = last_told(4, HIS, HERS, chosen("hers"))
    assert told.transition == "APPLIED"
    assert told.draft["applicant.name"].value == SISTER["name"]
    assert record_id("decision", "choice") in told.proofs
    assert record_id("application") not in told.proofs


def test_a_decision_settles_it_until_it_is_taken_back() -> None:
    """The existing mechanism: CONFLICT_RESOLVED in favour of one application."""
    ruling = chosen("")
    found = document(CERTIFICATE, PENSION, HIS, HERS, ruling)
    assert (found["conflicts"], matter(found, 4)["state"]) == ([], "APPLIED")
    assert found["decisions"][0]["standing"] == "IN_FORCE"
    revoked = next_of(ruling, "REVOKED", "back", recorded_at="2026-03-26T09:00:00+08:00")
    assert state(4, HIS, HERS, ruling, revoked) == "SUSPENDED"


def test_a_third_applicant_reopens_the_decision() -> None:
    """What the handler did not see was not decided."""
    third = {"name": "王大明", "id_number": id_number(sequence=93)}
    late = applied(4, label="third", applicant=third, recorded_at="2026-03-28T09:00:00+08:00")
    found = document(CERTIFICATE, PENSION, HIS, HERS, chosen("hers"), late)
    assert matter(found, 4)["state"] == "SUSPENDED"
    assert found["decisions"][0]["standing"] == "REOPENED"
    assert [one["value"] for one in found["conflicts"][0]["values"]] == [SISTER["name"], "王大明"]


def test_a_decision_may_give_one_matter_to_one_and_another_to_the_other() -> None:
    """A decision that names a matter is about that one alone."""
    his, hers = applied(4, 5), applied(4, 5, label="hers", applicant=SISTER, recorded_at=LATER)
    rulings = (chosen("", "pension", matter=4), chosen("hers", "allowance", matter=5))
    found = document(CERTIFICATE, PENSION, his, hers, *rulings)
    assert {one["standing"] for one in found["decisions"]} == {"IN_FORCE"}
    assert state(4, his, hers, rulings[0]) == "APPLIED"
    assert state(5, his, hers, rulings[0]) == "SUSPENDED"


def test_what_the_overruled_handed_in_counts_no_more_for_the_matter() -> None:
    """The chosen applicant brings their own papers."""
    form = [{"kind": 6, "original_sighted": False}]
    asked = [applied(4, materials=form), HERS]
    found = matter(document(CERTIFICATE, PENSION, *asked, chosen("hers")), 4)
    assert next(one["state"] for one in found["materials"] if one["kind"] == 6) == "missing"


def test_the_same_applicant_twice_is_no_dispute() -> None:
    """Somebody who applies again for the same, or for more, is one person still, however the dot is."""
    one = {**HEIR, "name": "买买提·艾力"}
    again = applied(4, 9, label="again", applicant={**one, "name": "买买提•艾力"}, recorded_at=LATER)
    assert state(4, applied(4, applicant=one), again) == "APPLIED"


def test_one_number_under_two_names_is_a_dispute() -> None:
    """The same rule as for the deceased: a number under another name is never merged."""
    other = applied(4, label="other", applicant={**HEIR, "name": "王大明"}, recorded_at=LATER)
    assert state(4, HIS, other) == "SUSPENDED"


def test_a_withdrawn_application_is_as_if_nobody_had_applied() -> None:
    """Withdrawal: REVOKED; the matter is READY again, the other's application stands alone."""
    withdrawn = next_of(HIS, "REVOKED", "withdrawn", recorded_at="2026-03-24T09:00:00+08:00")
    assert state(4, HIS, withdrawn) == "READY"
    assert state(4, HIS, HERS, withdrawn) == "APPLIED"
    told = last_told(4, HIS, withdrawn)
    assert (told.transition, told.draft["applicant.name"].value) == ("READY", None)


def test_an_application_before_the_death_is_known_waits_for_it() -> None:
    """It is kept, and counts as soon as the death is established."""
    assert matter(document(PENSION, HIS), 4)["state"] == "WAITING"
    assert tell([PENSION, HIS])[1] == []
    assert [one.transition for one in tell([PENSION, HIS, CERTIFICATE])[1] if one.matter == 4] == ["APPLIED"]


def test_who_applies_after_a_rejection_of_another_is_in_no_dispute() -> None:
    """What was decided is over; only those who wait for an answer can want the same."""
    rejected = resulted(4, "REJECTED", reason="非第一顺序继承人", recorded_at="2026-03-21T09:00:00+08:00")
    assert state(4, HIS, rejected, HERS) == "APPLIED"


def test_an_application_for_what_does_not_apply_changes_nothing() -> None:
    """Matter 6 is the residents' pension: the case says that it does not arise."""
    assert state(6, applied(6)) == "NOT_APPLICABLE"
    assert document(CERTIFICATE, PENSION, applied(6))["requests"] == []
