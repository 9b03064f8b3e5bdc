"""`exchange login` and `exchange logout`: act as an account instead of as the shell of the home."""

import logging
import os
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from exchange.command.terminal.asker import sign_in_at
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.terminal.session_file import forget_token, keep_token, read_token
from exchange.desk.identity import Shown
from exchange.runtime.home import Home, find_home
from exchange.runtime.logs import configure_logs
from exchange.runtime.principals import DESK
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings


def login(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="The account.")],
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Sign in, so that later commands act as an account instead of as the shell of the home.

    For example: exchange login wang

    Asks for the password, and for a one-time code where the account needs one. A program gives them on
    standard input, one in a line. Exit 1 where nobody is let in; after several wrong tries one waits.

    Whoever signs in here can read the home. The session is kept in a file of your own.
    """
    configure_logs(logging.WARNING)
    settings, now = load_settings(home, DESK), datetime.now(UTC)
    sign_in = sign_in_at(settings)
    token = sign_in.sign_in(Shown(name, *_secrets()), f"uid {os.getuid()}", "command", now)
    asker = sign_in.find(token, now).asker
    keep_token(Home(settings.home), token)
    if json:
        print_json({"name": asker.name, "role": asker.role, "within": dict(asker.kept_within)})
    else:
        say(said("login_done", name=asker.name, role=asker.role))


def logout(home: HomeOption = None) -> None:
    """Sign out: later commands act as the shell of the home again.

    For example: exchange logout
    """
    configure_logs(logging.WARNING)
    place = find_home(home)
    if (token := read_token(place)) is not None:
        forget_token(place)
        sign_in_at(load_settings(home, DESK)).sign_out(token)
    say(said("logout_done"))


def _secrets() -> tuple[str, str]:
    """Return password and one-time code, typed by a person or given by a program."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n"), sys.stdin.readline().strip()
    password = typer.prompt(said("login_password"), hide_input=True, err=True)
    return password, typer.prompt(said("login_code"), default="", show_default=False, err=True).strip()
