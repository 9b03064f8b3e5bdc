"""Accounts and grants as operators read them; secrets are in what was just handed out alone."""

from collections.abc import Iterable, Mapping
from typing import Final

from rich.table import Table

from avro_schemas.catalogue import Document
from consumers.labels.operations import ACCOUNT_STATES
from consumers.labels.words import TIMES, for_people, local_time, words
from consumers.read_model.rows import plain
from exchange.command.views.sheet import Sheet
from exchange.desk.accounts import Handed
from exchange.domain.access.may import WorkPlace
from exchange.domain.accounts import Account, AccountGrant
from exchange.runtime.accounts.secrets import totp_uri
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
GRANT_ACTS: Final[Mapping[str, Words]] = LABELS.table("grant_acts")


def handed_row(handed: Handed) -> Document:
    """Return what an account's holder signs in with, once; null is what was not made now."""
    return {"name": handed.account.name, "password": handed.password, "totp": handed.totp}


def handed_table(handed: Handed) -> Table:
    """Return the same for people, with what a telephone takes."""
    table = Table(box=None, show_header=False)
    for name, value in handed_row(handed).items():
        if value is not None:
            table.add_row(name, value)
    if handed.totp is not None:
        table.add_row("", totp_uri(handed.account.name, handed.totp))
    return table


def account_row(account: Account) -> Document:
    """Return an account as `exchange accounts list --json` prints it."""
    return {
        "name": account.name,
        "display_name": account.display_name,
        "role": account.role,
        **_place_row(account.kept_within),
        "state": account.state,
        "needs_totp": account.totp_secret is not None,
        "changed_at": plain(account.sessions_since),
    }


def grant_row(grant: AccountGrant) -> Document:
    """Return a grant as `exchange accounts history --json` prints it."""
    request = grant.request
    return {
        "grant_id": grant.grant_id,
        "account": grant.account,
        "act": grant.act,
        "role": grant.role,
        **_place_row(grant.kept_within),
        "at": plain(request.at),
        "actor": request.actor,
        "actor_role": request.role,
        "reason": request.reason,
    }


def account_table(sheet: Sheet, accounts: Iterable[Account]) -> Table:
    """Return the accounts in the order given; every time is Asia/Shanghai's."""
    table = sheet.table(LABELS["accounts"], LABELS.table("account_columns").values())
    table.caption, table.caption_justify = sheet.both(TIMES), "left"
    for one in accounts:
        table.add_row(
            one.name,
            one.display_name or "",
            one.role,
            _place(sheet, one.kept_within),
            sheet.say(words(ACCOUNT_STATES, one.state)),
            local_time(one.sessions_since),
        )
    return table


def grant_table(sheet: Sheet, grants: Iterable[AccountGrant]) -> Table:
    """Return grants in the order given; every time is Asia/Shanghai's."""
    table = sheet.table(LABELS["grants"], LABELS.table("grant_columns").values())
    table.caption, table.caption_justify = sheet.both(TIMES), "left"
    for one in grants:
        table.add_row(
            local_time(one.request.at),
            one.account,
            sheet.say(words(GRANT_ACTS, one.act)),
            one.role,
            _place(sheet, one.kept_within),
            sheet.joined((for_people(one.request.actor), one.request.role)),
            for_people(one.request.reason or ""),
        )
    return table


def _place_row(place: WorkPlace) -> Document:
    return {"department": place.get("department"), "county": place.get("county"), "bank": place.get("bank")}


def _place(sheet: Sheet, place: WorkPlace) -> str:
    """Return within what somebody is kept, by its names."""
    policy, found = sheet.policy, []
    if "department" in place:
        found.append(sheet.department(place["department"]))
    if "county" in place:
        found.append(policy.city.county_name(place["county"]))
    if "bank" in place:
        found.append(policy.banks.name_of(place["bank"]))
    return sheet.joined(found)
