"""`exchange verify`: fold the whole log again and compare with everything that was made of it."""

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from rich.table import Table

from avro_schemas.catalogue import Document
from consumers.replay.differences import Difference
from consumers.replay.verification import TellStage, Verification, VerificationResult
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.terminal.progress import staged_progress
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings, load_settings
from topics.labels import Labels, Language

LABELS: Final = Labels(__file__)
STAGES: Final = LABELS.table("stages")
THINGS: Final = LABELS.table("things")
EQUAL: Final = LABELS["equal"]
DIFFERS: Final = LABELS["differs"]

ProcessesOption = Annotated[
    int | None,
    typer.Option(
        "--processes", min=1, help="How many processes share the partitions. Default: one per core."
    ),
]


def verify(
    processes: ProcessesOption = None,
    json: JsonOption = False,
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Fold the whole log again and compare with the live cases, what stands announced, tasks and read model.

    For example: exchange verify --processes 2

    Cases are compared byte for byte. The exchange may go on working meanwhile. Differences are named by case
    and field; no value is shown, so no access record is left. Exit 1 where anything differs or could not be
    judged.
    """
    if not judge(load_settings(home), processes, json, language_of(lang)).equal:
        raise typer.Exit(1)


def judge(settings: Settings, processes: int | None, json: bool, language: Language) -> VerificationResult:
    """Verify an exchange, print what was found, and return it.

    Raises:
        ExchangeError: something that has to be compared does not answer.
    """
    configure_logs(logging.WARNING)
    processes = processes or usable_cores()
    began = time.monotonic()
    with _progress(language) as tell:
        verdict = Verification(settings, processes, tell).verify()
    seconds = time.monotonic() - began
    if json:
        for one in verdict.differences:
            print_json(one.row())
        print_json(_summary(verdict, seconds, processes))
    else:
        _print(verdict, seconds, language)
    return verdict


def usable_cores() -> int:
    """Return how many cores this process may use: what runs in a container has often fewer than there are."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _summary(verdict: VerificationResult, seconds: float, processes: int) -> Document:
    return {
        "equal": verdict.equal,
        "differences": len(verdict.differences),
        "unsettled": sorted(verdict.unsettled),
        "compared": verdict.counted,
        "messages": verdict.messages,
        "seconds": round(seconds, 3),
        "messages_per_second": round(verdict.messages / seconds),
        "processes": processes,
    }


def _print(verdict: VerificationResult, seconds: float, language: Language) -> None:
    console = paper()
    if verdict.differences:
        table = Table(*(words.first(language) for words in _HEADINGS), title=DIFFERS.both(language))
        for one in verdict.differences:
            table.add_row(one.case_id, f"{one.what} {one.name}".strip(), " ≠ ".join(one.sides), _what(one))
        console.print(table)
    table = Table(LABELS["compared"].first(language), LABELS["count"].first(language))
    for kind, words in THINGS.items():
        table.add_row(words.both(language), f"{verdict.counted.get(kind, 0):,}")
    console.print(table)
    rate = f"{verdict.messages:,} messages, {seconds:.1f} s, {verdict.messages / seconds:,.0f}/s"
    for case_id in sorted(verdict.unsettled):
        say(said("case_kept_changing", case_id=case_id))
    say((EQUAL if verdict.equal else DIFFERS).both(language) + f" ({rate})")


_HEADINGS: Final = tuple(LABELS.table("headings").values())


def _what(one: Difference) -> str:
    if one.missing:
        return f"missing in: {', '.join(one.missing)}"
    return ", ".join(one.fields) or "content"


@contextmanager
def _progress(language: Language) -> Iterator[TellStage]:
    """Show stage, offsets passed, rate and time left."""
    with staged_progress() as tell:
        yield lambda stage, passed, total: tell(STAGES[stage].first(language), passed, total or None)
