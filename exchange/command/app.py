"""The `exchange` command: finds the command asked for, runs it, and turns how it ends into an exit code.

Exit codes: 0 done, 1 refused or not true, 2 wrong usage; as in shells, 130 interrupted, 141 reader gone.
"""

import contextlib
import errno
import gc
import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import typer
import typer.main

from exchange.command.terminal.arguments import require_text
from exchange.command.terminal.exit_codes import INTERRUPTED, NOBODY_READS, REFUSED
from exchange.command.terminal.streams import drop_output, settle_streams
from exchange.command.terminal.usage import tell_in_both
from exchange.command.terminal.utf8 import read_utf8
from exchange.runtime.environment import forget_postgres_variables
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home_path import shown_path
from exchange.runtime.printed import printed
from exchange.runtime.sentences import said


class Command(NamedTuple):
    """Where a command is (`module:function` or a group of them), and what it does, as a line of the help."""

    place: str
    short: str


COMMANDS: Mapping[str, Command] = {
    # In the order of the help; a module is imported only when its command is asked for.
    "up": Command("exchange.command.stack.up:up", "Start Kafka, the registry, PostgreSQL and the exchange"),
    "down": Command("exchange.command.stack.down:down", "Stop the exchange in order; nothing is lost"),
    "status": Command(
        "exchange.command.stack.status:status", "Say whether all is well, and what to do if not"
    ),
    "publish": Command("exchange.command.publish:publish", "Publish records and say what became of each"),
    "case": Command("exchange.command.case:case", "Show a person's case: its matters, the form"),
    "form": Command("exchange.command.form:form", "Write the application form of a person's case"),
    "notice": Command("exchange.command.notice:notice", "Write the notice of what has to be put right"),
    "progress": Command("exchange.command.case_progress:progress", "Show a family how its matters stand"),
    "guide": Command("exchange.command.guide:guide", "Show what a matter takes, as every window says it"),
    "statistics": Command(
        "exchange.command.statistics.command:statistics", "Show how long matters take, and where they wait"
    ),
    "follow": Command(
        "exchange.command.follow:follow", "Show what becomes of a department's matters, as it happens"
    ),
    "queue": Command("exchange.command.queue:queue", "Show what there is to do, the soonest due first"),
    "search": Command("exchange.command.search:search", "Find a case by a number, a name or a certificate"),
    "looks": Command("exchange.command.looks:looks", "Show who looked at a person's case, at what, and why"),
    "tasks": Command("exchange.command.tasks:tasks", "Show who owes what"),
    "apply": Command("exchange.command.handling.apply:apply", "Take a family's application"),
    "amend": Command("exchange.command.handling.amend:amend", "Change an application that was taken"),
    "examine": Command("exchange.command.handling.window:examine", "Examine an application at the window"),
    "accept": Command("exchange.command.handling.results:accept", "Accept a matter for its department"),
    "return": Command(
        "exchange.command.handling.results:return_matter", "Return a matter to be put right, all at once"
    ),
    "result": Command("exchange.command.handling.results:result", "Say how a matter ended"),
    "decide": Command("exchange.command.handling.decide:decide", "Decide what records cannot, with a reason"),
    "hand-out": Command("exchange.command.handling.window:hand_out", "Hand results out to the family"),
    "appoint": Command(
        "exchange.command.handling.window:appoint", "Appoint a time for a family, here or at home"
    ),
    "enquire": Command("exchange.command.handling.window:enquire", "Take a family's enquiry"),
    "reply": Command("exchange.command.handling.window:reply", "Reply to an enquiry, and close it"),
    "correct": Command("exchange.command.handling.results:correct", "Correct how a matter ended"),
    "withdraw": Command(
        "exchange.command.handling.withdraw:withdraw", "Withdraw what was published in error"
    ),
    "claim": Command("exchange.command.handling.claims:claim", "Take a matter in hand"),
    "release": Command("exchange.command.handling.claims:release", "Put back a matter that one has in hand"),
    "assign": Command("exchange.command.handling.claims:assign", "Give a matter to somebody"),
    "replay": Command("exchange.command.replay:replay", "Replay the log: every record, and what followed"),
    "verify": Command(
        "exchange.command.verify:verify", "Fold the whole log again and compare it with the live cases"
    ),
    "refold": Command("exchange.command.refold:refold", "Publish anew the cases that changed rules alter"),
    "acknowledge": Command(
        "exchange.command.acknowledge:acknowledge", "Acknowledge an announcement for a department"
    ),
    "reconcile": Command(
        "exchange.command.reconcile:reconcile", "Account for everything that a day's departments sent"
    ),
    "trace": Command("exchange.command.trace:trace", "Show what became of a record"),
    "quarantine": Command(
        "exchange.command.quarantine.command:quarantine_app",
        "See what was refused, retry it, or close it",
    ),
    "webhooks": Command(
        "exchange.command.webhooks:webhooks_app", "See what the portal has not received, and send it again"
    ),
    "credentials": Command(
        "exchange.command.credentials.command:credentials_app",
        "Issue credentials to those outside, and take them back",
    ),
    "upload": Command("exchange.command.upload:upload", "Upload a file for an application to name"),
    "materials": Command(
        "exchange.command.materials:materials_app", "Read files handed in as materials, and delete old ones"
    ),
    "accounts": Command(
        "exchange.command.accounts.command:accounts_app",
        "Open accounts for people, and take them back",
    ),
    "login": Command("exchange.command.accounts.login:login", "Act as an account from here on"),
    "logout": Command("exchange.command.accounts.login:logout", "Act as the shell of the home again"),
    "topics": Command("exchange.command.topics:topics", "Show every topic, after creating missing ones"),
    "access": Command("exchange.command.access:access_app", "See who may what, and apply it to the brokers"),
    "schemas": Command("exchange.command.schemas:schemas_app", "Check, register and list the Avro schemas"),
    "policy": Command(
        "exchange.command.policy:policy_app", "Write the policy files out to edit them, and check them"
    ),
    "backup": Command("exchange.command.stack.backup:backup", "Save a stopped home"),
    "restore": Command("exchange.command.stack.backup:restore_here", "Create a new home from a backup"),
    "certificate": Command(
        "exchange.command.stack.certificate:certificate", "Show or renew what the brokers show other machines"
    ),
    "deploy": Command(
        "exchange.command.stack.deploy:deploy_here",
        "Apply access, topics and schemas to a Kafka and registry in use",
    ),
    "demo": Command("exchange.command.demo.command:demo", "Publish a made-up city and show what happens"),
    "sample": Command("exchange.command.sample:sample", "Write the records of a made-up city"),
    "run": Command("exchange.command.stack.run:run", "Run one part of the exchange, as the supervisor does"),
}
HIDDEN = frozenset({"run"})

