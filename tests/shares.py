"""Share out the tests among copies of the process that has collected them: `make quick` runs on this.

Most of its ten thousand tests take a millisecond. Under pytest-xdist each of them is told in six messages,
and each process collects all of them for itself; together that costs more than many of the tests. Here a copy
tells a whole group at once. `make test` stays with pytest-xdist: it waits for real parts more than it works.
"""

import os
import time
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

FORK = get_context("fork")
SPARE = 1
"""Copies more than cores: some tests wait for a clock or a process."""
ENDS = pytest.StashKey[list[float]]()
"""When each copy was done, in seconds from the first test on."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the tests, each group in one of a few processes."""
    if session.testsfailed or session.config.option.collectonly:
        return None
    groups = list(_groups(session.items))
    taken = FORK.Value("i", 0)
    copies: dict[Connection, ForkProcess] = {}
    try:
        for _ in range((os.cpu_count() or 1) + SPARE):
            told, tells = FORK.Pipe(duplex=False)
            copies[told] = FORK.Process(target=_run, args=(session, groups, taken, tells))
            copies[told].start()
            tells.close()
        _hear(session, list(copies))
    finally:
        for copy in copies.values():
            copy.terminate()
            copy.join()
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say when each copy was done: where one works alone for long, its last group should begin earlier."""
    if ends := terminalreporter.config.stash.get(ENDS, []):
        told = ", ".join(f"{end:.0f}" for end in ends)
        terminalreporter.write_line(f"copies done after {told} s")


def _groups(items: Sequence[pytest.Item]) -> Iterator[list[pytest.Item]]:
    groups: dict[str, list[pytest.Item]] = {}
    for item in items:
        groups.setdefault(_group(item), []).append(item)
    return iter(groups.values())


def _group(item: pytest.Item) -> str:
    """With what a test shares what is made once; tests/conftest.py has marked it."""
    marked = item.get_closest_marker("xdist_group")
    return str(marked.args[0]) if marked else item.nodeid


def _hear(session: pytest.Session, telling: list[Connection]) -> None:
    """Let pytest know what the copies tell, until all have told that they are done.

    Raises:
        Failed: a test failed, and no more are wanted than have.
        Exit: a copy ended before its tests, so that some have not been tried.
    """
    hook, begun = session.config.hook, time.monotonic()
    ends = session.config.stash.setdefault(ENDS, [])
    while telling:
        for told in wait(telling):
            assert isinstance(told, Connection)
            try:
                reports = told.recv()
            except EOFError:
                pytest.exit("A process ended in the midst of its tests: some were not tried.", 1)
            if reports is None:
                telling.remove(told)
                ends.append(time.monotonic() - begun)
            for report in reports or ():
                made = hook.pytest_report_from_serializable(config=session.config, data=report)
                hook.pytest_runtest_logreport(report=made)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)


def _run(session: pytest.Session, groups: list[list[pytest.Item]], taken: Any, tells: Connection) -> None:
    """Run one group after the other, each that no copy has begun yet, and tell of each when it is done."""
    capture = session.config.pluginmanager.getplugin("capturemanager")
    capture.stop_global_capturing()  # its files are those of the other copies too
    capture.start_global_capturing()
    protocol = _Protocol()
    session.config.pluginmanager.register(protocol)
    tests = _tests(groups, taken)
    item = next(tests, None)
    while item:
        following = next(tests, None)
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if following is None or _group(following) != _group(item):
            tells.send([_told(session, report) for report in protocol.new()])
        item = following
    tells.send(None)


def _tests(groups: list[list[pytest.Item]], taken: Any) -> Iterator[pytest.Item]:
    """The tests that fall to this copy; it takes a group only when the one before is at its end."""
    while True:
        with taken.get_lock():
            turn = taken.value
            taken.value += 1
        if turn >= len(groups):
            return
        yield from groups[turn]


def _told(session: pytest.Session, report: pytest.TestReport) -> object:
    return session.config.hook.pytest_report_to_serializable(config=session.config, report=report)


class _Protocol:
    """Runs tests and keeps what there is to say of them; of a test that passed, only that it did."""

    def __init__(self) -> None:
        self._reports: list[pytest.TestReport] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        """Do as pytest does, but tell nobody yet."""
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
        self._reports += [one for one in reports if one.when == "call" or not one.passed]
        return True

    def new(self) -> list[pytest.TestReport]:
        """Return what has not been told yet, and forget it."""
        new, self._reports = self._reports, []
        return new
