"""What people and programs read of credentials; of secrets, only what was just made."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import get_args

import pytest
from rich.console import Console

from consumers.labels.operations import CREDENTIAL_STATES
from exchange.command.views.credentials import (
    CREDENTIAL_ACTS,
    credential_row,
    credential_table,
    issued_row,
)
from exchange.command.views.sheet import Sheet
from exchange.domain.credentials import (
    Credential,
    CredentialActKind,
    CredentialRequest,
    CredentialState,
    Holder,
    issue,
    replace_with,
)
from exchange.domain.policy import load_policy
from exchange.runtime.credentials.desk import Issued
from topics.labels import Language

START = datetime(2026, 3, 1, tzinfo=UTC)
ASKED = CredentialRequest("wang", START, "operator", "每年更换")
NEW = issue(Credential("health.2", Holder("health"), "the hash", "the cipher"), ASKED)
OLD = replace_with(
    issue(Credential("health.1", Holder("health"), "a hash", "a cipher"), ASKED),
    NEW,
    timedelta(days=1),
    ASKED,
)


def test_what_was_just_made_is_told_under_the_names_that_were_promised() -> None:
    """Departments' programs are set up from it."""
    assert issued_row(Issued(NEW, "client", "kafka")) == {
        "department": "health",
        "client_id": "health.2",
        "client_secret": "client",
        "kafka_user": "health.2",
        "kafka_password": "kafka",
    }


def test_a_row_has_the_whole_history_and_nothing_that_is_kept_of_secrets() -> None:
    """An auditor asks who did what."""
    row = credential_row(OLD)
    assert (row["state"], row["ends_at"], row["replaced_by"]) == (
        "EXPIRING",
        "2026-03-02T00:00:00.000000Z",
        "health.2",
    )
    assert [one["act"] for one in row["history"]] == ["CREATED", "REPLACED"]
    assert row["history"][0]["actor"] == "wang"
    assert row["history"][0]["principal"] == "operator"
    assert "hash" not in repr(row)
    assert "cipher" not in repr(row)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("市卫生健康委", "即将停用", "替换", "每年更换")),
        ("en", ("Health Commission", "expiring", "replaced")),
    ],
)
def test_the_table_speaks_the_language_asked_for(language: Language, words: tuple[str, ...]) -> None:
    """In Beijing time, as all tables."""
    bank = issue(Credential("b.1", Holder("financial_regulation", bank="91620500812415868R"), "", ""), ASKED)
    county = issue(Credential("c.1", Holder("health", county="620502"), "", ""), ASKED)
    paper = Console(file=StringIO(), width=200)
    paper.print(credential_table(Sheet(load_policy(), language), [OLD, NEW, bank, county]))
    text = paper.file.getvalue()  # type: ignore[attr-defined]
    assert all(word in text for word in (*words, "2026-03-02 08:00:00", "91620500812415868R", "秦州区"))


def test_every_state_and_act_has_words() -> None:
    """Nobody reads a code where words were promised."""
    assert set(CREDENTIAL_STATES) == set(get_args(CredentialState))
    assert set(CREDENTIAL_ACTS) == set(get_args(CredentialActKind))
