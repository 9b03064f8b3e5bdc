"""`exchange status`: what runs in a home, and where."""

import re

import typer

from consumers.task_reader import TaskReader
from exchange.command.console import print_json, say
from exchange.command.options import HomeOption, JsonOption
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, find_home
from exchange.runtime.settings import load_settings
from exchange.runtime.stack.state import PartState, State, read_addresses, read_state

ADDRESSES = ("kafka", "registry", "postgres", "gateway", "console")


def status(home: HomeOption = None, json: JsonOption = False) -> None:
    """Say what runs, where, how it is and how often it was started again; exit 1 where nothing runs."""
    place = find_home(home)
    state = read_state(place)
    row = describe(place, state)
    running = state is not None and state.running
    if json:
        print_json(row)
    elif running:
        _tell(place, row)
    else:
        say(f"Nothing runs in {place.root}. Start it with `exchange up`.")
    if not running:
        raise typer.Exit(1)


def describe(place: Home, state: State | None) -> dict[str, object]:
    """Return the addresses (null where there is none) and the parts."""
    known = read_addresses(place)
    row: dict[str, object] = {name: _masked(known.get(name)) for name in ADDRESSES}
    parts = state.parts if state is not None and state.running else ()
    row["parts"] = [
        {"name": part.name, "pid": part.pid, "health": _health(part), "restarts": part.restarts}
        for part in parts
    ]
    return row


def _health(part: PartState) -> str:
    """Return the health as written, unless the process has died since, unseen by the supervisor yet."""
    process = part.process
    if part.health == "healthy" and (process is None or not process.alive):
        return "restarting"
    return part.health


def _tell(place: Home, row: dict[str, object]) -> None:
    say(f"Home      {place.root}")
    for name in ADDRESSES:
        if row[name]:
            say(f"{name:<9} {row[name]}")
    parts = row["parts"]
    for part in parts if isinstance(parts, list) else []:
        again = f", started again {part['restarts']} times" if part["restarts"] else ""
        say(f"  {part['name']:<10} {part['health']:<10} pid {part['pid'] or '-'}{again}")
    _tell_tasks(place)


def _tell_tasks(place: Home) -> None:
    """Say how much is owed, if the read model answers; where it does not, the parts' health says why."""
    try:
        count = TaskReader(load_settings(place.root)).count()
    except ExchangeError:
        return
    say(f"tasks     {count.owed} owed, {count.late} of them late; `exchange tasks` shows them")


def _masked(address: str | None) -> str | None:
    """Hide a password that an address from the environment may hold."""
    if address is None:
        return None
    return re.sub(r"(://[^:/@\s]*:)[^@\s]*@", r"\1***@", re.sub(r"(password=)[^\s&]*", r"\1***", address))
