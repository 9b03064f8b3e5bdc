"""An auditor replays the log: what it took and what came of it, with an access record."""

import json
import subprocess
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from exchange.runtime.settings import Settings
from tests.cases import given, next_of
from tests.journeys.live import Live
from tests.journeys.log_tools import access_records
from tests.people import MAIJI, id_number

Exchange = Callable[..., subprocess.CompletedProcess[str]]
NUMBER = id_number(MAIJI, date(1931, 7, 8), 815)
DEATH = given("death_certificate", "replay command", id_number=NUMBER)
FUND = given("provident_fund", "replay command", id_number=NUMBER)
SECOND = next_of(FUND, "AMENDED", "replay command second")
THIRD = next_of(SECOND, "AMENDED", "replay command third")
REVOKED = next_of(DEATH, "REVOKED", "replay command revoked")


@pytest.fixture(scope="module")
def live(stack: Settings) -> Live:
    """An exchange in which somebody died by mistake."""
    live = Live(stack)
    live.publish(DEATH, FUND)
    for one in (SECOND, THIRD, REVOKED):  # the log takes one after the other
        live.publish(one)
    return live


def replayed(exchange: Exchange, live: Live, *words: str) -> list[dict[str, Any]]:
    """The JSON lines of a replay."""
    told = exchange("replay", "--json", "--actor", "audit", *words, "--home", str(live.settings.home))
    assert told.returncode == 0, told.stderr
    assert NUMBER not in told.stdout
    return [json.loads(line) for line in told.stdout.splitlines()]


def noted(live: Live) -> int:
    """How many replays by the auditor went on record so far."""
    found = [(one["command"], one["actor"]) for one in access_records(live.settings)]
    return found.count(("replay", "audit"))


def of_the_case(live: Live, events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What its records were, and how they were answered."""
    case_id = live.case_id(NUMBER)
    return [(e["about"]["type"], e["receipt"]["status"]) for e in events if e["case_id"] == case_id]


def test_the_whole_log_is_told_in_its_order_with_what_came_of_each_record(
    live: Live, exchange: Exchange
) -> None:
    """Record by record: the receipt that it got, and whom it was told to."""
    before = noted(live)
    events = replayed(exchange, live)
    taken = [event["at"] for event in events if event["receipt"]]  # a tick says its own time, not the log's
    assert taken == sorted(taken)
    found = of_the_case(live, events)
    assert found[-1] == ("death_certificate", "ACCEPTED")
    assert sorted(found[:-1]) == [("death_certificate", "ACCEPTED"), *[("provident_fund", "ACCEPTED")] * 3]
    last = next(e for e in reversed(events) if e["case_id"] == live.case_id(NUMBER))
    assert {one["transition"] for one in last["told"]} == {"SUSPENDED"}
    assert {task["kind"] for task in last["tasks"]} == {"ACKNOWLEDGE"}
    assert noted(live) == before + 1


def test_a_replay_may_be_of_one_case_one_type_or_one_time(live: Live, exchange: Exchange) -> None:
    """What is not asked for is folded and not shown."""
    of_case = replayed(exchange, live, "--case", NUMBER)
    assert {event["case_id"] for event in of_case} == {live.case_id(NUMBER)}
    assert len(of_case) >= 5
    _, second, _ = (one["at"] for one in of_case if one["about"]["type"] == "provident_fund")
    (shown,) = replayed(exchange, live, "--type", "provident_fund", "--from", second, "--to", second)
    assert shown["about"]["record_id"] == SECOND[1]["record_id"]
    late = replayed(exchange, live, "--case", NUMBER, "--from", of_case[-1]["at"])
    assert [event["about"]["type"] for event in late] == ["death_certificate"]
    nothing = exchange(
        "replay", "--json", "--case", NUMBER, "--to", "1999-01-01", "--home", str(live.settings.home)
    )
    assert (nothing.returncode, nothing.stdout) == (1, "")
