"""The worker is killed, again and again, and nothing is lost."""

import random
import threading
from datetime import date, timedelta
from typing import Any

import psutil
import pytest

from exchange.runtime.case_ids import CaseIds
from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import read_state
from exchange.runtime.waiting import wait_until
from tests.journeys.log_tools import Encoded, Encoding, count, produce, read_all, topics_of, wait_for_count
from tests.people import id_number

pytestmark = pytest.mark.stack

PEOPLE = 5_000
KILLS = 5
KINDS: dict[str, dict[str, Any]] = {
    "death_certificate": {"death_time": "2026-03-01", "death_cause": "心力衰竭"},
    "social_insurance": {"scheme": "RESIDENT_PENSION", "receiving_benefit": True, "account_balance_fen": 100},
    "cremation": {"death_time": "2026-03-01", "cremation_time": "2026-03-01", "cremation_place": "殡仪馆"},
    "hukou_cancellation": {"cancelled_at": "2026-03-01"},
}
EXPECTED = {(1, "COMPLETED"), (2, "COMPLETED"), (3, "COMPLETED"), (6, "READY"), (9, "READY")}


@pytest.mark.timeout(600)
def test_five_kills_during_twenty_thousand_records_lose_nothing(stack: Settings) -> None:
    """Every record has its receipt and its place in a case; every announcement is there."""
    numbers = [id_number("620521", date(1930, 1, 1) + timedelta(days=n)) for n in range(PEOPLE)]
    messages = _messages(stack, numbers)
    before = count(stack, "receipts")
    publishing = threading.Thread(target=produce, args=(stack, messages))
    publishing.start()
    for kill in range(1, KILLS + 1):
        wait_for_count(stack, "receipts", before + len(messages) * kill // (KILLS + 1), 300)
        _kill_worker(stack)
    publishing.join()

    case_ids = CaseIds(stack.case_key)
    people = {case_ids.of_key(number) for number in numbers}
    assert wait_until(lambda: len(_receipts(stack, people)) >= len(messages), 300, 1.0)
    assert set(_receipts(stack, people).values()) == {"ACCEPTED"}
    cases = {key: case for _, key, case in read_all(stack, ["cases"]) if key in people}
    assert cases.keys() == people
    assert {len(case["records"]) for case in cases.values()} == {len(KINDS)}
    assert _announced(stack, people) == {person: EXPECTED for person in people}


def _messages(stack: Settings, numbers: list[str]) -> list[Encoded]:
    encoding = Encoding(stack)
    messages = [
        encoding.encode(kind, {"id_number": number, **own})
        for number in numbers
        for kind, own in KINDS.items()
    ]
    random.Random(20260302).shuffle(messages)
    return messages


def _kill_worker(stack: Settings) -> None:
    """Kill the worker without a word and wait until the supervisor has another at work."""
    old = _worker(stack)
    psutil.Process(old).kill()
    ready = Home(stack.home).ready_file("joiner")
    assert wait_until(lambda: _worker(stack) != old and ready.exists(), 60)


def _worker(stack: Settings) -> int:
    state = read_state(Home(stack.home))
    assert state is not None
    return next(part.pid for part in state.parts if part.name == "joiner")


def _receipts(stack: Settings, people: set[str]) -> dict[str, str]:
    return {
        receipt["receipt_id"]: receipt["status"]
        for _, key, receipt in read_all(stack, topics_of("receipts"))
        if key in people
    }


def _announced(stack: Settings, people: set[str]) -> dict[str, set[tuple[int, str]]]:
    """Return, for each person, the last transition told of each matter; an id always tells the same."""
    told: dict[str, tuple[str, int, str]] = {}
    last: dict[tuple[str, int], str] = {}
    for _, key, value in read_all(stack, topics_of("matters")):
        if key in people:
            content = (key, value["matter"], value["transition"])
            assert told.setdefault(value["id"], content) == content
            last[key, value["matter"]] = value["transition"]
    announced: dict[str, set[tuple[int, str]]] = {}
    for (person, matter), transition in last.items():
        announced.setdefault(person, set()).add((matter, transition))
    return announced
