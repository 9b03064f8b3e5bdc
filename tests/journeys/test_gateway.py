"""A department comes in over HTTP: what is answered with 2xx is on the log, once, and has its receipt."""

import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from exchange.domain.credentials import Holder
from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from tests.conftest import PARTS
from tests.journeys.door import Door, cremation, line
from tests.journeys.log_tools import read_all
from tests.people import id_number
from tests.running import kept_away, kill_part, part_of, wait_for_next_life
from tests.waiting import wait_for
from verification.times import SHANGHAI

NUMBER = id_number("620502", date(1929, 3, 4), 22)
OTHERS = [id_number("620502", date(1925, 1, 1) + timedelta(days), 24) for days in range(1200)]
CANARY, CANARY_NAME = id_number("620502", date(1911, 11, 11), 811), "金丝雀甲"


@pytest.fixture(scope="module")
def door(stack: Settings) -> Iterator[Door]:
    """Civil affairs."""
    with Door(stack, Holder("civil_affairs")) as door:
        yield door


@pytest.fixture(scope="module")
def county(stack: Settings) -> Iterator[Door]:
    """A county, which acts as civil affairs."""
    with Door(stack, Holder("civil_affairs", county="620502")) as door:
        yield door


def today() -> date:
    """The day in Asia/Shanghai."""
    return datetime.now(SHANGHAI).date()


def receipts(door: Door, record_id: str, wanted: int = 1) -> list[dict[str, Any]]:
    """All receipts of a record id, as soon as there are so many."""

    def there() -> list[dict[str, Any]]:
        found = door.ask("GET", f"/v1/receipts/{record_id}")
        shown: list[dict[str, Any]] = found.json()["receipts"] if found.is_success else []
        return shown

    wait_for("the receipts", lambda: len(there()) >= wanted, seen=there, every_s=0.2)
    return there()


def with_id(stack: Settings, topic: str, name: str, wanted: str) -> list[dict[str, Any]]:
    """What a topic has of this id."""
    return [one for _, _, one in read_all(stack, [topic]) if one[name] == wanted]


def test_a_record_is_stored_and_answered_and_a_second_one_is_a_duplicate(door: Door) -> None:
    """At once without its receipt, or with it for who waits; both have the same receipts later."""
    record = cremation(NUMBER)
    first = door.publish("cremation", record)
    assert (first.status_code, first.json()["status"]) == (202, "PENDING")
    assert first.headers["location"] == f"/v1/receipts/{record['record_id']}"
    second = door.publish("cremation", record, "?wait=60")
    assert (second.status_code, second.json()["status"]) == (200, "DUPLICATE")
    found = receipts(door, record["record_id"], 2)
    assert [one["status"] for one in found] == ["ACCEPTED", "DUPLICATE"]
    assert found[0]["receipt_id"] == first.json()["receipt_id"]
    assert found[1] == second.json()


def test_what_is_refused_has_one_receipt_and_one_quarantine_entry(stack: Settings, door: Door) -> None:
    """The answer names both, in the language that was asked for."""
    record = cremation(NUMBER, id_number="1")
    refused = door.publish("cremation", record, **{"Accept-Language": "en"})
    body = refused.json()
    assert (refused.status_code, body["code"], body["title"]) == (422, "record_refused", "Record refused")
    (receipt,) = with_id(stack, "receipts.civil_affairs", "receipt_id", body["receipt_id"])
    (entry,) = with_id(stack, "quarantine.civil_affairs", "entry_id", body["receipt_id"])
    assert receipt["status"] == "REJECTED"
    assert json.loads(entry["payload"])["record"] == record
    (shown,) = receipts(door, record["record_id"])
    assert [one["code"] for one in shown["reasons"]] == ["id_length_wrong"]


