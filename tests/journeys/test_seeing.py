"""What an operator sees of a running exchange, and that it shows nobody's data."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from typing import Any

import httpx
import psutil
import pytest

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until

pytestmark = pytest.mark.stack

Exchange = Callable[..., subprocess.CompletedProcess[str]]
LIMIT_S = 60.0
WATCHED = ("projector", "clock")


def status(stack: Settings, exchange: Exchange) -> dict[str, Any]:
    """What `status --json` prints."""
    told: dict[str, Any] = json.loads(
        exchange("status", "--json", "--lang", "en", "--home", str(stack.home)).stdout
    )
    return told


def monitors(stack: Settings, exchange: Exchange) -> dict[str, str]:
    """Where each part that serves says how it is."""
    parts = status(stack, exchange)["parts"]
    return {part["name"]: part["monitor"] for part in parts if part["monitor"]}


def test_every_part_of_ours_says_that_it_lives_and_is_ready(stack: Settings, exchange: Exchange) -> None:
    """Whoever supervises it elsewhere asks what systems of that kind ask."""
    found = monitors(stack, exchange)
    assert set(WATCHED) <= found.keys()
    for address in found.values():
        assert httpx.get(f"{address}/livez", trust_env=False).json()["live"] is True
        assert wait_until(lambda at=address: httpx.get(f"{at}/readyz").status_code == 200, LIMIT_S)
        assert "exchange_ready 1.0" in httpx.get(f"{address}/metrics", trust_env=False).text


def test_a_monitor_listens_on_this_machine_alone_and_prometheus_finds_it(
    stack: Settings, exchange: Exchange
) -> None:
    """What is counted is nobody's data, and nobody else's business."""
    for part in status(stack, exchange)["parts"]:
        if part["monitor"]:
            listening = [
                one.laddr
                for one in psutil.Process(part["pid"]).net_connections(kind="tcp")
                if one.status == psutil.CONN_LISTEN
            ]
            assert [f"http://{at.ip}:{at.port}" for at in listening] == [part["monitor"]]
            target = json.loads((Home(stack.home).run / "targets" / f"{part['name']}.json").read_text())
            assert target[0]["targets"] == [part["monitor"].removeprefix("http://")]
            assert target[0]["labels"]["part"] == part["name"]


def test_status_says_in_its_first_line_that_all_is_well(stack: Settings, exchange: Exchange) -> None:
    """One look, one word; the same for programs."""
    assert wait_until(lambda: status(stack, exchange)["verdict"] == "green", LIMIT_S)
    assert status(stack, exchange)["problems"] == []
    told = exchange("status", "--home", str(stack.home), environment={"LANG": "C"})
    assert told.stderr.splitlines()[0] == "● 一切正常 · All is well"
    assert told.stdout == ""


def test_a_part_that_hangs_shows_in_status_with_what_to_do(stack: Settings, exchange: Exchange) -> None:
    """Its process lives, so nobody starts it again: a person has to see it."""
    clock = next(part for part in status(stack, exchange)["parts"] if part["name"] == "clock")
    os.kill(clock["pid"], signal.SIGSTOP)
    try:
        told = status(stack, exchange)
    finally:
        os.kill(clock["pid"], signal.SIGCONT)
    assert told["verdict"] == "red"
    assert [(one["code"], one["do"]) for one in told["problems"]] == [
        (
            "part_hangs",
            f"Read {Home(stack.home).log('clock')}; then `kill -9 {clock['pid']}`: "
            "it is started again and loses nothing.",
        )
    ]
    assert next(part["health"] for part in told["parts"] if part["name"] == "clock") == "unhealthy"


def test_the_projector_tells_of_the_whole(stack: Settings, exchange: Exchange) -> None:
    """Brokers, disk, restarts and what is owed are known in one place."""
    page = httpx.get(f"{monitors(stack, exchange)['projector']}/metrics", trust_env=False).text
    for line in (
        'exchange_overview_failed{question="brokers"} 0.0',
        'exchange_overview_failed{question="read_model"} 0.0',
        "exchange_underreplicated_partitions 0.0",
        'exchange_restarts_total{of="joiner"}',
        "exchange_disk_free_ratio 0.",
    ):
        assert line in page
