"""One record over HTTP, without the parts: what is stored is acknowledged, and nothing else is."""

import json
from typing import Any

import pytest

from tests.gateway.made_gateway import MadeGateway
from tests.people import LI_XIULAN

RECORD_ID = "5f0c4a52-6f0e-4c7e-9f59-6a3a7d3d1b11"
CREMATION = {
    "record_id": RECORD_ID,
    "recorded_at": "2026-06-03T09:00:00+08:00",
    "id_number": LI_XIULAN,
    "name": "李秀兰",
    "death_time": "2026-06-01",
    "cremation_time": "2026-06-03",
    "cremation_place": "天水市殡仪馆",
}
PATH = "/v1/records/cremation"


@pytest.fixture
def gateway() -> MadeGateway:
    """A gateway."""
    return MadeGateway()


def publish(gateway: MadeGateway, body: Any, **more: Any) -> Any:
    """The answer to a body."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **more.pop("headers", {})}
    return gateway.asked("POST", more.pop("path", PATH), "civil_affairs", content=content, headers=headers)


def test_what_kafka_has_is_answered_with_202_and_where_its_receipt_will_be(gateway: MadeGateway) -> None:
    """It was written as the department, to the department's topic."""
    found = publish(gateway, CREMATION)
    assert found.status_code == 202
    assert found.json() == {
        "record_id": RECORD_ID,
        "receipt_id": "records.cremation/0/0",
        "status": "PENDING",
    }
    assert found.headers["location"] == f"/v1/receipts/{RECORD_ID}"
    assert [(who, topic) for who, topic, _ in gateway.writers.written] == [
        ("civil_affairs", "records.cremation")
    ]


def test_what_is_refused_has_one_receipt_and_one_quarantine_entry_and_says_why(gateway: MadeGateway) -> None:
    """Written by the gateway itself; the answer quotes nothing of the person."""
    found = publish(gateway, {**CREMATION, "id_number": "1"}, headers={"Accept-Language": "en"})
    body = found.json()
    assert (found.status_code, body["code"], body["record_id"]) == (422, "record_refused", RECORD_ID)
    assert [(one["code"], one["field"]) for one in body["reasons"]] == [("id_length_wrong", "id_number")]
    assert body["receipt_id"].startswith("gateway/")
    assert [(who, topic) for who, topic, _ in gateway.writers.written] == [
        ("", "quarantine.civil_affairs"),
        ("", "receipts.civil_affairs"),
    ]
    assert "李秀兰" not in found.text


def test_what_kafka_did_not_take_is_never_answered_with_2xx(gateway: MadeGateway) -> None:
    """Neither a record, nor what is refused, nor while a client waits."""
    gateway.writers.trouble = "_MSG_TIMED_OUT"
    for body in (CREMATION, {}):
        for path in (PATH, f"{PATH}?wait=1"):
            found = publish(gateway, body, path=path)
            assert (found.status_code, found.json()["code"]) == (503, "part_away")
            assert int(found.headers["retry-after"]) > 0
    gateway.writers.trouble = ""
    assert publish(gateway, CREMATION).status_code == 202


def test_what_kafka_has_at_an_unknown_place_is_to_be_sent_again(gateway: MadeGateway) -> None:
    """Its receipt could not be told from others; of what is refused, the door knows the receipt itself."""
    gateway.writers.unheard = True
    assert publish(gateway, CREMATION).status_code == 503
    assert publish(gateway, {}).status_code == 422
    gateway.writers.unheard = False
    assert publish(gateway, CREMATION).json()["receipt_id"] == "records.cremation/0/3"


def test_while_postgres_is_away_records_are_taken_and_keys_are_not(gateway: MadeGateway) -> None:
    """A key promises what cannot be kept without it; who waits for a receipt hears that it is stored."""
    assert publish(gateway, CREMATION).status_code == 202
    assert publish(gateway, CREMATION, path=f"{PATH}?wait=1").status_code == 202
    keyed = publish(gateway, CREMATION, headers={"Idempotency-Key": "a"})
    assert (keyed.status_code, len(gateway.writers.written)) == (503, 2)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(CREMATION).encode() + b',"type":"death_certificate"',
        b'{},"record":' + json.dumps(CREMATION).encode(),
        json.dumps(CREMATION).encode() + b'}{"a":1',
        json.dumps(CREMATION).encode() + b',"note":1',
        json.dumps(CREMATION).encode() + b"}",
        b"",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
        json.dumps(CREMATION).encode("utf-16"),
        json.dumps(CREMATION).encode() + b"\xff",
    ],
    ids=range(12),
)
def test_what_is_not_one_record_is_refused_whatever_it_pretends(gateway: MadeGateway, body: bytes) -> None:
    """A body that closes our brackets and opens its own, for example."""
    found = publish(gateway, body)
    assert (found.status_code, found.json()["code"]) == (422, "record_refused")
    assert {topic for _, topic, _ in gateway.writers.written} == {
        "quarantine.civil_affairs",
        "receipts.civil_affairs",
    }


def test_space_around_a_record_is_nothing(gateway: MadeGateway) -> None:
    """The good twin of those above."""
    assert publish(gateway, b"  \r\n" + json.dumps(CREMATION).encode() + b"\n\n").status_code == 202


@pytest.mark.parametrize(
    "kind", ["cremation2", "火化", "%00", "620502194803120246", "a" * 5000], ids=range(5)
)
def test_an_unknown_type_is_refused_and_not_quoted(gateway: MadeGateway, kind: str) -> None:
    """Somebody may have taken a person's number for a type."""
    found = publish(gateway, CREMATION, path=f"/v1/records/{kind}")
    assert found.status_code == 422
    assert "620502194803120246" not in found.text
    assert [one["code"] for one in found.json()["reasons"]] == ["unknown_record_type"]


@pytest.mark.parametrize(
    ("key", "code"),
    [("", "idempotency_key_wrong"), ("a" * 201, "idempotency_key_wrong"), ("a" * 200, "part_away")],
    ids=range(3),
)
def test_an_idempotency_key_is_1_to_200_visible_characters(gateway: MadeGateway, key: str, code: str) -> None:
    """The last is a good one, for which PostgreSQL is then asked."""
    assert publish(gateway, CREMATION, headers={"Idempotency-Key": key}).json()["code"] == code


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_a_record_is_json(gateway: MadeGateway, kind: str) -> None:
    """Nothing else is looked at; without any type it is taken for JSON."""
    found = publish(gateway, CREMATION, headers={"Content-Type": kind})
    assert (found.status_code, gateway.writers.written) == (415, [])
    for good in ("application/json; charset=utf-8", "Application/JSON", ""):
        assert publish(gateway, CREMATION, headers={"Content-Type": good}).status_code == 202


def test_a_record_has_at_most_1_mib(gateway: MadeGateway) -> None:
    """It is refused as soon as that is clear, and not kept."""
    found = publish(gateway, b'{"a":"' + b"a" * (1 << 20) + b'"}')
    assert (found.status_code, gateway.writers.written) == (413, [])
