"""What is kept of accounts, who may have them changed, and what is told of it; the log is in memory here."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from exchange.desk.accounts import AccountNotChangedError
from exchange.desk.asker import Asker, NotAllowedError
from exchange.runtime.accounts.secrets import SEAL_KEY, is_password_of
from tests.desk.made_accounts import OPERATOR, START, Office

LATER = START + timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A desk without any account."""
    return Office(tmp_path / "home")


def test_a_new_account_is_kept_without_its_secrets_and_with_who_opened_it(office: Office) -> None:
    """They are in what the operator is handed alone."""
    account, password, totp = office.desk.create(
        "wang", "department_handler", {"department": "police"}, OPERATOR, START
    )
    assert password is not None
    assert totp is not None
    assert is_password_of(account.password_hash, password)
    assert account.password_hash.startswith("$argon2id$")
    kept = repr((office.log.documents, office.log.granted))
    assert password not in kept
    assert totp not in kept
    (grant,) = office.desk.history(OPERATOR)
    assert (grant.act, grant.role, dict(grant.kept_within)) == (
        "CREATED",
        "department_handler",
        {"department": "police"},
    )
    assert (grant.request.actor, grant.request.role, grant.request.at) == ("root", "shell", START)


def test_each_account_has_a_password_and_a_key_of_its_own(office: Office) -> None:
    """And a role that may see nobody in full has no key."""
    made = [office.desk.create(f"wang{at}", "auditor", {}, OPERATOR, START) for at in range(3)]
    assert len({one.password for one in made}) == len({one.totp for one in made}) == 3
    assert office.desk.create("zhao", "leader", {}, OPERATOR, START).totp is None


def test_counties_and_banks_are_also_known_by_their_names(office: Office) -> None:
    """As records and matters call them."""
    county = office.desk.create(
        "zhao", "county", {"department": "civil_affairs", "county": "秦州区"}, OPERATOR, START
    )
    assert county.account.kept_within["county"] == "620502"
    bank = office.desk.create(
        *(
            "li",
            "bank_clerk",
            {"department": "financial_regulation", "bank": "甘肃银行天水分行"},
            OPERATOR,
            START,
        )
    )
    assert bank.account.kept_within["bank"] == "甘肃银行"


REFUSED: list[tuple[str, Callable[[Office], object]]] = [
    ("account_unknown", lambda o: o.desk.suspend("li", OPERATOR, LATER)),
    ("account_name_taken", lambda o: o.desk.create("wang", "leader", {}, OPERATOR, LATER)),
    ("account_name_unfit", lambda o: o.desk.create("王芳", "leader", {}, OPERATOR, LATER)),
    (
        "account_display_name_unfit",
        lambda o: o.desk.create("li", "leader", {}, OPERATOR, LATER, "620502194507041234"),
    ),
    ("account_role_unknown", lambda o: o.desk.create("li", "applicant", {}, OPERATOR, LATER)),
    ("account_department_missing", lambda o: o.desk.create("li", "supervisor", {}, OPERATOR, LATER)),
    (
        "account_bank_unknown",
        lambda o: o.desk.create("li", "leader", {"bank": "火星银行"}, OPERATOR, LATER),
    ),
    ("account_department_missing", lambda o: o.desk.grant("wang", "supervisor", {}, OPERATOR, LATER)),
    ("account_needs_no_totp", lambda o: o.desk.renew_totp("wang", OPERATOR, LATER)),
    ("account_not_suspended", lambda o: o.desk.resume("wang", OPERATOR, LATER)),
]


@pytest.mark.parametrize(
    ("code", "act"), REFUSED, ids=[f"{at} {code}" for at, (code, _) in enumerate(REFUSED)]
)
def test_what_does_not_fit_is_refused_in_both_languages_and_leaves_nothing(
    office: Office, code: str, act: Callable[[Office], object]
) -> None:
    """A program reads the code, a person the sentence."""
    office.desk.create("wang", "leader", {}, OPERATOR, START)
    with pytest.raises(AccountNotChangedError) as refused:
        act(office)
    assert refused.value.code == code
    assert refused.value.message.count("\n") == 1
    assert office.log.told == ["CREATED wang"]


def test_all_that_is_done_is_noted_for_ever_and_a_repetition_once(office: Office) -> None:
    """Who granted what to whom, when, by whom and why."""
    desk = office.desk
    desk.create("wang", "leader", {}, OPERATOR, START)
    granted = desk.grant("wang", "auditor", {}, OPERATOR, LATER, "moved")
    assert granted.totp is not None
    assert granted.password is None
    assert desk.grant("wang", "auditor", {"county": "620502"}, OPERATOR, LATER).totp is None
    assert desk.renew_totp("wang", OPERATOR, LATER).totp not in {None, granted.totp}
    assert desk.reset_password("wang", OPERATOR, LATER).password is not None
    desk.suspend("wang", OPERATOR, LATER)
    desk.suspend("wang", OPERATOR, LATER)
    desk.resume("wang", OPERATOR, LATER)
    desk.revoke("wang", OPERATOR, LATER, "left")
    desk.revoke("wang", OPERATOR, LATER, "left")
    assert [one.act for one in desk.history(OPERATOR, "wang")] == [
        "CREATED",
        "GRANTED",
        "GRANTED",
        "TOTP_RENEWED",
        "PASSWORD_RESET",
        "SUSPENDED",
        "RESUMED",
        "REVOKED",
    ]
    assert desk.history(OPERATOR)[-1].request.reason == "left"
    assert desk.history(OPERATOR, "li") == []
    assert [one.state for one in desk.all(OPERATOR)] == ["REVOKED"]


def test_a_display_name_stays_until_another_is_given(office: Office) -> None:
    """Another role or place makes nobody another person; an account without one can be given it later."""
    desk = office.desk
    desk.create("wang", "leader", {}, OPERATOR, START, " 王芳 ")
    desk.create("li", "leader", {}, OPERATOR, START)
    assert desk.grant("wang", "auditor", {}, OPERATOR, LATER).account.called == "王芳"
    assert desk.grant("wang", "auditor", {}, OPERATOR, LATER, display_name="王芳（二科）").account.called == (
        "王芳（二科）"
    )
    assert desk.grant("li", "leader", {}, OPERATOR, LATER, display_name="李娜").account.called == "李娜"
    assert [one.display_name for one in desk.all(OPERATOR)] == ["王芳（二科）", "李娜"]


def test_only_whoever_manages_accounts_may(office: Office) -> None:
    """An operator's account, and the shell; nobody else even sees who has one."""
    operator = Asker("chen", "operator", {}, "api")
    office.desk.create("wang", "leader", {}, operator, START)
    assert len(office.desk.all(operator)) == len(office.desk.history(operator)) == 1
    for role in ("leader", "auditor", "window_clerk", "supervisor", "applicant"):
        asker = Asker("li", role, {"department": "police", "case": "a"}, "api")
        for act in (
            lambda who: office.desk.create("zhao", "operator", {}, who, START),
            lambda who: office.desk.grant("wang", "operator", {}, who, START),
            lambda who: office.desk.revoke("wang", who, START),
            lambda who: office.desk.reset_password("wang", who, START),
            office.desk.all,
            office.desk.history,
        ):
            with pytest.raises(NotAllowedError):
                act(asker)
    assert office.log.told == ["CREATED wang"]


def test_keys_are_the_homes_own_and_closed(office: Office) -> None:
    """Without them the log lets nobody in."""
    office.desk.create("wang", "auditor", {}, OPERATOR, START)
    assert (office.home.secrets / SEAL_KEY).stat().st_mode & 0o777 == 0o600
