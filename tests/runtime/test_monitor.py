"""What a part tells whoever watches it, asked as a watcher asks: over HTTP."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from exchange.runtime.home import Home
from exchange.runtime.metrics import METRICS, RECORDS, TASKS
from exchange.runtime.monitor import LIVE_WITHIN_S, Monitor
from exchange.runtime.monitor_address import find_monitor
from exchange.runtime.stack.ports import LOOPBACK
from tests.fetching import fetched


class Watched:
    """A part with a clock of its own that serves, in a home."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home")
        self.home.create()
        self.now = 1000.0
        self.monitor = Monitor("joiner-2", now=lambda: self.now)
        self.address = ""

    def ask(self, path: str) -> httpx.Response:
        """What it answers."""
        return fetched(f"{self.address}{path}")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """A part that has just started."""
    part = Watched(tmp_path)
    with part.monitor.serving(part.home) as part.address:
        yield part


def test_a_part_that_starts_is_live_and_not_ready_and_says_why(watched: Watched) -> None:
    """Nobody sends it work yet, and nobody starts it again for that."""
    assert watched.ask("/livez").status_code == 200
    answer = watched.ask("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "reason": "starting"}


def test_a_part_that_has_caught_up_is_ready_until_it_says_otherwise(watched: Watched) -> None:
    """Ready is what it is now, not what it was once."""
    watched.monitor.ready()
    assert watched.ask("/readyz").json() == {"ready": True}
    watched.monitor.not_ready("catching_up", behind=12)
    assert watched.ask("/readyz").json() == {"ready": False, "reason": "catching_up", "behind": 12}


def test_a_work_loop_that_moves_no_more_shows_as_neither_live_nor_ready(watched: Watched) -> None:
    """The server runs in a thread of its own; that it answers says nothing of the work."""
    watched.monitor.ready()
    watched.now += LIVE_WITHIN_S + 1
    live, ready = watched.ask("/livez"), watched.ask("/readyz")
    assert live.status_code == ready.status_code == 503
    assert live.json() == {"live": False, "reason": "work_loop_hangs", "heartbeat_age_seconds": 91.0}
    assert ready.json() == {"ready": False, "reason": "work_loop_hangs"}
    assert "exchange_live 0.0" in watched.ask("/metrics").text
    watched.monitor.beat()
    assert watched.ask("/livez").status_code == 200
    assert watched.ask("/readyz").status_code == 200


def test_waiting_for_another_part_is_counted_and_shown_by_the_kind_of_trouble_alone(watched: Watched) -> None:
    """What an error says may quote a row; what kind it is may not."""
    watched.monitor.tries_again(ConnectionError("row of 赵玉珍"))
    told = {"ready": False, "reason": "waits_and_tries_again", "error": "ConnectionError"}
    assert watched.ask("/readyz").json() == told
    page = watched.ask("/metrics").text
    assert 'exchange_tried_again_total{error="ConnectionError"} 1.0' in page
    assert "赵玉珍" not in page


def test_prometheus_finds_it_by_a_file_in_the_home_and_nobody_takes_it_for_an_earlier_life(
    watched: Watched,
) -> None:
    """The port is another one at each start."""
    text = (watched.home.run / "targets" / "joiner-2.json").read_text()
    port = watched.address.rpartition(":")[2]
    assert f'"targets": ["{LOOPBACK}:{port}"]' in text
    assert '"part": "joiner-2"' in text
    assert find_monitor(watched.home, "joiner-2", os.getpid()) == watched.address
    assert find_monitor(watched.home, "joiner-2", 1) is None
    assert find_monitor(watched.home, "projector", os.getpid()) is None


def test_what_it_does_not_serve_it_names(watched: Watched) -> None:
    """A person with a browser finds the way."""
    answer = watched.ask("/")
    assert answer.status_code == 404
    assert answer.json() == {"paths": ["/livez", "/readyz", "/metrics"]}


def test_every_metric_is_in_the_list_once_and_says_what_it_is_in_both_languages() -> None:
    """One list: names are not made up where they are counted."""
    names = [metric.name for metric in METRICS]
    assert len(names) == len(set(names))
    for metric in METRICS:
        assert metric.name.startswith("exchange_")
        assert metric.meaning
        assert (metric.kind == "counter") == metric.name.endswith("_total")
        assert (metric.kind == "histogram") == bool(metric.buckets)


def test_a_counter_is_found_under_its_own_name_whether_counted_or_collected(watched: Watched) -> None:
    """An alert is written once, for the name in the list."""
    RECORDS.counter(watched.monitor.registry).labels("cremation", "ACCEPTED").inc()
    assert 'exchange_records_total{outcome="ACCEPTED",type="cremation"} 1.0' in watched.ask("/metrics").text
    family = TASKS.family()
    family.add_metric(("RECOVER", "LATE"), 3)
    assert family.samples[0].name == TASKS.name
