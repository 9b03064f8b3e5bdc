"""What people and programs read of accounts and grants; of secrets, only what was just made."""

from datetime import UTC, datetime
from io import StringIO
from typing import get_args

import pytest
from rich.console import Console

from consumers.labels.operations import ACCOUNT_STATES
from exchange.command.views.accounts import (
    GRANT_ACTS,
    account_row,
    account_table,
    grant_row,
    grant_table,
    handed_row,
    handed_table,
)
from exchange.command.views.sheet import Sheet
from exchange.desk.accounts import Handed
from exchange.domain.accounts import Account, AccountGrant, AccountRequest, AccountState, GrantAct
from exchange.domain.policy import load_policy
from topics.labels import Language

START = datetime(2026, 3, 1, tzinfo=UTC)
PLACE = {"department": "civil_affairs", "county": "620502", "bank": "91620500812415868R"}
ACCOUNT = Account("wang", "county", PLACE, "a hash", "a cipher", START, "SUSPENDED")  # type: ignore[arg-type]
GRANT = AccountGrant(
    "a grant", "wang", "SUSPENDED", "county", {}, AccountRequest("chen", "operator", START, "休假")
)


def test_what_was_just_made_is_told_under_the_names_that_were_promised() -> None:
    """And nothing beside."""
    told = {"name": "wang", "password": "p", "totp": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}
    assert handed_row(Handed(ACCOUNT, "p", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")) == told
    assert handed_row(Handed(ACCOUNT, None, None)) == {"name": "wang", "password": None, "totp": None}
    assert "otpauth://totp/" in printed(
        handed_table(Handed(ACCOUNT, "p", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))
    )


def test_a_row_has_no_secret() -> None:
    """Neither what is kept of one."""
    row = account_row(ACCOUNT)
    assert (row["role"], row["county"], row["state"], row["needs_totp"]) == (
        "county",
        "620502",
        "SUSPENDED",
        True,
    )
    assert "hash" not in repr(row)
    assert "cipher" not in repr(row)
    assert grant_row(GRANT)["actor_role"] == "operator"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("市民政局", "已暂停", "暂停", "休假", "秦州区")),
        ("en", ("Civil Affairs", "suspended", "chen")),
    ],
)
def test_the_tables_speak_the_language_asked_for(language: Language, words: tuple[str, ...]) -> None:
    """In Beijing time, as all tables."""
    sheet = Sheet(load_policy(), language)
    text = printed(account_table(sheet, [ACCOUNT])) + printed(grant_table(sheet, [GRANT]))
    assert all(word in text for word in (*words, "2026-03-01 08:00:00"))


def test_every_state_and_act_has_words() -> None:
    """Nobody reads a code where words were promised."""
    assert set(ACCOUNT_STATES) == set(get_args(AccountState))
    assert set(GRANT_ACTS) == set(get_args(GrantAct))


def printed(table: object) -> str:
    """What a person sees."""
    paper = Console(file=StringIO(), width=250)
    paper.print(table)
    return paper.file.getvalue()  # type: ignore[attr-defined,no-any-return]
