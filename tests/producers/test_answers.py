"""Every record sent is answered by its own receipt, whichever of delivery report and receipt comes first."""

from dataclasses import dataclass

import pytest

from producers.answers import Answers
from producers.receipts import Receipt

TOPIC = "records.cremation"


@dataclass
class Delivered:
    """A delivery report's message."""

    at: int | None

    def topic(self):
        """As the client has it."""
        return TOPIC

    def partition(self):
        """As the client has it."""
        return 3

    def offset(self):
        """As the client has it."""
        return self.at


class Failed:
    """A delivery report's error."""

    def name(self):
        """As the client has it."""
        return "_MSG_TIMED_OUT"


def receipt(offset, status="ACCEPTED"):
    return {
        "receipt_id": f"{TOPIC}/3/{offset}",
        "record_id": "r",
        "status": status,
        "reasons": [{"code": "c", "field": None, "message": "中", "message_en": "en"}],
        "warnings": [],
        "case_id": "case",
    }


@pytest.mark.parametrize("early", [False, True])
def test_a_record_is_answered_by_the_receipt_of_its_place_in_the_log(early):
    """The join may answer before the brokers' report reaches us."""
    answers = Answers()
    pending = answers.expect(7)
    steps = [lambda: answers.delivered(pending, None, Delivered(41)), lambda: answers.received(receipt(41))]
    for step in reversed(steps) if early else steps:
        step()
    assert (pending.receipt.number, pending.receipt.status, pending.receipt.case_id) == (
        7,
        "ACCEPTED",
        "case",
    )
    assert not answers.awaits_join


def test_receipts_of_other_publishers_are_nobodys_answer():
    """Two programs of a department publish at once."""
    answers = Answers()
    pending = answers.expect(1)
    answers.received(receipt(40))
    answers.delivered(pending, None, Delivered(41))
    answers.received(receipt(42))
    assert pending.receipt is None
    assert answers.awaits_join
    answers.received(receipt(41, "DUPLICATE"))
    assert pending.receipt.status == "DUPLICATE"


def test_a_refusal_is_told_once_the_brokers_have_all_of_it():
    """Quarantine holds the bytes before anybody hears of them."""
    refusal = Receipt(1, None, "REJECTED", (), (), None)
    answers = Answers()
    pending = answers.expect(1, refusal, 2)
    answers.delivered(pending, None, Delivered(1))
    assert pending.receipt is None
    answers.delivered(pending, None, Delivered(1))
    assert pending.receipt is refusal


def test_a_failed_delivery_is_noted():
    """It is the publisher's to end with an error."""
    answers = Answers()
    answers.delivered(answers.expect(1), Failed(), Delivered(0))
    assert answers.failure == "_MSG_TIMED_OUT"


def test_what_is_taken_at_a_place_that_nobody_knows_is_to_be_sent_again():
    """A broker was killed before it told where: what is sent again has a place, and is DUPLICATE."""
    answers = Answers()
    answers.delivered(answers.expect(1), None, Delivered(None))
    assert answers.failure
    assert not answers.awaits_join


def test_of_what_is_refused_no_place_is_needed():
    """Its receipt has an id of its own."""
    refusal = Receipt(1, None, "REJECTED", (), (), None)
    answers = Answers()
    answers.delivered(pending := answers.expect(1, refusal), None, Delivered(None))
    assert (pending.receipt, answers.failure) == (refusal, None)


def test_a_receipt_in_json_has_the_agreed_keys_and_warnings_only_if_there_are_any():
    """Programs outside rely on them."""
    answers = Answers()
    pending = answers.expect(1)
    answers.delivered(pending, None, Delivered(1))
    answers.received(receipt(1, "HELD"))
    row = pending.receipt.as_json()
    assert list(row) == ["record_id", "status", "reasons", "case_id"]
    assert row["reasons"] == [{"code": "c", "field": None, "message": "中", "message_en": "en"}]
    answers.delivered(other := answers.expect(2), None, Delivered(2))
    answers.received(receipt(2) | {"warnings": receipt(2)["reasons"]})
    assert [warning["code"] for warning in other.receipt.as_json()["warnings"]] == ["c"]
