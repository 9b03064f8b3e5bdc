"""`exchange up`: start everything in a home, in the foreground or in the background."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from exchange.command.console import say
from exchange.command.deploy import deploy_steps
from exchange.command.options import HomeOption
from exchange.command.progress import download_progress, starting
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, find_home
from exchange.runtime.settings import Settings, given_addresses, settings_of
from exchange.runtime.stack.downloads import Files, fetch_files
from exchange.runtime.stack.embedded import addresses, embedded_plan, port_names
from exchange.runtime.stack.parts import Part, Plan
from exchange.runtime.stack.ports import Claims, choose_ports
from exchange.runtime.stack.state import (
    Process,
    State,
    clear,
    end_leftovers,
    read_state,
    write_addresses,
    write_state,
)
from exchange.runtime.stack.supervisor import Supervisor
from exchange.runtime.waiting import wait_until

OUR_PARTS = ("joiner", "projector")
STOPPING_LIMIT_S = 60.0


def up(
    home: HomeOption = None,
    detach: Annotated[
        bool, typer.Option("--detach", help="Return once all is healthy; it goes on running.")
    ] = False,
    bare: Annotated[
        bool, typer.Option("--bare", hidden=True, help="Kafka, registry, PostgreSQL alone.")
    ] = False,
) -> None:
    """Start Kafka, the registry, PostgreSQL and the exchange; Ctrl-C or `exchange down` stops them.

    What EXCHANGE_KAFKA, EXCHANGE_REGISTRY or EXCHANGE_POSTGRES names runs elsewhere and is not started.
    The first start downloads about 200 MB, later ones need no network.
    """
    place = find_home(home)
    place.create()
    place.make_case_key()
    if detach:
        _up_behind(place, bare)
    else:
        _up_here(place, bare)


def _up_here(place: Home, bare: bool) -> None:
    """Supervise in this process until asked to stop."""
    began = time.monotonic()
    with _sole_supervisor(place):
        files = _files()
        claims = Claims()
        supervisor = _prepare(place, bare, files, claims)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda _number, _frame: supervisor.ask_to_stop())
        try:
            with starting(supervisor):
                came_up = supervisor.start()
            if came_up:
                say(f"Up in {time.monotonic() - began:.1f} s. Home: {place.root}")
                supervisor.watch()
        finally:
            say("Stopping …")
            supervisor.stop()
            claims.release()


def _prepare(place: Home, bare: bool, files: Files | None, claims: Claims) -> Supervisor:
    """Choose ports, tell the other commands where the parts will be, and plan the start."""
    given = given_addresses()
    ports = choose_ports(place, claims, port_names(given))
    found = addresses(place, given, ports)
    write_addresses(place, found)
    plan = embedded_plan(place, given, ports, files)
    if not bare:
        plan = _with_ours(place, plan, settings_of(place, found))
    return Supervisor(place, plan)


def _with_ours(place: Home, plan: Plan, settings: Settings) -> Plan:
    """Add the topics, the schemas and our own parts, which wait for all before them."""
    steps = deploy_steps(settings, frozenset(item.name for item in plan))
    before = tuple(item.name for item in (*plan, *steps))
    return (*plan, *steps, *(_our_part(place, name, before) for name in OUR_PARTS))


def _our_part(place: Home, name: str, after: tuple[str, ...]) -> Part:
    ready_file = place.ready_file(name)
    return Part(
        name=name,
        argv=(sys.executable, "-m", "exchange", "run", name, "--home", str(place.root)),
        env={**os.environ, "EXCHANGE_HOME": str(place.root)},
        log=place.log(name),
        ready=partial(_holds_pid, ready_file),
        ready_file=ready_file,
        after=after,
    )


def _holds_pid(path: Path, pid: int) -> bool:
    return path.exists() and path.read_text(encoding="ascii").strip() == str(pid)


def _files() -> Files | None:
    """Return the downloaded files, unless what they are for runs elsewhere."""
    return None if {"kafka", "registry"} <= given_addresses().keys() else fetch_files(download_progress)


def _up_behind(place: Home, bare: bool) -> None:
    """Start the supervisor as a process of its own and return when all is healthy."""
    if _join_running(place):
        return
    # Here, where a person may be watching, rather than behind.
    _files()
    log = place.log("supervisor")
    with log.open("ab") as out, log.open("rb") as words:
        words.seek(0, os.SEEK_END)
        child = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "exchange",
                "up",
                "--home",
                str(place.root),
                *(["--bare"] if bare else []),
            ],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=place.root,
            start_new_session=True,
        )
        _await_child(place, child, words)


def _await_child(place: Home, child: subprocess.Popen[bytes], words: BinaryIO) -> None:
    """Pass on what the supervisor says until all is healthy, or until it has given up."""
    try:
        while not _is_up(place, child.pid):
            ended = child.poll() is not None
            _echo(words)
            if ended:
                raise typer.Exit(1)
            time.sleep(0.05)
        _echo(words)
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        raise


def _is_up(place: Home, pid: int) -> bool:
    state = read_state(place)
    return state is not None and state.supervisor.pid == pid and state.healthy


def _echo(words: BinaryIO) -> None:
    for line in words:
        say(line.decode("utf-8", "replace").rstrip("\n"))


def _join_running(place: Home) -> bool:
    """Return True if the home runs already and is, or becomes, healthy; False if it is free.

    Raises:
        ExchangeError: it runs and does not become healthy.
    """
    state = read_state(place)
    if state is None or not state.running or state.phase == "stopping":
        return False
    wait_until(lambda: _is_up(place, state.supervisor.pid) or not state.running, STOPPING_LIMIT_S)
    if not _is_up(place, state.supervisor.pid):
        raise ExchangeError(
            f"{place.root} runs already, but not all of it is healthy.", "See `exchange status`."
        )
    say(f"Runs already, and is healthy. Home: {place.root}")
    return True


@contextmanager
def _sole_supervisor(place: Home) -> Iterator[None]:
    """Make sure that this process alone supervises the home, and clean up after one that was killed.

    Raises:
        ExchangeError: another one does.
    """
    descriptor = os.open(place.run / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(place, descriptor)
        stale = read_state(place)
        if stale is not None:
            ended = end_leftovers(stale)
            say(
                "An earlier start ended badly; cleaned up."
                + (f" Ended: {', '.join(ended)}." if ended else "")
            )
            clear(place)
        myself = Process.of(os.getpid()) or Process(os.getpid(), time.time())
        write_state(place, State(myself, "starting", ()))
        try:
            yield
        finally:
            clear(place)
    finally:
        os.close(descriptor)


def _lock(place: Home, descriptor: int) -> None:
    """Take the lock; wait for one that is on its way down, not for one that runs."""

    def settled() -> bool:
        state = read_state(place)
        return _take(descriptor) or (state is not None and state.running and state.phase != "stopping")

    wait_until(settled, STOPPING_LIMIT_S)
    if not _take(descriptor):
        raise ExchangeError(
            f"{place.root} runs already.", "See `exchange status`; stop it with `exchange down`."
        )


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
