"""`exchange claim`, `release` and `assign`: who has a matter in hand."""

from dataclasses import asdict
from typing import Annotated

import typer

from consumers.read_model.assignments import Assignment
from consumers.read_model.rows import plain
from exchange.command.terminal.asked import Asked, asked_at_desk
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.desk import claims
from exchange.desk.claims import CaseMatter
from exchange.runtime.printed import printed
from exchange.runtime.sentences import said

WhichCase = Annotated[str, typer.Argument(metavar="CASE", show_default=False, help="A number or case id.")]
OneMatter = Annotated[
    int, typer.Option("--matter", metavar="N", show_default=False, help="Which matter, by its number.")
]
OneBank = Annotated[
    str,
    typer.Option("--instance", metavar="BANK", help="Which bank, of a matter that there is once per bank."),
]


def claim(
    case: WhichCase,
    matter: OneMatter,
    instance: OneBank = "",
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Take a matter in hand, so that nobody else begins with it; exit 1 where somebody has it already.

    For example: exchange claim 5d41402abc4b2a76b9719d911017c592 --matter 4

    exchange queue shows who has what in hand, and with --assignee what one person has.
    """
    with asked_at_desk(case, actor, home) as asked:
        held = claims.claim(asked.desk, asked.asker, _matter(asked, matter, instance))
        own = held.assignee == asked.asker.name
    _tell(held, json=json)
    if not own:
        raise typer.Exit(1)


def release(
    case: WhichCase,
    matter: OneMatter,
    instance: OneBank = "",
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Put back a matter that one has in hand; exit 1 where it is in somebody else's hands, or nobody's.

    For example: exchange release 5d41402abc4b2a76b9719d911017c592 --matter 4
    """
    with asked_at_desk(case, actor, home) as asked:
        is_released = claims.release(asked.desk, asked.asker, _matter(asked, matter, instance))
    if not is_released:
        say(said("not_in_hand"))
        raise typer.Exit(1)


def assign(
    case: WhichCase,
    matter: OneMatter,
    to: Annotated[
        str, typer.Option("--to", metavar="ACCOUNT", show_default=False, help="Who has it from now on.")
    ],
    instance: OneBank = "",
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Give a matter to somebody, whoever had it before: what a supervisor does.

    For example: exchange assign 5d41402abc4b2a76b9719d911017c592 --matter 4 --to wangfang
    """
    with asked_at_desk(case, actor, home) as asked:
        held = claims.assign(asked.desk, asked.asker, _matter(asked, matter, instance), to.strip())
    _tell(held, json=json)


def _matter(asked: Asked, matter: int, instance: str) -> CaseMatter:
    return CaseMatter(asked.person.case_id, matter, instance or None)


def _tell(held: Assignment, *, json: bool) -> None:
    if json:
        print_json(plain(asdict(held)))
    else:
        say(said("in_hand", assignee=printed(held.assignee)))
