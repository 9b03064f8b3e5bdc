"""What the log has taken stays taken: newer rules hold from a moment on, and at the admission."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from exchange.domain.policy import load_policy
from exchange.folding.case_ids import CaseIds
from exchange.folding.step import Batch
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.rules_since import note_rules_since, noted_rules_since
from producers.admission import Admission, TurnedAway
from producers.submissions import submission_of
from tests.cases import Given, applied, given
from tests.folding.test_step import of_kind, run
from tests.made_log import CATALOGUE, ENCODERS, Log, Message, new_step
from topics.catalogue import CASES
from verification.acceptance import Accepted, Refused, accept
from verification.acceptance_rules import RULE_SETS

SINCE = load_policy().acceptance.since["names"]
MOMENT = timedelta(milliseconds=1)
OLD, NEW = SINCE - MOMENT, SINCE
RECORDED = {"recorded_at": "2026-03-02T09:00:00+08:00"}
REFUSED = [
    (given("death_certificate", name="李\ufffd兰"), "name_damaged"),
    (given("death_certificate", name="李\ue5e5兰"), "name_damaged"),
    (given("medical_insurance", recorded_at="1970-01-21T07:55:12Z"), "time_unit_wrong"),
    (given("death_certificate", death_time="1970-01-21T07:59:01.2Z"), "time_unit_wrong"),
    (given("social_insurance", recorded_at="1985-01-01T00:00:00Z"), "time_too_early"),
]


def message(log: Log, record: Given, at: datetime) -> Message:
    """A record as another client wrote it on its topic."""
    record_type, raw = record
    topic = CATALOGUE.record_topic(record_type, raw.get("department")).name
    good = log.message(given("death_certificate"))
    owner = CATALOGUE.by_name[topic].owner
    verdict = accept(record_type, raw, owner=owner, rules=load_policy().acceptance, taken_at=OLD)
    assert isinstance(verdict, Accepted)
    at_ms = round(at.timestamp() * 1000)
    return log.append(topic, good.partition(), good.key(), ENCODERS[topic](verdict.avro), at_ms)


def receipt(batch: Batch) -> dict[str, Any]:
    """The one receipt."""
    (found,) = of_kind(batch, "receipts")
    return found


def codes(reasons: list[dict[str, Any]]) -> list[str]:
    return [reason["code"] for reason in reasons]


@pytest.mark.parametrize(("record", "code"), REFUSED)
def test_an_old_record_folds_with_a_warning_that_the_case_has_too(record: Given, code: str) -> None:
    """A rebuild takes what the exchange took then, and says what is wrong with it."""
    batch = run(new_step(), [message(Log(), record, OLD)])
    told = receipt(batch)
    assert told["status"] == "ACCEPTED"
    assert code in codes(told["warnings"])
    (case,) = of_kind(batch, CASES)
    assert code in codes(case["records"][0]["warnings"])


@pytest.mark.parametrize(("record", "code"), REFUSED)
def test_a_new_record_is_refused_at_the_join_and_at_the_door(record: Given, code: str) -> None:
    """Whichever way it comes."""
    batch = run(new_step(), [message(Log(), record, NEW)])
    assert receipt(batch)["status"] == "REJECTED"
    assert code in codes(receipt(batch)["reasons"])
    admission = Admission(CATALOGUE, load_policy(), CaseIds(bytes(32)), lambda *_: b"avro")
    answer = admission.admit(submission_of({"type": record[0], "record": record[1]}, 1))
    assert isinstance(answer, TurnedAway)
    assert code in [reason.code for reason in answer.reasons]


def test_a_placeholder_is_held_from_the_moment_on_and_warned_about_before() -> None:
    """What was effective stays so."""
    record = given("death_certificate", name="无")
    old, new = (receipt(run(new_step(), [message(Log(), record, at)])) for at in (OLD, NEW))
    assert (old["status"], codes(old["warnings"])) == ("ACCEPTED", ["name_placeholder"])
    assert (new["status"], codes(new["reasons"])) == ("HELD", ["name_placeholder"])


@pytest.mark.parametrize("name", ["待查明", "查无此人", "NaT"])
def test_later_words_have_a_moment_of_their_own(name: str) -> None:
    """What a home took under the earlier list of placeholders stays effective."""
    record, since = given("death_certificate", name=name), load_policy().acceptance.since["name_words"]
    at = (since - timedelta(milliseconds=1), since)
    old, new = (receipt(run(new_step(), [message(Log(), record, one)])) for one in at)
    assert at[0] > NEW
    assert (old["status"], codes(old["warnings"])) == ("ACCEPTED", ["name_placeholder"])
    assert (new["status"], codes(new["reasons"])) == ("HELD", ["name_placeholder"])


NUMBERS = [
    (applied(9, 99), "matter_unknown", "matters[1]"),
    (given("decision", matter=99), "matter_unknown", "matter"),
    (given("result", department="police", matter=99), "matter_unknown", "matter"),
    (applied(9, materials=[{"kind": 77}]), "material_kind_unknown", "materials[0].kind"),
]


@pytest.mark.parametrize(("record", "code", "field"), NUMBERS)
def test_a_number_that_the_policy_knows_no_longer_stays_taken(record: Given, code: str, field: str) -> None:
    """Whoever takes a matter out says since when; what the log took before names it, and says so."""
    since = load_policy().acceptance.since["numbers"]
    old, new = (run(new_step(), [message(Log(), record, at)]) for at in (since - MOMENT, since))
    assert receipt(old)["status"] == "ACCEPTED"
    assert [(one["code"], one["field"]) for one in receipt(old)["warnings"]] == [(code, field)]
    (case,) = of_kind(old, CASES)
    assert codes(case["records"][0]["warnings"]) == [code]
    assert receipt(new)["status"] == "REJECTED"
    assert [(one["code"], one["field"]) for one in receipt(new)["reasons"]] == [(code, field)]


@pytest.mark.parametrize(("record", "code", "field"), NUMBERS)
def test_at_the_door_an_unknown_number_is_told_which_there_are(record: Given, code: str, field: str) -> None:
    """At any time: who publishes is at hand to put it right."""
    policy = load_policy()
    admission = Admission(CATALOGUE, policy, CaseIds(bytes(32)), lambda *_: b"avro")
    answer = admission.admit(submission_of({"type": record[0], "record": record[1]}, 1))
    assert isinstance(answer, TurnedAway)
    (told,) = answer.reasons
    assert (told.code, told.field) == (code, field)
    known = policy.materials if code == "material_kind_unknown" else policy.deciders
    assert ", ".join(map(str, sorted(known))) in told.message_en


@pytest.mark.parametrize("number", [0, -1])
def test_what_no_policy_counts_from_was_refused_at_any_time(number: int) -> None:
    """A number below one has never been taken."""
    rules, since = load_policy().acceptance, load_policy().acceptance.since["numbers"]
    for taken_at in (None, since - MOMENT, since):
        answer = accept(*applied(9, number), owner="service_centre", rules=rules, taken_at=taken_at)
        assert isinstance(answer, Refused)
        assert [one.code for one in answer.reasons] == ["matter_unknown"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("李⼥兰", "name_with_lookalikes"),
        ("李秀兰等", "name_with_more"),
        ("秦州区派出所", "name_is_office"),
        ("\u3164", "name_placeholder"),
    ],
)
def test_a_remark_on_a_name_enters_the_case_of_an_old_record(name: str, code: str) -> None:
    """Not the receipt alone; so `verify` names the case, and `refold` makes it so."""
    batch = run(new_step(), [message(Log(), given("death_certificate", name=name), OLD)])
    (case,) = of_kind(batch, CASES)
    assert codes(case["records"][0]["warnings"]) == codes(receipt(batch)["warnings"]) == [code]
    assert case["death_established"]


def test_a_home_notes_once_when_it_first_had_the_rules(tmp_path) -> None:
    """An upgrade long after the policy's moment refuses nothing that the log has taken."""
    home, first = Home(tmp_path), datetime(2027, 3, 1, tzinfo=UTC)
    home.create()
    assert noted_rules_since(home) == {}
    note_rules_since(home, first)
    note_rules_since(home, first + timedelta(days=1))
    assert noted_rules_since(home) == dict.fromkeys(RULE_SETS, first)
    rules = load_policy().holding_since(noted_rules_since(home)).acceptance
    assert not rules.in_force("names", NEW)
    assert rules.in_force("names", first)
    assert rules.in_force("names", None)


