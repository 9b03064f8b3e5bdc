"""What an operator sees of a running exchange, and that it shows nobody's data."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psutil

from consumers.operations.verdict import VERDICTS
from exchange.folding.case_ids import CaseIds
from exchange.runtime.home import Home
from exchange.runtime.metrics import LAG
from exchange.runtime.settings import Settings
from tests.cases import given, record_id
from tests.fetching import fetched
from tests.journeys.live import Live
from tests.journeys.log_tools import CATALOGUE, messages_in, topics_of
from tests.people import QINZHOU, id_number
from tests.waiting import wait_for

Exchange = Callable[..., subprocess.CompletedProcess[str]]
COUNTED, TRACED = (id_number(QINZHOU, date(1936, 6, 7), sequence) for sequence in (817, 818))
NAME = "欧阳晓岚"
LEFT_BY_OTHERS = {
    *("tasks_late", "withdrawal_unacknowledged", "part_restarts", "outside_transaction_taken_back"),
    "failed_logins",
}
WATCHED = ("joiner", "projector", "clock", "reconciler", "gateway", "console")


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
        assert fetched(f"{address}/livez").json()["live"] is True
        wait_for(
            "the part to say that it is ready",
            lambda at=address: fetched(f"{at}/readyz").status_code == 200,
        )
        assert "exchange_ready 1.0" in fetched(f"{address}/metrics").text


def test_a_monitor_listens_on_this_machine_alone_and_prometheus_finds_it(
    stack: Settings, exchange: Exchange
) -> None:
    """What is counted is nobody's data, and nobody else's business."""
    told = status(stack, exchange)
    for part in told["parts"]:
        if part["monitor"]:
            listening = [
                one.laddr
                for one in psutil.Process(part["pid"]).net_connections(kind="tcp")
                if one.status == psutil.CONN_LISTEN
            ]
            doors = {told[part["name"]]} if part["name"] in {"gateway", "console"} else set[str]()
            assert {f"http://{at.ip}:{at.port}" for at in listening} == {part["monitor"]} | doors
            target = json.loads((Home(stack.home).run / "targets" / f"{part['name']}.json").read_text())
            assert target[0]["targets"] == [part["monitor"].removeprefix("http://")]
            assert target[0]["labels"]["part"] == part["name"]


def test_status_says_in_its_first_line_how_it_goes(stack: Settings, exchange: Exchange) -> None:
    """One look, one word; the same for programs. Others leave late tasks, and have killed workers."""

    def is_told() -> bool:
        row = status(stack, exchange)
        told = exchange("status", "--home", str(stack.home), environment={"LANG": "C"})
        assert told.stdout == ""
        word = VERDICTS[row["verdict"]]
        return (
            {one["code"] for one in row["problems"]} <= LEFT_BY_OTHERS
            and row["verdict"] == ("yellow" if row["problems"] else "green")
            and told.stderr.splitlines()[0].endswith(f" {word.zh} · {word.en}")
        )

    wait_for(
        "the verdict of a healthy exchange",
        is_told,
        seen=lambda: status(stack, exchange)["problems"],
        every_s=1.0,
    )


def test_a_part_that_was_paused_shows_in_status_with_what_lets_it_go_on(
    stack: Settings, exchange: Exchange
) -> None:
    """Its process lives, so nobody starts it again: a person has to see it, and need not end it."""
    clock = next(part for part in status(stack, exchange)["parts"] if part["name"] == "clock")
    os.kill(clock["pid"], signal.SIGSTOP)
    try:
        told = status(stack, exchange)
    finally:
        os.kill(clock["pid"], signal.SIGCONT)
    assert told["verdict"] == "red"
    paused = [one["do"] for one in told["problems"] if one["code"] == "part_stopped"]
    assert paused == [f"`kill -CONT {clock['pid']}` resumes it; nothing is lost."]
    assert next(part["health"] for part in told["parts"] if part["name"] == "clock") == "unhealthy"


def test_the_projector_tells_of_the_whole(stack: Settings, exchange: Exchange) -> None:
    """Brokers, disk, restarts and what is owed are known in one place."""
    page = fetched(f"{monitors(stack, exchange)['projector']}/metrics").text
    for line in (
        'exchange_overview_failed{question="brokers"} 0.0',
        'exchange_overview_failed{question="read_model"} 0.0',
        "exchange_underreplicated_partitions 0.0",
        'exchange_restarts_total{of="joiner"}',
        "exchange_disk_free_ratio 0.",
    ):
        assert line in page


def test_what_is_published_is_counted_and_nobody_is_named(
    stack: Settings, exchange: Exchange, tmp_path: Path
) -> None:
    """They count by type and outcome in `/metrics`; no name or number is there, in logs or in headers."""
    before = counts(stack, exchange)
    told = Live(stack).publish(
        given("death_certificate", "counted", id_number=COUNTED, name=NAME),
        given("social_insurance", "counted", id_number=COUNTED, name=NAME),
    )
    assert told == ["ACCEPTED", "ACCEPTED"]
    after = counts(stack, exchange)
    for record_type in ("death_certificate", "social_insurance"):
        sample = f'exchange_records_total{{outcome="ACCEPTED",type="{record_type}"}}'
        assert after[sample] == before.get(sample, 0) + 1
    assert after["exchange_announced_seconds_count"] > before.get("exchange_announced_seconds_count", 0)
    # The receipts of a batch may be read before the joiner has asked again how far the log goes.
    wait_for("the joiner to have no record before it", lambda: counts(stack, exchange)[LAG.name] == 0)
    shown = [fetched(f"{at}/metrics").text for at in monitors(stack, exchange).values()]
    shown += [log.read_text(encoding="utf-8") for log in Home(stack.home).logs.glob("*.log")]
    shown += [str(message.headers()) for message in messages_in(stack, [*CATALOGUE.by_name])]
    assert not [text for text in shown if COUNTED in text or NAME in text]


def test_one_id_leads_from_the_receipt_to_the_announcements(stack: Settings, exchange: Exchange) -> None:
    """Whoever asks what became of a record follows one number through all topics."""
    Live(stack).publish(given("death_certificate", "traced", id_number=TRACED, name=NAME))
    case_id = CaseIds(stack.case_key).of_key(TRACED).encode()
    of_case: dict[str, set[bytes]] = {}
    kinds = {name: kind for kind in ("receipts", "matters", "cases") for name in topics_of(kind)}
    for message in messages_in(stack, [*kinds]):
        if message.key() == case_id:
            ids = of_case.setdefault(kinds[message.topic()], set())
            ids.add(dict(message.headers())["ce_correlationid"])
    assert of_case.keys() == {"receipts", "matters", "cases"}
    (place,) = set.union(*of_case.values())
    asked = exchange("trace", place.decode(), "--json", "--home", str(stack.home))
    (told,) = map(json.loads, asked.stdout.splitlines())
    assert told["receipt_id"] == place.decode()
    assert {event["topic"].partition(".")[0] for event in told["events"]} >= of_case.keys()
    by_record = exchange("trace", record_id("death_certificate", "traced"), "--home", str(stack.home))
    assert place.decode() in by_record.stdout
    assert not [word for word in (TRACED, NAME) if word in asked.stdout + by_record.stdout]


def counts(stack: Settings, exchange: Exchange) -> dict[str, float]:
    """What the joiner has counted, by sample."""
    page = fetched(f"{monitors(stack, exchange)['joiner']}/metrics").text
    lines = (line.rpartition(" ") for line in page.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}
