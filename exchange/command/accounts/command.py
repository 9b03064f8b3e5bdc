"""`exchange accounts`: open accounts for people, change what they may, and take them back."""

import logging
from datetime import UTC, datetime
from typing import Annotated

import typer

from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption, ReasonOption
from exchange.command.views.accounts import (
    account_row,
    account_table,
    grant_row,
    grant_table,
    handed_row,
    handed_table,
)
from exchange.command.views.sheet import Sheet
from exchange.desk.accounts import AccountDesk, Handed, open_accounts
from exchange.desk.applicant_codes import CodeDesk, open_codes
from exchange.desk.asker import Asker
from exchange.domain.access.may import WorkPlace
from exchange.domain.accounts import Account
from exchange.runtime.city import find_city
from exchange.runtime.logs import configure_logs
from exchange.runtime.principals import ADMIN, DESK
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings

NameArgument = Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="The account.")]
RoleOption = Annotated[
    str,
    typer.Option(
        "--role",
        show_default=False,
        help="What its holder is, as access.yaml calls it; a wrong one lists them.",
    ),
]
DepartmentOption = Annotated[
    str, typer.Option("--department", metavar="CODE", help="The department that it is kept within.")
]
CountyOption = Annotated[
    str, typer.Option("--county", metavar="CODE", help="The county that it is kept within; or its name.")
]
BankOption = Annotated[
    str, typer.Option("--bank", metavar="USCC", help="The bank that it is kept within; or its name.")
]
DisplayNameOption = Annotated[
    str,
    typer.Option(
        "--display-name",
        metavar="NAME",
        help="What colleagues call its holder, and records say of who handled them; else the account's name.",
    ),
]
ApplicationArgument = Annotated[
    str, typer.Argument(metavar="APPLICATION", show_default=False, help="Record id of the application.")
]

accounts_app = typer.Typer(
    help="Open accounts for people, change what they may, and take them back.", no_args_is_help=True
)