def test_the_policys_moment_counts_where_the_homes_is_earlier(tmp_path) -> None:
    """A city that puts it later means it."""
    rules = load_policy().holding_since(dict.fromkeys(RULE_SETS, OLD)).acceptance
    assert rules.since["names"] == SINCE


def test_a_broken_note_stops_the_start_and_says_so(tmp_path) -> None:
    """Else records that were taken would be refused."""
    home = Home(tmp_path)
    home.create()
    (home.secrets / "rules_since.json").write_text('{"names": "soon"}', encoding="utf-8")
    with pytest.raises(ExchangeError, match=r"rules_since\.json"):
        noted_rules_since(home)


STAND_INS = [
    (given("provident_fund", account_no="6.21E+18"), "value_as_number", "account_no"),
    (given("bank_deposit", account_no_tail='="0938"'), "value_as_formula", "account_no_tail"),
    (given("bank_deposit", bank_name="NULL"), "value_is_error", "bank_name"),
    (given("cremation", issuer_name="?????"), "value_damaged", "issuer_name"),
]


@pytest.mark.parametrize(("record", "code", "field"), STAND_INS)
def test_what_stands_in_place_of_a_value_stays_taken_from_before_its_moment(
    record: Given, code: str, field: str
) -> None:
    """Whatever it says: the case shows it with the field."""
    since = load_policy().acceptance.since["stand_ins"]
    old, new = (run(new_step(), [message(Log(), record, at)]) for at in (since - MOMENT, since))
    assert receipt(old)["status"] == "ACCEPTED"
    (case,) = of_kind(old, CASES)
    assert (code, field) in [(one["code"], one["field"]) for one in case["records"][0]["warnings"]]
    assert receipt(new)["status"] == "REJECTED"
    assert [(one["code"], one["field"]) for one in receipt(new)["reasons"]] == [(code, field)]
