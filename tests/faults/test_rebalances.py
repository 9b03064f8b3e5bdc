"""Workers come and go all the time while records come in: each record takes effect, once, in its order."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from tests.faults.answers import Answers
from tests.faults.judge import judge
from tests.faults.load import make_load
from tests.faults.mischief import Place
from tests.faults.observer import Observer
from tests.faults.report import Row, report
from tests.waiting import PATIENCE_S

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

RECORDS, RATE_PER_S = 4_000, 100.0
FIRST_PERSON = 400_000
TURNS = (
    ("joiner-11", "comes"),
    ("joiner-12", "comes"),
    ("joiner-11", "dies"),
    ("joiner-13", "comes"),
    ("joiner-12", "leaves"),
    ("joiner-11", "comes"),  # under the name of one that the group may still hold for alive
    ("joiner-13", "leaves"),
    ("joiner-11", "dies"),
    ("joiner-12", "comes"),
    ("joiner-12", "leaves"),
)


def test_workers_that_come_and_go_lose_nothing(stack: Settings, request: pytest.FixtureRequest) -> None:
    """Five join a running one, three end in good order and two are killed, each while others still settle."""
    load = make_load(stack, FIRST_PERSON, RECORDS)
    with Answers(stack) as answers, _joiners() as joiners:
        with Observer(stack, load, RATE_PER_S) as observer:
            for turn, (name, what) in enumerate(TURNS):
                Place(stack, observer).until_sent(turn / len(TURNS) / 2)
                if what == "comes":
                    joiners[name] = _started(stack, name)
                else:
                    joiners[name].kill() if what == "dies" else joiners[name].terminate()
                    joiners[name].wait(PATIENCE_S)
        assert observer.failed == []
        wait_until(lambda: not answers.missing(observer.acknowledged), PATIENCE_S, 0.5)
        verdict = judge(stack, observer, answers)
        report(request.node, Row(f"workers come and go, {len(TURNS)} times", verdict))
        Place(stack, observer).until_members(1)
    assert verdict.findings[:20] == []


@contextmanager
def _joiners() -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Hold joiners beside the supervisor's own by name, and end what is left of them."""
    joiners: dict[str, subprocess.Popen[bytes]] = {}
    try:
        yield joiners
    finally:
        for process in joiners.values():
            process.kill()
            process.wait(PATIENCE_S)


def _started(settings: Settings, name: str) -> subprocess.Popen[bytes]:
    """Start one more joiner, and return when it takes records."""
    home = Home(settings.home)
    home.ready_file(name).unlink(missing_ok=True)
    words = ["run", "joiner", "--name", name, "--home", str(home.root)]
    with home.log(name).open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "exchange", *words], stdout=log, stderr=log)
    came = wait_until(lambda: home.ready_file(name).exists() or process.poll() is not None, PATIENCE_S)
    if not came:
        process.kill()
        process.wait()
    assert process.poll() is None, f"{name} did not come"
    return process
