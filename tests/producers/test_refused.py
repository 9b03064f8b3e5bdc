"""What is turned away at admission is kept with its bytes, and its department is told."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from avro_schemas.catalogue import schema
from exchange.runtime.registry.serde import Encoder
from producers.admission import TurnedAway
from producers.refused import refusal_messages
from producers.submissions import KEPT_BYTES, Submission
from verification.reasons import reason

RUN = UUID(int=1)
NOW = datetime(2026, 6, 5, tzinfo=UTC)
REASONS = (reason("not_json"),)


def messages(payload=b"{", number=1, department="health", run=RUN):
    turned_away = TurnedAway(REASONS, department)
    return list(refusal_messages(Submission(number, payload), turned_away, run, NOW, "data_bureau"))


def test_the_bytes_go_to_quarantine_and_the_receipt_to_the_department():
    """Both are values of their topics' schemas."""
    entry, receipt = messages()
    assert (entry.topic, receipt.topic) == ("quarantine.health", "receipts.health")
    assert entry.value["payload"] == b"{"
    assert entry.value["payload_sha256"] == sha256(b"{").hexdigest()
    assert receipt.value["status"] == "REJECTED"
    assert Encoder(schema("quarantine_entry"), 1).encode(entry.value)
    assert Encoder(schema("receipt"), 1).encode(receipt.value)


def test_what_belongs_to_no_publisher_is_kept_by_the_bureau_alone():
    """The bureau publishes nothing, so it has no receipts."""
    (entry,) = messages(department="data_bureau")
    assert entry.topic == "quarantine.data_bureau"


def test_a_large_payload_is_cut_and_says_so():
    """With the digest of all of it."""
    payload = b"z" * (KEPT_BYTES + 1)
    entry = messages(payload)[0].value
    assert (len(entry["payload"]), entry["truncated"]) == (KEPT_BYTES, True)
    assert entry["payload_sha256"] == sha256(payload).hexdigest()
    assert not messages(payload[:-1])[0].value["truncated"]


def test_no_two_refusals_have_one_id_and_a_refusals_two_messages_share_theirs():
    """The same line twice is two refusals, and so is the same file twice."""
    entry, receipt = messages()
    assert (
        entry.key == receipt.key == entry.value["entry_id"].encode() == receipt.value["receipt_id"].encode()
    )
    others = [messages(number=2), messages(b"[", 1), messages(run=UUID(int=2))]
    assert len({entry.key, *(other[0].key for other in others)}) == 4


def test_headers_and_keys_hold_nothing_of_the_payload():
    """A payload is a person's data wherever it came from."""
    for message in messages(b"620502194803120246"):
        shown = message.key + b"".join(value for _, value in message.headers)
        assert b"620502194803120246" not in shown