# A decorated traceback prints the values of variables, which may be personal data.
PLAIN: Mapping[str, Any] = {"pretty_exceptions_enable": False}

HELP: Final = Path(__file__).with_name("help.txt")
"""What `exchange --help` says first; `\\b` keeps the lines of a paragraph. Not YAML, which costs 0.05 s."""


def build_app(names: Sequence[str]) -> typer.Typer:
    """Return the command line with only these commands."""
    app = _empty_app()
    for name in names:
        found = _load(COMMANDS[name].place)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name, hidden=name in HIDDEN)(found)
    return app


def build_overview() -> typer.Typer:
    """Return the command line as its help shows it: every command by name, but none that can be run."""
    app = _empty_app()
    for name, command in COMMANDS.items():
        app.command(name, hidden=name in HIDDEN, short_help=command.short)(_exchange)
    return app


def _empty_app() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, **PLAIN)
    app.callback(help=HELP.read_text(encoding="utf-8").replace(r"\b", "\b"))(_exchange)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code; expected problems give a sentence, never a traceback."""
    if arguments is None:
        read_utf8()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["--"]:  # there is no option before a command
        del words[0]
    settle_streams(json="--json" in words)
    forget_postgres_variables()
    try:
        _run(words)
    except SystemExit as end:
        if not isinstance(end.__context__, BrokenPipeError):  # Typer ends a command like this if that happens
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
    try:
        _run_command(words)
    except ValueError as problem:  # a city's own labels, which are read where they are shown
        # Loaded here: the help needs none of it, and loads faster than it does.
        from exchange.runtime.city import policy_wrong  # noqa: PLC0415
        from topics.city_folder import named_folder  # noqa: PLC0415
        from topics.policy_file import PolicyFileError  # noqa: PLC0415

        if isinstance(problem, PolicyFileError):
            raise policy_wrong(named_folder(), problem) from None
        raise


def _run_command(words: Sequence[str]) -> None:
    app = build_app(words[:1]) if words and words[0] in COMMANDS else build_overview()
    gc.freeze()
    gc.enable()
    try:
        tell_in_both(require_text(typer.main.get_command(app)))(args=words, prog_name="exchange")
    finally:
        sys.stdout.flush()  # what fails at the interpreter's own exit is told to nobody


def _end(code: int, message: str = "", hint: str = "") -> None:
    """Say what there is to say, if anybody can be told, and exit."""
    from exchange.command.terminal.console import say  # noqa: PLC0415 - the help does without Rich

    with contextlib.suppress(OSError):
        for line in filter(None, (message and f"exchange: {message}", hint)):
            say(line)
    drop_output()
    sys.exit(code)


def _words(problem: OSError) -> tuple[str, str]:
    """Return what the system refuses, and what to do about it."""
    reason = problem.strerror or type(problem).__name__
    if problem.errno == errno.ENAMETOOLONG and problem.filename is not None:
        return said("file_name_too_long", file=shown_path(os.fsencode(problem.filename))), said(
            "shorten_name"
        )
    if problem.filename is not None:
        return said("system_refuses", what=printed(str(problem.filename)), problem=reason), ""
    if isinstance(problem, FileNotFoundError) and not _has_folder():
        return said("folder_gone"), said("change_folder")
    if problem.errno == errno.ENOSPC:
        return said("disk_full", problem=reason), said("make_room")
    return said("system_fails", problem=reason), ""


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
