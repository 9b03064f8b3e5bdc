"""The `exchange` command: finds the command asked for, runs it, and turns its end into an exit code.

Exit codes: 0 done, 1 refused or not true, 2 wrong usage; as in shells, 130 interrupted, 141 nobody reads on.
"""

import contextlib
import errno
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import typer
import typer.main

from exchange.command.arguments import require_text
from exchange.command.console import say
from exchange.command.streams import drop_output, settle_streams
from exchange.command.utf8 import read_utf8
from exchange.runtime.errors import ExchangeError

REFUSED: Final = 1
INTERRUPTED: Final = 130
"""Ctrl-C: 128 and the signal's number."""
NOBODY_READS: Final = 141
"""Who read the output has gone (``| head -1``): neither done nor refused; as if SIGPIPE had ended it."""

COMMANDS: Mapping[str, str] = {
    # name: module:function (or group of commands), in the order of the help; imported only when asked for
    "up": "exchange.command.up:up",
    "down": "exchange.command.down:down",
    "status": "exchange.command.status:status",
    "publish": "exchange.command.publish:publish",
    "case": "exchange.command.case:case",
    "form": "exchange.command.form:form",
    "progress": "exchange.command.case_progress:progress",
    "statistics": "exchange.command.statistics:statistics",
    "follow": "exchange.command.follow:follow",
    "tasks": "exchange.command.tasks:tasks",
    "replay": "exchange.command.replay:replay",
    "verify": "exchange.command.verify:verify",
    "refold": "exchange.command.refold:refold",
    "acknowledge": "exchange.command.acknowledge:acknowledge",
    "reconcile": "exchange.command.reconcile:reconcile",
    "trace": "exchange.command.trace:trace",
    "quarantine": "exchange.command.quarantine.command:quarantine_app",
    "webhooks": "exchange.command.webhooks:webhooks_app",
    "topics": "exchange.command.topics:topics",
    "schemas": "exchange.command.schemas:schemas_app",
    "backup": "exchange.command.backup:backup",
    "restore": "exchange.command.backup:restore_here",
    "deploy": "exchange.command.deploy:deploy_here",
    "demo": "exchange.command.demo.command:demo",
    "sample": "exchange.command.sample:sample",
    "bench": "exchange.command.bench.command:bench",
    "docs": "exchange.command.docs:docs",
    "run": "exchange.command.run:run",
}
HIDDEN = frozenset({"run"})

# A decorated traceback prints the values of variables, and those may be a person's.
PLAIN: Mapping[str, Any] = {"pretty_exceptions_enable": False}

HELP = """天水市个人身后“一件事”: carries a death, once proved, to every department it concerns.

\b
exchange up --detach              start Kafka, the registry, PostgreSQL and the exchange itself
exchange status                   is all well, what to do if not, and what runs where
exchange down                     stop it; nothing is lost

\b
exchange publish records.jsonl    records in, a receipt for each out
exchange case 620503194907150462  how a person's matters stand, with the form prefilled
exchange form 620503194907150462 --pdf form.pdf
exchange progress 620503194907150462 --for 12345
exchange statistics --html page.html
exchange follow police            what a department is told, as it happens
exchange tasks --owed-by police   who owes what
exchange trace RECEIPT_ID         what became of a record, from its receipt to who was told
exchange acknowledge ID --as police --handler "李明"
exchange reconcile                that everything sent today is accounted for
exchange quarantine list          what was refused, and what becomes of it

Every command takes --home DIR (or EXCHANGE_HOME): two homes are two independent exchanges on one machine.
With --json, standard output holds JSON lines and nothing else. Exit codes: 0 done, 1 refused or not true,
2 wrong usage.
"""


def build_app(names: Sequence[str]) -> typer.Typer:
    """Return the command line with these commands alone."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, **PLAIN)
    app.callback(help=HELP)(_exchange)
    for name in names:
        found = _load(COMMANDS[name])
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name, hidden=name in HIDDEN)(found)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code; what can be expected is a sentence, never a traceback."""
    if arguments is None:
        read_utf8()
    words = list(sys.argv[1:] if arguments is None else arguments)
    settle_streams(json="--json" in words)
    try:
        _run(words)
    except SystemExit as end:
        if not isinstance(end.__context__, BrokenPipeError):  # so Typer ends a command to which that happens
            raise
        _end(NOBODY_READS)
    except KeyboardInterrupt:
        _end(INTERRUPTED)
    except BrokenPipeError:
        _end(NOBODY_READS)
    except ExchangeError as problem:
        _end(REFUSED, problem.message, problem.hint)
    except OSError as problem:
        if words and words[0] in HIDDEN:  # a part's log says where
            raise
        _end(REFUSED, *_words(problem))


def _run(words: Sequence[str]) -> None:
    asked = [words[0]] if words and words[0] in COMMANDS else list(COMMANDS)
    try:
        require_text(typer.main.get_command(build_app(asked)))(args=words, prog_name="exchange")
    finally:
        sys.stdout.flush()  # what fails at the interpreter's own end is told nobody


def _end(code: int, message: str = "", hint: str = "") -> None:
    """Say what there is to be said, if anybody can be told, and exit."""
    with contextlib.suppress(OSError):
        for line in filter(None, (message and f"exchange: {message}", hint)):
            say(line)
    drop_output()
    sys.exit(code)


def _words(problem: OSError) -> tuple[str, str]:
    """Return what the system refuses, and what to do about it."""
    reason = problem.strerror or type(problem).__name__
    if problem.filename is not None:
        return f"{problem.filename}: {reason}.", ""
    if isinstance(problem, FileNotFoundError) and not _has_folder():
        return "The folder that this was called from is gone.", "Change to one that exists."
    if problem.errno == errno.ENOSPC:
        return f"What was to be written could not be: {reason}.", "Make room, or write to another disk."
    return f"{reason}.", ""


def _has_folder() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def _exchange() -> None:
    """Hold the options of all commands: there are none."""


def _load(place: str) -> Callable[..., Any] | typer.Typer:
    module, name = place.split(":")
    found: Callable[..., Any] | typer.Typer = getattr(importlib.import_module(module), name)
    return found
