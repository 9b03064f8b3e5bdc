"""`exchange up`: start everything in a home, in the foreground or in the background."""

import os
import signal
import sys
import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from exchange.command.background import join_running, start_behind
from exchange.command.console import say
from exchange.command.deploy import deploy_steps
from exchange.command.options import HomeOption
from exchange.command.progress import download_progress, starting
from exchange.command.sole_supervisor import sole_supervisor
from exchange.runtime.home import Home, find_home
from exchange.runtime.settings import Settings, given_addresses, settings_of
from exchange.runtime.stack.downloads import Files, fetch_files
from exchange.runtime.stack.embedded import addresses, embedded_plan, port_names
from exchange.runtime.stack.parts import Part, Plan
from exchange.runtime.stack.ports import Claims, choose_ports
from exchange.runtime.stack.state import write_addresses
from exchange.runtime.stack.supervisor import Supervisor

OUR_PARTS = ("joiner", "projector", "clock")
# Ours are ready once they have caught up with the log: minutes where the store or the read model is gone.
CATCHING_UP_LIMIT_S = 1800.0


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
        if not join_running(place):
            # Here, where a person may be watching, rather than behind.
            _files()
            start_behind(place, bare)
    else:
        _up_here(place, bare)


def _up_here(place: Home, bare: bool) -> None:
    """Supervise in this process until asked to stop."""
    began = time.monotonic()
    with sole_supervisor(place):
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
        start_limit_s=CATCHING_UP_LIMIT_S,
    )


def _holds_pid(path: Path, pid: int) -> bool:
    return path.exists() and path.read_text(encoding="ascii").strip() == str(pid)


def _files() -> Files | None:
    """Return the downloaded files, unless what they are for runs elsewhere."""
    return None if {"kafka", "registry"} <= given_addresses().keys() else fetch_files(download_progress)
