"""What was refused is seen, handed to the join again, or closed; all of it is named and kept."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from avro_schemas.catalogue import schema
from exchange.runtime.http_clients import part_client
from exchange.runtime.kafka.clients import make_producer
from exchange.runtime.registry.client import Registry
from exchange.runtime.settings import Settings
from tests.journeys.log_tools import Encoding, access_records, read_all
from tests.people import id_number
from tests.waiting import PATIENCE_S, wait_for
from topics.catalogue import QUARANTINE_ACTIONS

Run = Callable[..., CompletedProcess[str]]
CREMATION = {"death_time": "2026-03-01", "cremation_time": "2026-03-02", "cremation_place": "殡仪馆"}


class Operator:
    """Somebody who types `exchange quarantine`."""

    def __init__(self, stack: Settings, exchange: Run) -> None:
        self._stack, self._exchange = stack, exchange

    def asks(self, *words: str, code: int | None = 0) -> list[dict[str, Any]]:
        """What the command prints for programs; it must end so."""
        done = self._exchange("quarantine", *words, "--json", "--home", str(self._stack.home))
        assert code is None or done.returncode == code, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def sees(self, entry_id: str) -> dict[str, Any]:
        """The entry in the list of what is open, as soon as it is there."""
        rows: dict[str, dict[str, Any]] = {}

        def there() -> bool:
            rows.update({one["entry_id"]: one for one in self.asks("list", "--limit", "9999")})
            return entry_id in rows

        wait_for("the entry", there, every_s=0.5)
        return rows[entry_id]


@pytest.fixture
def operator(stack: Settings, exchange: Run) -> Operator:
    return Operator(stack, exchange)


def put(stack: Settings, topic: str, key: str, value: bytes) -> str:
    """Put a message on the log; return its place, which is the id of its entry."""
    places: list[str] = []
    producer = make_producer(
        stack.kafka,
        {"on_delivery": lambda _, m: places.append(f"{m.topic()}/{m.partition()}/{m.offset()}")},
    )
    producer.produce(topic, value, key)
    assert producer.flush(PATIENCE_S) == 0
    return places[0]


def cremation(stack: Settings, number: str) -> tuple[str, str, bytes]:
    return Encoding(stack).encode("cremation", {"id_number": number, **CREMATION})


def test_a_record_whose_schema_came_later_is_taken_when_it_is_retried(
    stack: Settings, operator: Operator
) -> None:
    """Nothing has to be sent twice: the receipt comes under the id that the record had from the first."""
    number = id_number("620502", date(1932, 2, 3))
    topic, key, value = cremation(stack, number)
    text = schema("cremation")
    newer = {
        **text,
        "fields": [*text["fields"], {"name": "hall", "type": ["null", "string"], "default": None}],
    }
    highest = _highest_id(stack)
    entry_id = put(stack, topic, key, b"\x00" + (highest + 1).to_bytes(4, "big") + value[5:] + b"\x00")
    entry = operator.sees(entry_id)
    assert (entry["state"], entry["department"]) == ("OPEN", "civil_affairs")
    assert [one["code"] for one in entry["reasons"]] == ["schema_unknown"]

    (refused_again,) = operator.asks("retry", entry_id, "--actor", "运维 孙丽", code=1)
    assert (refused_again["state"], refused_again["action"]) == ("OPEN", "RETRIED")

    with Registry(stack.registry) as registry:
        _, schema_id = registry.register("records.cremation-value", newer)
    assert schema_id == highest + 1
    wait_for(
        "the entry to be taken",
        lambda: operator.asks("retry", entry_id, code=None)[0]["state"] == "TAKEN",
        every_s=1,
    )

    receipts = [
        one for _, _, one in read_all(stack, ["receipts.civil_affairs"]) if one["receipt_id"] == entry_id
    ]
    assert {one["status"] for one in receipts} == {"ACCEPTED"}
    actions = [one for _, _, one in read_all(stack, [QUARANTINE_ACTIONS]) if one["entry_id"] == entry_id]
    assert {one["action"] for one in actions} == {"RETRIED"}
    assert actions[0]["actor"] == "运维 孙丽"
    assert entry_id not in {one["entry_id"] for one in operator.asks("list", "--limit", "9999")}
    assert operator.asks("retry", entry_id, code=1) == []


def test_an_entry_is_shown_masked_and_discarded_with_a_reason(
    stack: Settings, operator: Operator, tmp_path: Path
) -> None:
    """Looking leaves a trace, closing needs a reason, and the bytes stay."""
    number = id_number("620502", date(1933, 3, 4))
    topic, _, value = cremation(stack, number)
    entry_id = put(stack, topic, "620502195001010011", value)
    operator.sees(entry_id)

    (shown,) = operator.asks("show", entry_id, "--actor", "运维 孙丽")
    assert shown["record"]["name"] == "张三"
    assert number not in json.dumps(shown)
    file = tmp_path / "bytes"
    operator.asks("show", entry_id, "--bytes", str(file), code=2)
    operator.asks("show", entry_id, "--bytes", str(file), "--reason", "报错 17", "--actor", "运维 孙丽")
    assert file.read_bytes() == value
    looks = [one for one in access_records(stack) if one["command"] == "quarantine show"]
    # Either of two partitions may be read first.
    assert {(one["actor"], one["reason"], one["unmasked"]) for one in looks} == {
        ("运维 孙丽", None, False),
        ("运维 孙丽", "报错 17", True),
    }

    operator.asks("discard", entry_id, "--reason", " ", code=2)
    (closed,) = operator.asks("discard", entry_id, "--reason", "已更正重报", "--actor", "运维 孙丽")
    assert (closed["state"], closed["action_reason"]) == ("DISCARDED", "已更正重报")
    assert operator.asks("discard", entry_id, "--reason", "again", code=1) == []
    assert entry_id in {one["entry_id"] for one in operator.asks("list", "--all", "--limit", "9999")}
    kept = [one for _, _, one in read_all(stack, ["quarantine.civil_affairs"]) if one["entry_id"] == entry_id]
    assert kept[0]["payload"] == value


def test_what_was_refused_at_the_door_is_not_retried_and_the_operator_is_told_what_to_do(
    stack: Settings, exchange: Run, operator: Operator, tmp_path: Path
) -> None:
    """It never reached the log: its department has to correct it."""
    file = tmp_path / "broken.jsonl"
    file.write_text('{"type": "cremation", "record": {}}\n', encoding="utf-8")
    assert exchange("publish", str(file), "--as", "civil_affairs", "--home", str(stack.home)).returncode == 1
    found: list[str] = []

    def there() -> bool:
        found[:] = [
            one["entry_id"] for one in operator.asks("list", "--limit", "9999") if one["source"] == "gateway"
        ]
        return bool(found)

    wait_for("the entry", there, every_s=0.5)
    done = exchange("quarantine", "retry", found[-1], "--home", str(stack.home))
    assert done.returncode == 1
    assert "corrects it" in done.stderr
    (shown,) = operator.asks("show", found[-1])
    assert shown["record"] is None
    assert shown["payload_bytes"] > 0


def _highest_id(stack: Settings) -> int:
    with part_client(stack.registry.url, PATIENCE_S, auth=stack.registry.auth) as client:
        subjects = client.get("/subjects").json()
        return max(client.get(f"/subjects/{one}/versions/latest").json()["id"] for one in subjects)