@accounts_app.command()
def create(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    name: NameArgument,
    role: RoleOption,
    department: DepartmentOption = "",
    county: CountyOption = "",
    bank: BankOption = "",
    display_name: DisplayNameOption = "",
    actor: ActorOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Open an account, and print what its holder signs in with: this once, since nobody can be told again.

    For example: exchange accounts create wang --role supervisor --department police --display-name 王芳

    exchange accounts create li --role bank_clerk --department financial_regulation --bank 91620500812415868R

    exchange accounts create zhao --role county --department civil_affairs --county 620502

    What a role may do, and within what its holder is kept, is in the policy's access.yaml; which roles need
    one-time codes is in accounts.yaml. `totp` is the key for the program that shows these codes.
    """
    place = _place(department, county, bank)
    desk, asker = _opened(home, actor)
    handed = desk.create(name, role, place, asker, datetime.now(UTC), display_name)
    _show(handed, json=json)


@accounts_app.command()
def grant(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    name: NameArgument,
    role: RoleOption,
    department: DepartmentOption = "",
    county: CountyOption = "",
    bank: BankOption = "",
    display_name: DisplayNameOption = "",
    reason: ReasonOption = "",
    actor: ActorOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Give an account another role or place, instead of the one that it has; its holder signs in anew.

    For example: exchange accounts grant wang --role supervisor --department police

    What its holder is called stays, unless --display-name gives another. Where the new role needs one-time
    codes and the old one did not, their key is printed.
    """
    place = _place(department, county, bank)
    desk, asker = _opened(home, actor)
    handed = desk.grant(name, role, place, asker, datetime.now(UTC), reason, display_name)
    if json or handed.totp is not None:
        _show(handed, json=json)
    else:
        say(said("account_granted", name=name, role=role))


@accounts_app.command()
def suspend(
    name: NameArgument,
    reason: ReasonOption = "",
    actor: ActorOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Shut an account out until it is resumed; sessions end within five seconds.

    For example: exchange accounts suspend wang --reason "on leave"

    Suspending it again does no harm.
    """
    desk, asker = _opened(home, actor)
    _tell(desk.suspend(name, asker, datetime.now(UTC), reason), json=json)


@accounts_app.command()
def resume(
    name: NameArgument,
    reason: ReasonOption = "",
    actor: ActorOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Let a suspended account in again, with the password and the codes that its holder has.

    For example: exchange accounts resume wang
    """
    desk, asker = _opened(home, actor)
    _tell(desk.resume(name, asker, datetime.now(UTC), reason), json=json)


@accounts_app.command()
def revoke(
    name: NameArgument,
    reason: ReasonOption = "",
    actor: ActorOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Shut an account out for good; sessions end within five seconds.

    For example: exchange accounts revoke wang --reason "left the department"

    Revoking it again does no harm. Nothing brings it back, and its name is not used again.
    """
    desk, asker = _opened(home, actor)
    _tell(desk.revoke(name, asker, datetime.now(UTC), reason), json=json)


@accounts_app.command()
def reset(
    name: NameArgument,
    totp: Annotated[
        bool, typer.Option("--totp", help="Another key of one-time codes instead of another password.")
    ] = False,
    reason: ReasonOption = "",
    actor: ActorOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Give an account another password, or another key of one-time codes, and print it this once.

    For example: exchange accounts reset wang

    exchange accounts reset wang --totp --reason "lost the telephone"

    The old one no longer lets in, and sessions end.
    """
    desk, asker = _opened(home, actor)
    act = desk.renew_totp if totp else desk.reset_password
    _show(act(name, asker, datetime.now(UTC), reason), json=json)


@accounts_app.command("list")
def list_accounts(
    actor: ActorOption = "", json: JsonOption = False, lang: LangOption = "", home: HomeOption = None
) -> None:
    """Show every account there ever was: its role, within what it is kept, and its state. No secret is shown.

    For example: exchange accounts list
    """
    language = language_of(lang)
    desk, asker = _opened(home, actor)
    found = desk.all(asker)
    if json:
        for one in found:
            print_json(account_row(one))
    elif found:
        paper().print(account_table(Sheet(find_city().policy, language), found))
    else:
        say(said("accounts_none"))


@accounts_app.command()
def history(
    name: Annotated[str, typer.Argument(metavar="[NAME]", show_default=False, help="One account.")] = "",
    actor: ActorOption = "",
    json: JsonOption = False,
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Show who granted what to whom, when and why, the first thing first; it is kept for ever.

    For example: exchange accounts history wang
    """
    language = language_of(lang)
    desk, asker = _opened(home, actor)
    found = desk.history(asker, name or None)
    if json:
        for one in found:
            print_json(grant_row(one))
    else:
        paper().print(grant_table(Sheet(find_city().policy, language), found))


@accounts_app.command()
def code(
    application: ApplicationArgument,
    case_id: Annotated[str, typer.Argument(metavar="CASE_ID", show_default=False, help="The one case.")],
    actor: ActorOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Make the code for a receipt (收件凭证): with it the applicant follows the one case, without an account.

    For example: exchange accounts code 0b9f2f7c-4b57-4c39-8d43-0f6a3f0f5f11 CASE_ID
    """
    codes, asker = _codes(home, actor)
    made = codes.create(application, case_id, asker, datetime.now(UTC))
    if json:
        print_json({"code": made})
        return
    paper().print(made)
    say(said("code_once"))


@accounts_app.command()
def revoke_code(
    application: ApplicationArgument,
    actor: ActorOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Take back all codes that were made for an application, as when a receipt was lost.

    For example: exchange accounts revoke-code 0b9f2f7c-4b57-4c39-8d43-0f6a3f0f5f11
    """
    codes, asker = _codes(home, actor)
    number = codes.revoke((application,), asker, datetime.now(UTC))
    if json:
        print_json({"revoked": number})
    else:
        say(said("codes_revoked", number=number))


def _opened(home: HomeOption, actor: str) -> tuple[AccountDesk, Asker]:
    configure_logs(logging.WARNING)
    settings = load_settings(home, ADMIN)
    return open_accounts(settings), asker_of(actor, settings)


def _codes(home: HomeOption, actor: str) -> tuple[CodeDesk, Asker]:
    configure_logs(logging.WARNING)
    settings = load_settings(home, DESK)
    return open_codes(settings), asker_of(actor, settings)


def _place(department: str, county: str, bank: str) -> WorkPlace:
    given: WorkPlace = {"department": department, "county": county, "bank": bank}
    return {limit: name.strip() for limit, name in given.items() if name.strip()}


def _tell(account: Account, *, json: bool) -> None:
    if json:
        print_json(account_row(account))
    else:
        say(said("account_is_now", name=account.name, state=account.state))


def _show(handed: Handed, *, json: bool) -> None:
    if json:
        print_json(handed_row(handed))
        return
    paper().print(handed_table(handed))
    say(said("account_once", name=handed.account.name))
