"""`exchange credentials`: issue credentials to those outside, replace them, and take them back."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from exchange.command.credentials.holder import read_holder, read_public_key
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption, ReasonOption, actor_of
from exchange.command.terminal.words import read_word
from exchange.command.views.credentials import (
    credential_row,
    credential_table,
    issued_row,
    issued_table,
)
from exchange.command.views.sheet import Sheet
from exchange.domain.credentials import OVERLAP, Credential, CredentialRequest
from exchange.runtime.city import find_city
from exchange.runtime.credentials.desk import CredentialDesk, Issued, open_desk
from exchange.runtime.logs import configure_logs
from exchange.runtime.principals import ADMIN, OPERATOR
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings
from verification.times import instant_text

HOUR: Final = timedelta(hours=1)
LONGEST_OVERLAP_HOURS: Final = 30 * 24

CredentialArgument = Annotated[
    str,
    typer.Argument(
        metavar="CREDENTIAL",
        parser=read_word,
        show_default=False,
        help="Its id, or the principal that has no other, such as bank.USCC.",
    ),
]

credentials_app = typer.Typer(
    help="Issue credentials to those outside, replace them, and take them back.",
    no_args_is_help=True,
)


@credentials_app.command()
def create(
    department: Annotated[
        str,
        typer.Argument(metavar="DEPARTMENT", parser=read_word, show_default=False, help="Its code."),
    ],
    bank: Annotated[
        str | None,
        typer.Option("--bank", metavar="USCC", parser=read_word, help="A bank that acts as the department."),
    ] = None,
    county: Annotated[
        str | None,
        typer.Option("--county", metavar="CODE", parser=read_word, help="A county that acts as it."),
    ] = None,
    public_key: Annotated[
        Path | None,
        typer.Option(
            "--public-key",
            metavar="FILE",
            help="PEM of a public key of its own: it may then sign who it is, and send no secret.",
        ),
    ] = None,
    actor: ActorOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Issue a credential, and print its secrets: this once, since the exchange itself cannot tell them again.

    For example: exchange credentials create health

    exchange credentials create financial_regulation --bank 91620500812415868R

    exchange credentials create civil_affairs --county 620502

    exchange credentials create health --public-key health.pem

    One credential is for Kafka and for HTTP: kafka_user and kafka_password log in with SCRAM-SHA-512,
    client_id and client_secret ask the gateway for a token. What its holder may do is in the policy's
    access.yaml. Give each machine one of its own: then one can be taken back while the others work.
    """
    holder = read_holder(find_city(), department, bank, county)
    key = None if public_key is None else read_public_key(public_key)
    issued = _desk(home).create(holder, _request(actor), key)
    if json:
        print_json(issued_row(issued))
        return
    _show(issued)


@credentials_app.command()
def rotate(
    credential: CredentialArgument,
    overlap_hours: Annotated[
        int,
        typer.Option(
            "--overlap-hours",
            min=0,
            max=LONGEST_OVERLAP_HOURS,
            help="How long the old one works on; 0 ends it at once.",
        ),
    ] = OVERLAP // HOUR,
    reason: ReasonOption = "",
    actor: ActorOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Issue another credential in one's place, and end the old one after an overlap.

    For example: exchange credentials rotate health.1 --overlap-hours 72

    Both work during the overlap, so that the department can change one machine after the other. Where
    somebody may have seen the old one, leave it no time: --overlap-hours 0.
    """
    issued, old = _desk(home).rotate(credential, overlap_hours * HOUR, _request(actor, reason))
    if json:
        print_json(
            {**issued_row(issued), "replaces": old.credential_id, "replaced_until": _text(old.ends_at)}
        )
        return
    _show(issued)
    say(said("credential_ends", name=old.credential_id, moment=_text(old.ends_at)))


@credentials_app.command()
def suspend(
    credential: CredentialArgument,
    reason: ReasonOption = "",
    actor: ActorOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Shut a credential out until it is resumed, on open connections too.

    For example: exchange credentials suspend health.1 --reason "unusual reading at night"

    Suspending it again does no harm.
    """
    _change(CredentialDesk.suspend, credential, home, _request(actor, reason), json=json)


@credentials_app.command()
def resume(
    credential: CredentialArgument,
    reason: ReasonOption = "",
    actor: ActorOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Let a suspended credential in again, with the secrets that its holder has.

    For example: exchange credentials resume health.1
    """
    _change(CredentialDesk.resume, credential, home, _request(actor, reason), json=json)


@credentials_app.command()
def revoke(
    credential: CredentialArgument,
    reason: ReasonOption = "",
    actor: ActorOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Shut a credential out for good, on open connections too.

    For example: exchange credentials revoke health.1 --reason "laptop stolen"

    Revoking it again does no harm. Nothing brings it back: create another.
    """
    _change(CredentialDesk.revoke, credential, home, _request(actor, reason), json=json)


@credentials_app.command("list")
def list_credentials(json: JsonOption = False, lang: LangOption = "", home: HomeOption = None) -> None:
    """Show every credential there ever was, the oldest first: whose it is, its state, and who did what last.

    For example: exchange credentials list

    With --json each has its whole history. No secret is shown: none is kept in clear.
    """
    language = language_of(lang)
    found = _desk(home).all(_request(""))
    if json:
        for one in found:
            print_json(credential_row(one))
    elif found:
        paper().print(credential_table(Sheet(find_city().policy, language), found))
    else:
        say(said("credentials_none"))


def _desk(home: HomeOption) -> CredentialDesk:
    configure_logs(logging.WARNING)
    return open_desk(load_settings(home, ADMIN))


def _request(actor: str, reason: str = "") -> CredentialRequest:
    return CredentialRequest(actor_of(actor), datetime.now(UTC), OPERATOR, reason.strip() or None)


def _change(
    act: Callable[[CredentialDesk, str, CredentialRequest], Credential],
    name: str,
    home: HomeOption,
    request: CredentialRequest,
    *,
    json: bool,
) -> None:
    changed = act(_desk(home), name, request)
    if json:
        print_json(credential_row(changed))
    else:
        say(said("credential_is_now", name=changed.credential_id, state=changed.state))


def _show(issued: Issued) -> None:
    paper().print(issued_table(issued))
    say(said("credential_once", name=issued.credential.credential_id))


def _text(moment: datetime | None) -> str:
    return "" if moment is None else instant_text(moment)
