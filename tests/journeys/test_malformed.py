"""Three hundred malformed inputs between good ones: each is answered for, every good one counts."""

import random
import struct
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from exchange.folding.case_ids import CaseIds
from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import read_state
from tests.journeys.log_tools import Encoded, Encoding, count, produce, read_all, topics_of
from tests.people import id_number
from tests.waiting import PATIENCE_S, wait_for

MALFORMED = 300
GOOD = 500
UNKNOWN_SCHEMA = 2_000_000_000
TOPIC = "records.cremation"
DAMAGE: dict[str, Callable[[Encoded, random.Random], Encoded]] = {
    "random bytes": lambda good, rng: (good[0], good[1], rng.randbytes(rng.randrange(1, 200))),
    "no bytes": lambda good, _: (good[0], good[1], b""),
    "trailing bytes": lambda good, rng: (good[0], good[1], good[2] + rng.randbytes(3)),
    "cut short": lambda good, rng: (good[0], good[1], good[2][: rng.randrange(1, len(good[2]) - 1)]),
    "unknown schema": lambda good, _: (good[0], good[1], struct.pack(">bI", 0, UNKNOWN_SCHEMA) + good[2][5:]),
    "other magic": lambda good, _: (good[0], good[1], b"\x01" + good[2][1:]),
    "other key": lambda good, _: (good[0], "620502195001010011", good[2]),
    "other topic": lambda good, _: ("records.death_certificate", good[1], good[2]),
    "wrong digit": lambda good, _: (
        good[0],
        good[1],
        good[2].replace(good[1].encode(), good[1][:-1].encode() + _other(good[1][-1])),
    ),
    "oversized": lambda good, rng: (
        (good[0], good[1], good[2] + rng.randbytes(900_000))
        if rng.random() < 0.05
        else (good[0], good[1], b"\x00")
    ),
}


def _other(digit: str) -> bytes:
    return b"0" if digit != "0" else b"1"


@pytest.mark.timeout(3 * PATIENCE_S)
def test_malformed_inputs_are_answered_for_and_good_ones_go_on(stack: Settings) -> None:
    """Undecodable bytes are in quarantine; what could be read and was refused has a receipt besides."""
    rng = random.Random(7)
    good = _good(stack)
    bad = [damage(rng.choice(good), rng) for damage, _ in zip(_damages(), range(MALFORMED), strict=False)]
    quarantined, restarts = count(stack, "quarantine"), _restarts(stack)
    mixed = [*good, *bad]
    rng.shuffle(mixed)

    produce(stack, mixed)

    case_ids = CaseIds(stack.case_key)
    people = {case_ids.of_key(key) for _, key, _ in good}
    wait_for("the good records in their cases", lambda: _accepted(stack, people) == len(good), every_s=0.5)
    wait_for(
        "the bad ones in quarantine",
        lambda: count(stack, "quarantine") == quarantined + len(bad),
        every_s=0.2,
    )
    entries = [entry for _, _, entry in read_all(stack, topics_of("quarantine"))]
    assert Counter(entry["payload"] for entry in entries) >= Counter(value for _, _, value in bad)
    assert all(entry["reasons"] for entry in entries)
    assert _restarts(stack) == restarts


def _damages() -> Any:
    while True:
        yield from DAMAGE.values()


def _good(stack: Settings) -> list[Encoded]:
    encoding = Encoding(stack)
    own = {
        "death_time": "2026-03-01",
        "cremation_time": "2026-03-02T08:00:00+08:00",
        "cremation_place": "殡仪馆",
    }
    numbers = [id_number("620522", date(1930, 1, 1) + timedelta(days=n)) for n in range(GOOD)]
    return [encoding.encode("cremation", {"id_number": number, **own}) for number in numbers]


def _accepted(stack: Settings, people: set[str]) -> int:
    receipts = read_all(stack, ["receipts.civil_affairs"])
    return len({r["receipt_id"] for _, key, r in receipts if key in people and r["status"] == "ACCEPTED"})


def _restarts(stack: Settings) -> dict[str, int]:
    state = read_state(Home(stack.home))
    assert state is not None
    return {part.name: part.restarts for part in state.parts}
