"""`exchange status`: whether all is well, what is to be done if not, and what runs where."""

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Final

import typer

from consumers.operations.overview import Overview, look_closely
from consumers.operations.part_views import PartView, part_views
from consumers.operations.verdict import VERDICTS, Problem, nothing_runs, problems_of, verdict
from consumers.read_model.rows import plain
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, find_home
from exchange.runtime.settings import load_settings
from exchange.runtime.stack.state import read_addresses, read_state
from topics.labels import Labels, Language

LABELS: Final = Labels(__file__)
ADDRESSES: Final = (
    "kafka",
    "registry",
    "postgres",
    "gateway",
    "console",
    "kafka_outside",
    "gateway_outside",
    "console_outside",
    "ca",
)
MARKS: Final = {"green": "●", "yellow": "▲", "red": "✖"}
STYLES: Final = {"green": "bold green", "yellow": "bold yellow", "red": "bold red"}


@dataclass(frozen=True)
class Status:
    """All that status has found."""

    home: Home
    addresses: Mapping[str, str | None]
    parts: Sequence[PartView]
    overview: Overview
    problems: Sequence[Problem]


def status(home: HomeOption = None, lang: LangOption = "", json: JsonOption = False) -> None:
    """Say whether all is well and what to do if not; then what runs, where; exit 1 where nothing runs.

    The first line is the verdict: green, all is well; yellow, something needs attention; red, something is
    broken. Each problem comes with its next step. It waits for nobody for more than a second, so it answers
    also where half of the exchange is down.
    """
    language = language_of(lang)
    place = find_home(home)
    found, running = find_status(place)
    if json:
        print_json(status_row(found, language))
    else:
        _tell(found, language)
    if not running:
        raise typer.Exit(1)


def find_status(place: Home) -> tuple[Status, bool]:
    """Return what is known about a home, and whether anything runs in it."""
    state = read_state(place)
    known = read_addresses(place)
    addresses = {name: _masked(known.get(name)) for name in ADDRESSES}
    if state is None or not state.running:
        return Status(place, addresses, (), Overview(), (nothing_runs(),)), False
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(_overview, place)
        parts = part_views(place, state)
        overview = asked.result()
    return Status(place, addresses, parts, overview, problems_of(parts, overview, str(place.logs))), True


def status_row(found: Status, language: Language) -> dict[str, object]:
    """Return status as JSON: addresses (null if there is none), parts, verdict and problems."""
    brokers, owed, quarantined = found.overview.brokers, found.overview.owed, found.overview.quarantined
    failed = found.overview.failed_logins
    return {
        **found.addresses,
        "parts": [asdict(part) for part in found.parts],
        "verdict": verdict(found.problems),
        "problems": [
            {"code": one.code, "what": one.what.first(language), "do": one.do.first(language)}
            for one in found.problems
        ],
        "brokers": brokers and asdict(brokers),
        "ledger": found.overview.reconciled and asdict(found.overview.reconciled),
        "tasks": owed and {"owed": sum(owed.tasks.values()), "late": owed.late},
        "quarantine": quarantined and dict(quarantined.entries),
        "webhooks": found.overview.webhooks and asdict(found.overview.webhooks),
        "oldest_unacknowledged_withdrawal_seconds": owed and round(owed.oldest_withdrawal_seconds),
        "disk_free_ratio": found.overview.disk_free_ratio,
        "outside_transactions": _transactions_row(found.overview),
        "failed_logins": failed and plain(asdict(failed)),
    }


def _transactions_row(overview: Overview) -> dict[str, object]:
    """Return what outsiders' transactions do to record topics; null if that is not known."""
    still_open, withdrawn = overview.transactions, overview.withdrawn
    return {
        "open": still_open and [plain(asdict(one)) for one in still_open],
        "taken_back": withdrawn and [plain(asdict(one)) for one in withdrawn],
    }


def _overview(place: Home) -> Overview:
    try:
        return look_closely(load_settings(place.root))
    except ExchangeError:  # it is starting and has not said yet where
        return Overview()


def _tell(found: Status, language: Language) -> None:
    colour = verdict(found.problems)
    say(f"{MARKS[colour]} {VERDICTS[colour].both(language)}", STYLES[colour])
    for problem in found.problems:
        say(f"  {MARKS['red' if problem.broken else 'yellow']} {problem.what.first(language)}")
        say(f"    → {problem.do.first(language)}")
    say(f"{LABELS['home'].first(language):<9} {found.home.root}")
    for name, address in found.addresses.items():
        if address:
            say(f"{name:<9} {address}")
    for part in found.parts:
        say(f"  {part.name:<10} {part.health:<10} pid {part.pid or '-'}{_more(part, language)}")
    for line in _overview_lines(found.overview, language):
        say(line)


def _more(part: PartView, language: Language) -> str:
    told = []
    if part.restarts:
        told.append(LABELS["restarts"].filled(restarts=part.restarts))
    if part.behind is not None:
        told.append(LABELS["behind"].filled(behind=part.behind))
    return "".join(f", {one.first(language)}" for one in told)


def _overview_lines(overview: Overview, language: Language) -> list[str]:
    told = []
    if (brokers := overview.brokers) is not None:
        told.append(LABELS["brokers"].filled(alive=brokers.alive, underreplicated=brokers.underreplicated))
    if (owed := overview.owed) is not None:
        told.append(LABELS["tasks"].filled(owed=sum(owed.tasks.values()), late=owed.late))
    if (quarantined := overview.quarantined) is not None:
        where = f"{sum(quarantined.entries.values())}{_by_department(quarantined.entries)}"
        told.append(LABELS["quarantine"].filled(where=where))
    if (seen := overview.reconciled) is not None:
        told.append(
            LABELS["ledger"].filled(missing=seen.missing, not_healed=seen.not_healed, healed=seen.healed)
        )
    if (waiting := overview.webhooks) is not None:
        told.append(LABELS["webhooks"].filled(pending=waiting.pending, dead=waiting.dead))
    if overview.disk_free_ratio is not None:
        told.append(LABELS["disk"].filled(free=f"{overview.disk_free_ratio:.0%}"))
    return [one.first(language) for one in told]


def _by_department(counts: Mapping[str, int]) -> str:
    """Return each department's count in brackets, the highest first."""
    most = sorted(counts.items(), key=lambda one: -one[1])
    return f" ({', '.join(f'{code} {count}' for code, count in most)})" if most else ""


def _masked(address: str | None) -> str | None:
    """Hide a password that an address from the environment may hold."""
    if address is None:
        return None
    return re.sub(r"(://[^:/@\s]*:)[^@\s]*@", r"\1***@", re.sub(r"(password=)[^\s&]*", r"\1***", address))
