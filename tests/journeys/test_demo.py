"""`exchange demo`, as a stranger runs it: everything from nothing, and nothing left behind."""

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import psutil
import pytest

from exchange.runtime.environment import given_addresses

Exchange = Callable[..., CompletedProcess[str]]


@pytest.mark.skipif(bool(given_addresses()), reason="the demo runs an exchange of its own")
def test_the_demo_shows_a_city_and_leaves_nothing_behind(exchange: Exchange, tmp_path: Path) -> None:
    """Exit 0, a case told in words with its form, and neither a process nor a home that stays."""
    done = exchange(
        "demo", "--people", "8", environment={"TMPDIR": str(tmp_path), "EXCHANGE_HOME": "/nowhere"}
    )
    assert done.returncode == 0, done.stderr
    for heading in (
        "What happened",
        "Departments",
        "Rejected",
        "Held",
        "One person's case",
        "The form, prefilled",
    ):
        assert heading in done.stdout
    (form,) = re.findall(r"The form, to print: (\S+)\n", done.stdout)
    assert Path(form).read_bytes().startswith(b"%PDF-")
    (home,) = re.findall(r"Stopped: (\S+)\n", done.stderr)
    assert not Path(home).exists()
    assert not list(tmp_path.glob("exchange-demo-*"))
    assert not _processes_that_name(home)


def test_the_demo_does_not_touch_an_exchange_that_others_run(exchange: Exchange) -> None:
    """Made-up people have no business in it."""
    done = exchange("demo", environment={"EXCHANGE_KAFKA": "127.0.0.1:1"})
    assert done.returncode == 1
    assert "EXCHANGE_KAFKA" in done.stderr


def test_the_demo_tells_no_portal_of_made_up_people(exchange: Exchange) -> None:
    """Where one is set, nothing is started."""
    done = exchange("demo", environment={"EXCHANGE_WEBHOOK_URL": "https://portal.example.cn/"})
    assert done.returncode == 1
    assert "EXCHANGE_WEBHOOK_URL" in done.stderr


def _processes_that_name(home: str) -> list[int]:
    """Process ids whose command line holds the home."""
    found = psutil.process_iter(["cmdline"])
    return [process.pid for process in found if home in " ".join(process.info["cmdline"] or ())]
