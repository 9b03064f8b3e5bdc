"""About whom a command asks, and at whose desk."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

import typer

from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import say
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk, open_desk
from exchange.desk.persons import AskedPerson, asked_person
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings

FoundT = TypeVar("FoundT")


class AskedAtDesk(NamedTuple):
    """An open desk, who asks there, and about whom."""

    desk: Desk
    asker: Asker
    person: AskedPerson


@contextmanager
def asked_at_desk(text: str, actor: str, home: Path | None) -> Iterator[AskedAtDesk]:
    """Open the desk of a home for who asks about a person, by a number or a case id.

    Raises:
        typer.Exit: the text is neither, which is said.
        ExchangeError: there is no such home, or whoever signed in has to sign in again.
    """
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    with open_desk(settings) as desk:
        person = person_at(desk, text)
        yield AskedAtDesk(desk, asker_of(actor, settings), person)


def person_at(desk: Desk, text: str) -> AskedPerson:
    """Return whom a number or a case id means.

    Raises:
        typer.Exit: the text is neither, which is said.
    """
    return _or_said(asked_person(desk.case_ids, text), "no_such_number")


def existing(found: FoundT | None) -> FoundT:
    """Return what was found of a case.

    Raises:
        typer.Exit: there is no such case, which is said.
    """
    return _or_said(found, "no_such_case")


def _or_said(found: FoundT | None, refusal: str) -> FoundT:
    if found is None:
        say(said(refusal))
        raise typer.Exit(1)
    return found