def test_a_key_repeats_the_first_answer_even_after_the_gateway_was_killed(
    stack: Settings, door: Door
) -> None:
    """And is refused for another body; of two at once one is at work and one is told so."""
    record, key = cremation(NUMBER), {"Idempotency-Key": str(uuid4())}
    first = door.publish("cremation", record, **key)
    killed = kill_part(stack.home, "gateway")
    wait_for_next_life(stack.home, killed)
    wait_for("the gateway to answer", door.sign_in)
    again = door.publish("cremation", record, **key)
    assert (again.status_code, again.json()) == (first.status_code, first.json()) == (202, first.json())
    assert again.headers["location"] == first.headers["location"]
    other = door.publish("cremation", cremation(NUMBER), **key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(receipts(door, record["record_id"])) == 1


def test_of_two_at_once_under_one_key_one_answer_is_given(door: Door) -> None:
    """The others are told that it is at work, or are given the same."""
    record, key = cremation(NUMBER), {"Idempotency-Key": str(uuid4())}
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda: found.append(door.publish("cremation", record, **key)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = Counter(one.status_code for one in found)
    assert set(codes) <= {202, 409}
    assert len({one.json()["receipt_id"] for one in found if one.status_code == 202}) == 1
    assert {one.json()["code"] for one in found if one.status_code == 409} <= {"idempotency_in_progress"}
    assert len(receipts(door, record["record_id"])) == 1


def test_a_batch_that_was_cut_off_is_open_and_goes_on_and_its_receipts_add_up(door: Door) -> None:
    """Lines that are stored are not stored twice; each has its receipt, in order, and the day adds up."""
    before = door.get(f"/v1/receipts?day={today()}&limit=1")["counts"]
    batch_id, number = str(uuid4()), len(OTHERS)
    good = [line(cremation(one)) for one in OTHERS]
    lines = [*good[:600], b"nonsense\n", b"\n", *good[600:]]
    _send_part_of_a_batch(door, batch_id, b"".join(lines), b"".join(lines[:550]))

    def state() -> dict[str, Any]:
        found: dict[str, Any] = door.get(f"/v1/batches/{batch_id}")
        return found

    begun = f"/v1/batches/{batch_id}"
    wait_for("the batch to begin", lambda: door.ask("GET", begun).is_success, every_s=0.1)
    wait_for("the first lines to be stored", lambda: state()["stored"] >= 500, seen=state, every_s=0.1)
    assert state()["state"] == "OPEN"

    def taken() -> bool:  # the gateway may not have seen yet that the other connection is cut
        return door.put(batch_id, b"".join(lines)).status_code == 202

    wait_for("the batch to go on", taken, every_s=0.2)
    whole = door.put(batch_id, b"".join(lines)).json()
    assert (whole["lines"], whole["stored"], whole["refused"]) == (number + 1, number, 1)
    assert state()["ranges"] == [[1, 601], [603, number + 2]]
    assert state()["state"] == "COMPLETE"
    differs = door.put(batch_id, b"".join([*lines[:-1], line(cremation(NUMBER))]))
    assert (differs.status_code, differs.json()["code"]) == (422, "batch_differs")

    found: list[dict[str, Any]] = []
    while len(found) < number + 1:
        path = f"/v1/batches/{batch_id}/receipts?wait=60&after={found[-1]['line'] if found else 0}"
        found += map(json.loads, door.ask("GET", path).text.splitlines())
    assert [one["line"] for one in found] == [*range(1, 602), *range(603, number + 3)]
    statuses = Counter(one["status"] for one in found)
    assert statuses["REJECTED"] == 1
    assert statuses["ACCEPTED"] + statuses["DUPLICATE"] == number

    def added() -> dict[str, int]:
        now = door.get(f"/v1/receipts?day={today()}&limit=1")["counts"]
        return {name: now[name] - before[name] for name in ("ACCEPTED", "DUPLICATE", "REJECTED")}

    wait_for(
        "the day to add up",
        lambda: added() == {name: statuses[name] for name in added()},
        seen=lambda: (added(), statuses),
        every_s=0.2,
    )


def _send_part_of_a_batch(door: Door, batch_id: str, whole: bytes, part: bytes) -> None:
    place = urlsplit(door.url)
    head = [
        f"PUT /v1/batches/{batch_id} HTTP/1.1",
        f"Host: {place.netloc}",
        f"Authorization: {door.headers['Authorization']}",
        "Content-Type: application/x-ndjson",
        f"Content-Length: {len(whole)}",
    ]
    with socket.create_connection((place.hostname or "", place.port or 0)) as connection:
        connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + part)


def test_a_days_receipts_come_in_pages_that_hold_each_once(door: Door) -> None:
    """And counts that add up to the total."""
    shown, cursor = list[str](), ""
    while True:
        page = door.get(f"/v1/receipts?day={today()}&limit=700{cursor}")
        shown += [one["receipt_id"] for one in page["receipts"]]
        assert sum(page["counts"].values()) == page["total"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(shown) == len(set(shown)) > 0
    rejected = door.get(f"/v1/receipts?day={today()}&status=REJECTED&limit=1000")
    assert {one["status"] for one in rejected["receipts"]} <= {"REJECTED"}
    assert len(rejected["receipts"]) == rejected["counts"]["REJECTED"]
    for beyond in ("0001-01-01", "9999-12-31"):
        assert door.ask("GET", f"/v1/receipts?day={beyond}").status_code == 400


def test_a_bank_and_a_county_see_the_receipts_of_what_they_handed_in_alone(door: Door, county: Door) -> None:
    """Their department sees all; a batch of another is not there at all."""
    batch_id, record = str(uuid4()), cremation(NUMBER)
    assert door.put(batch_id, line(record)).status_code == 202
    receipts(door, record["record_id"])
    for method, path in (
        ("GET", f"/v1/receipts/{record['record_id']}"),
        ("GET", f"/v1/batches/{batch_id}"),
        ("GET", f"/v1/batches/{batch_id}/receipts"),
    ):
        assert county.ask(method, path).status_code == 404, path
    assert county.put(batch_id, line(record)).status_code == 404
    assert county.get(f"/v1/receipts?day={today()}")["total"] == 0
    refused = county.publish("cremation", cremation(NUMBER))
    assert [one["code"] for one in refused.json()["reasons"]] == ["other_county"]
    wait_for(
        "its own receipt",
        lambda: county.get(f"/v1/receipts?day={today()}")["counts"]["REJECTED"] == 1,
        every_s=0.2,
    )


def test_a_person_is_in_no_address_header_log_and_metric(stack: Settings, door: Door) -> None:
    """Whatever was sent and however it was refused."""
    record = cremation(CANARY, name=CANARY_NAME)
    spoilt = cremation(CANARY, name=CANARY_NAME, death_time=CANARY_NAME)
    answers = [
        door.publish("cremation", record, "?wait=60"),
        door.publish("cremation", spoilt),
        door.publish(CANARY, record),
        door.publish("cremation", record, f"?wait={CANARY}"),
        door.put(str(uuid4()), line(record) + line(spoilt) + CANARY.encode()),
        door.ask("GET", f"/v1/receipts/{CANARY}"),
        door.ask("GET", f"/v1/receipts?day={CANARY}"),
        door.ask("GET", f"/v1/announcements?county={CANARY}&state={CANARY}"),
        door.ask("GET", f"/v1/receipts/{record['record_id']}"),
    ]
    log = (Home(stack.home).logs / "gateway.log").read_text(encoding="utf-8")
    for told in (log, *(f"{one.headers}{one.text}" for one in answers)):
        assert CANARY not in told
        assert CANARY_NAME not in told
    assert part_of(stack.home, "gateway").health == "healthy"


@pytest.mark.skipif(PARTS != "embedded", reason="kills a part of the home")
@pytest.mark.parametrize(
    ("part", "asked"),
    [("postgres", "/v1/receipts?day=2026-06-01"), ("registry", "/v1/schemas/subjects/cases-value/versions")],
)
def test_while_a_part_is_away_clients_are_told_when_to_come_again(
    stack: Settings, door: Door, part: str, asked: str
) -> None:
    """Never a fault, and never 2xx for what was not found out; meanwhile records are taken."""
    answers: list[Any] = []

    def away() -> bool:
        answers.append(door.ask("GET", asked))
        return bool(answers[-1].status_code == 503)

    with kept_away(stack.home, part):
        wait_for("it to be told", away, every_s=0)
        assert int(answers[-1].headers["retry-after"]) > 0
        assert answers[-1].json()["code"] == "part_away"
        assert door.publish("cremation", cremation(NUMBER)).status_code == 202
    wait_for("it to be there again", lambda: not away(), every_s=0.2)
    assert {one.status_code for one in answers} == {200, 503}
