"""What all tests share: one running exchange for those that need the real parts, in an order that suits it.

Nothing of the real parts is imported before a test asks for them: `make quick` runs without them.
"""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from tests.examples import TIMES, look_longer

if TYPE_CHECKING:
    from exchange.runtime.settings import Settings

gc.disable()  # until the tests are collected: nothing of what is made for them can go

# No test is judged by how fast a busy machine is. A commit tries a few examples, `make nightly` many.
settings.register_profile(
    "untimed", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")

# A shell that runs the tests behind ignores Ctrl-C for them, and so would every command that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

TESTS: Final = Path(__file__).parent
PARTS: Final = os.environ.get("EXCHANGE_TEST_PARTS", "embedded")
"""Where Kafka and PostgreSQL come from: `embedded`, or `containers`, which need a Docker engine."""
ON_REAL_PARTS: Final = ("journeys", "faults")
"""All tests of these folders need the real parts; elsewhere those do that ask for a running exchange."""
RUNNING: Final = ("stack", "three", "small", "bare")
"""Fixtures that are a running exchange. Tests that share one run in one process, one after the other."""
BESIDE: Final = (
    *("test_case_and_follow.py", "test_console_contract.py", "test_history.py", "test_howto.py"),
    *("test_publish.py", "test_tasks.py", "test_verify.py", "test_webhooks.py"),
)
"""Journeys that run in the exchange of those who try a part or harm it: so both have as much to do."""
FIRST: Final = ("stack", "parts", "three")
"""The groups that take longest, in the order in which they begin; then other journeys, then pure tests."""
SHORT_LOG: Final = ("test_replay_command.py",)
"""Journeys that fold the whole log again and again; they come while it is short."""
LEFT: Final = ("days", "forgeries")
"""What a test may leave in the shared exchange: who leaves nothing comes first, then in this order."""


@pytest.fixture(scope="session")
def exchange() -> "Callable[..., subprocess.CompletedProcess[str]]":
    """The command line."""
    from tests.running import run_exchange  # noqa: PLC0415 - as said above

    return run_exchange


@pytest.fixture(scope="session")
def stack() -> "Iterator[Settings]":
    """The settings of the one exchange that all tests of a process share, in a home of its own."""
    if PARTS == "containers":
        from tests.containers import exchange_on_containers as running  # noqa: PLC0415
    else:
        from tests.running import running_exchange as running  # noqa: PLC0415
    with running() as settings:
        yield settings


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name no test by bytes or times: each process makes its own, and they would not be the same test."""
    return argname if isinstance(val, bytes | datetime) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the real parts, keep together what shares a running exchange, and put it in order."""
    for item in items:
        running = _running(item)
        folder, *_ = item.path.relative_to(TESTS).parts
        if running or folder in ON_REAL_PARTS:
            item.add_marker(pytest.mark.stack)
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(_group(item, running)))
    items.sort(key=lambda item: (_begins(item), _turn(item)))
    _look_longer(items)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Clean up less often, and refuse to begin where groups are lost: unseen, exchanges would be started.

    Raises:
        UsageError: this pytest and this pytest-xdist do not go together.
    """
    # Ten thousand tests stay to the end: looking among them for what is not needed took a fifth of the time.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
    if hasattr(session.config, "workerinput") and not all("@" in item.nodeid for item in session.items):
        raise pytest.UsageError("pytest-xdist has lost the groups of the tests: see pyproject.toml.")


def _running(item: pytest.Item) -> str | None:
    """Return the running exchange that a test asks for, by the name of its fixture."""
    asked = getattr(item, "fixturenames", ())
    marked = "stack" if item.get_closest_marker("stack") else None
    return next((name for name in RUNNING if name in asked), marked)


def _group(item: pytest.Item, running: str | None) -> str:
    """Return with what a test shares a process: its running exchange, or else its own module.

    Journeys share one exchange. What asks for one elsewhere, to try a part or to harm it, shares another.
    """
    path = item.path.relative_to(TESTS)
    if running == "stack" and (path.parts[0] != "journeys" or path.name in BESIDE):
        return "parts"
    return running or path.as_posix()


def _begins(item: pytest.Item) -> int:
    """Return how early the group of a test begins: pytest-xdist gives them out in the order of the tests."""
    marked = item.get_closest_marker("xdist_group")
    if marked and marked.args[0] in FIRST:
        return FIRST.index(marked.args[0])
    return len(FIRST) + (not item.get_closest_marker("stack"))


def _turn(item: pytest.Item) -> int:
    if item.path.name in SHORT_LOG:
        return -1
    marks = (mark.args[0] for mark in item.iter_markers("leaves"))
    return max((1 + LEFT.index(what) for what in marks), default=0)


def _look_longer(items: list[pytest.Item]) -> None:
    """Let Hypothesis look longer, or for a part of the time, where EXCHANGE_EXAMPLES_TIMES says so."""
    tests = {item.function for item in items if isinstance(item, pytest.Function)}
    for test in tests if TIMES != 1 else ():
        if is_hypothesis_test(test):
            look_longer(test, TIMES)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a failure show the end of each running part's log."""
    report = yield
    if report.failed and (running := sys.modules.get("tests.running")):
        report.sections += running.ends_of_logs()
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the real parts come from, and what the faults came to."""
    from tests.faults.report import table  # noqa: PLC0415

    terminalreporter.write_line(f"real Kafka, registry and PostgreSQL, where needed: {PARTS}")
    done = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    for line in table(done):
        terminalreporter.write_line(line)
