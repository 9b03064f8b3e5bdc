"""`exchange claim`, `release` and `assign`: who has a matter in hand."""

from dataclasses import asdict
from typing import Annotated

import typer

from consumers.read_model.assignments import Assignment
from consumers.read_model.rows import plain
from exchange.command.terminal.asked import AskedAtDesk, asked_at_desk
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.desk import claims
from exchange.desk.claims import CaseMatter
from exchange.runtime.accounts.log import AccountLog
from exchange.runtime.principals import DESK
from exchange.runtime.printed import printed
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings

ClaimedCase = Annotated[str, typer.Argument(metavar="CASE", show_default=False, help="A number or case id.")]
ClaimedMatter = Annotated[
    int, typer.Option("--matter", metavar="N", show_default=False, help="Which matter, by its number.")
]
ClaimedBank = Annotated[
    str,
    typer.Option("--instance", metavar="BANK", help="Which bank, of a matter that there is once per bank."),
]


def claim(
    case: ClaimedCase,
    matter: ClaimedMatter,
    instance: ClaimedBank = "",
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
    case: ClaimedCase,
    matter: ClaimedMatter,
    instance: ClaimedBank = "",
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
    case: ClaimedCase,
    matter: ClaimedMatter,
    to: Annotated[
        str, typer.Option("--to", metavar="ACCOUNT", show_default=False, help="Who has it from now on.")
    ],
    instance: ClaimedBank = "",
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Give a matter to somebody, whoever had it before: what a supervisor does.

    For example: exchange assign 5d41402abc4b2a76b9719d911017c592 --matter 4 --to wangfang
    """
    with asked_at_desk(case, actor, home) as asked:
        find_account = AccountLog(load_settings(home, DESK)).find
        held = claims.assign(
            asked.desk, find_account, asked.asker, _matter(asked, matter, instance), to.strip()
        )
    _tell(held, json=json)


def _matter(asked: AskedAtDesk, matter: int, instance: str) -> CaseMatter:
    return CaseMatter(asked.person.case_id, matter, instance or None)


def _tell(held: Assignment, *, json: bool) -> None:
    if json:
        print_json(plain(asdict(held)))
    else:
        say(said("in_hand", assignee=printed(held.assignee)))
