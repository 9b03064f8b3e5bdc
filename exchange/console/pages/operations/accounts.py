"""Accounts: who has one and how it stands; opening, suspending and ending them. Secrets are shown once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from litestar import get, post

from consumers.labels.access import ROLES
from consumers.labels.operations import ACCOUNT_STATES
from consumers.labels.words import words
from exchange.console.console import AskerHere
from exchange.console.pages.form_bodies import reason_in
from exchange.console.pages.frame import Frame
from exchange.console.pages.rendering import render
from exchange.console.pages.serving import AnyResponse, FormHere, PageRequest, PageRequestHere, html, see
from exchange.console.told import told
from exchange.desk.accounts import AccountDesk, AccountNotChangedError, Handed, open_accounts
from exchange.desk.asker import Asker
from exchange.domain.access.may import WorkPlace
from exchange.domain.accounts import Account, AccountState
from exchange.runtime.accounts.secrets import totp_uri
from exchange.runtime.city import City
from exchange.serving.problems import ProblemError
from verification.numbers import is_uscc

_PLACE: Final = ("department", "county", "bank")
_ACTS_IN: Final[Mapping[AccountState, tuple[str, ...]]] = {
    "ACTIVE": ("reset_password", "renew_totp", "suspend", "revoke"),
    "SUSPENDED": ("resume", "reset_password", "revoke"),
    "REVOKED": (),
}
_Act = Callable[[AccountDesk, str, Asker, datetime, str], Account | Handed]
_ACTS: Final[Mapping[str, _Act]] = {
    "suspend": AccountDesk.suspend,
    "resume": AccountDesk.resume,
    "revoke": AccountDesk.revoke,
    "reset_password": AccountDesk.reset_password,
    "renew_totp": AccountDesk.renew_totp,
}


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account that is to be opened, as somebody typed it."""

    name: str = ""
    display_name: str = ""
    role: str = ""
    department: str = ""
    county: str = ""
    bank: str = ""

    @property
    def place(self) -> WorkPlace:
        """Return within what its holder is to be kept."""
        given: WorkPlace = {"department": self.department, "county": self.county, "bank": self.bank}
        return {limit: name for limit, name in given.items() if name}


def accounts_page(
    frame: Frame, city: City, found: Sequence[Account], typed: NewAccount | None = None, refused: str = ""
) -> str:
    """Return the page.

    Args:
        frame: what stands around it.
        city: has the roles of accounts, and within what they may be kept.
        found: every account there ever was.
        typed: the new one as it was typed.
        refused: why nothing was changed, in the reader's language; empty: nobody tried, or it was.
    """
    policy = frame.policy
    return render(
        "operations/accounts",
        frame,
        found=found,
        typed=typed or NewAccount(),
        refused=refused,
        roles=list(city.accounts.people_a_day),
        departments=list(city.catalogue.publishers),
        counties=policy.city.county_names,
        banks=[one for one in policy.banks.known if is_uscc(one.instance)],
        role_words=lambda role: words(ROLES, role),
        state_of=lambda one: words(ACCOUNT_STATES, one.state),
        acts_of=lambda one: [act for act in _ACTS_IN[one.state] if act != "renew_totp" or one.totp_secret],
    )


def handed_page(frame: Frame, handed: Handed) -> str:
    """Return the page with secrets that were made now, which nobody can ever be told again."""
    uri = None if handed.totp is None else totp_uri(handed.account.name, handed.totp)
    return render("operations/handed", frame, handed=handed, uri=uri)


@get("/accounts", include_in_schema=False, sync_to_thread=True)
def show_accounts(pages: PageRequestHere, asker: AskerHere) -> AnyResponse:
    """Show every account there ever was; no secret is among it."""
    return html(accounts_page(pages.frame(), pages.console.desk.settings.city, _desk(pages).all(asker)))


@post("/accounts", include_in_schema=False, status_code=200, sync_to_thread=True)
def open_account(pages: PageRequestHere, asker: AskerHere, form: FormHere) -> AnyResponse:
    """Open an account, and show its secrets this once."""
    given = {name: form.get(name, "").strip() for name in ("name", "display_name", "role", *_PLACE)}
    desk, typed = _desk(pages), NewAccount(**given)
    try:
        handed = desk.create(
            typed.name, typed.role, typed.place, asker, datetime.now(UTC), typed.display_name
        )
    except AccountNotChangedError as refusal:
        return _refused(pages, desk, asker, refusal, typed)
    return html(handed_page(pages.frame(), handed))


@post("/accounts/changed", include_in_schema=False, status_code=200, sync_to_thread=True)
def change_account(pages: PageRequestHere, asker: AskerHere, form: FormHere) -> AnyResponse:
    """Suspend, resume or revoke an account, or give it other secrets, which are shown this once."""
    act, desk = _ACTS.get(form.get("act", "")), _desk(pages)
    if act is None:
        raise ProblemError("request_wrong", 400)
    try:
        changed = act(desk, form.get("account", ""), asker, datetime.now(UTC), reason_in(form))
    except AccountNotChangedError as refusal:
        return _refused(pages, desk, asker, refusal, NewAccount())
    if isinstance(changed, Handed):
        return html(handed_page(pages.frame(), changed))
    return see(pages.addresses.page("/accounts"))


def _desk(pages: PageRequest) -> AccountDesk:
    return open_accounts(pages.console.desk.settings)


def _refused(
    pages: PageRequest, desk: AccountDesk, asker: Asker, refusal: AccountNotChangedError, typed: NewAccount
) -> AnyResponse:
    why = told(refusal.message).first(pages.language)
    city = pages.console.desk.settings.city
    return html(accounts_page(pages.frame(), city, desk.all(asker), typed, why), 422)
