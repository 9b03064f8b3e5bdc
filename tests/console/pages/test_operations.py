"""What operators read and do: health, quarantine, accounts and credentials; and who may not."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from consumers.operations.overview import Overview
from consumers.operations.verdict import problems_of
from exchange.console.pages.operations.credentials import credentials_page
from exchange.console.pages.operations.parts import parts_page
from exchange.console.pages.operations.quarantine import QuarantineAsked, quarantine_page
from exchange.desk.health import ExchangeHealth
from tests.console.pages.made_frames import frame
from tests.console.pages.made_operations import CREDENTIALS, NOW, OVERVIEW, PARTS, SIGHT, Log, visits_to
from tests.console.pages.read_page import Element, faults, find, read_page
from tests.console.pages.visits import CITY, Visits, visitor
from tests.desk.made_accounts import Office
from topics.labels import Language

OPERATOR: Final = visitor("operator")
MAY: Final = {
    "/parts": {"operator", "auditor", "shell"},
    "/quarantine": {"operator", "auditor", "shell"},
    "/accounts": {"operator", "shell"},
    "/credentials": {"operator", "shell"},
}
"""Page → who may open it: auditors see what was refused, and change nothing."""
DISCARD: Final = {"operator", "shell"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Accounts, kept in memory."""
    return Office(tmp_path)


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch, office: Office) -> Visits:
    """A console over them."""
    return visits_to(office, monkeypatch)


def test_each_page_is_for_those_who_look_after_it_and_for_no_others(visits: Visits) -> None:
    """Every role, both ways, counted; who is refused reads the calm page and nothing of it."""
    outcomes = {"shown": 0, "refused": 0}
    for role in CITY.access.roles:
        for path, may in MAY.items():
            found = visits.open(visitor(role), path)
            assert found.status_code == (200 if role in may else 403), (role, path)
            assert ("不在您的权限内" in found.text) is (role not in may)
            outcomes["shown" if role in may else "refused"] += 1
            if role not in may:
                assert not any(word in found.text for word in ("joiner", "records.cremation", "health.1"))
    assert outcomes == {"shown": 10, "refused": 4 * len(CITY.access.roles) - 10}


def test_what_changes_something_is_refused_to_others_too(visits: Visits, office: Office) -> None:
    """By a form that was made up; what the operator sends goes through."""
    closing = {"entry": "records.cremation/3/1", "reason": "重报", "back": "/quarantine"}
    opening = {"name": "wang", "role": "department_handler", "department": "police"}
    for role in CITY.access.roles:
        wanted = role in DISCARD
        sent = visits.send(visitor(role), "/quarantine/discarded", closing)
        assert sent.status_code in ({303, 404} if wanted else {403}), role
        sent = visits.send(visitor(role), "/accounts", opening)
        assert sent.status_code in ({200, 422} if wanted else {403}), role
        sent = visits.send(visitor(role), "/accounts/changed", {"account": "wang", "act": "suspend"})
        assert sent.status_code == (303 if wanted else 403), role
    assert [one.entry_id for one in Log.noted] == ["records.cremation/3/1"]
    assert [line.split()[0] for line in office.log.told] == ["CREATED", "SUSPENDED"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_health_begins_with_the_verdict_and_says_what_to_do(language: Language) -> None:
    """What is broken comes first, each with its next step; a part says how far it is behind."""
    found = ExchangeHealth(PARTS, OVERVIEW, problems_of(PARTS, OVERVIEW, "logs"))
    shown = read_page(parts_page(frame("operator", language=language), found))
    assert faults(shown) == []
    assert {"zh": "出现故障", "en": "Something is broken"}[language] in shown.text
    notices = find(shown, "div", **{"class": "notice"})
    assert len(notices) == len(found.problems) > 1
    assert "projector" in notices[0].text
    assert "4000" in shown.text
    assert any(one["href"].endswith("/quarantine?department=police") for one in find(shown, "a"))
    calm = read_page(parts_page(frame("operator", language=language), ExchangeHealth((), Overview(), ())))
    assert faults(calm) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_quarantine_says_why_and_what_is_done_here_and_what_by_command(language: Language) -> None:
    """What is open can be discarded; what the log has can be retried, by the command that stands there."""
    shown = read_page(quarantine_page(frame("operator", language=language), QuarantineAsked(), SIGHT))
    assert faults(shown) == []
    commands = [one.text for one in find(shown, "code", **{"class": "command"})]
    assert commands == [
        {
            "zh": "exchange quarantine retry records.cremation/3/1 --reason 理由",
            "en": "exchange quarantine retry records.cremation/3/1 --reason TEXT",
        }[language]
    ]
    assert len(find(shown, "form", **{"class": "closing"})) == 2
    assert "重报" in shown.text
    auditor = read_page(quarantine_page(frame("auditor", language=language), QuarantineAsked(), SIGHT))
    assert not find(auditor, "form", **{"class": "closing"})


def test_an_entry_is_closed_with_a_reason_and_not_without(visits: Visits) -> None:
    """It is kept for ever, with the name of who did it."""
    form = {"entry": "records.cremation/3/1", "reason": "  ", "back": "/quarantine?department=police"}
    assert visits.send(OPERATOR, "/quarantine/discarded", form).status_code == 422
    assert Log.noted == []
    sent = visits.send(OPERATOR, "/quarantine/discarded", {**form, "reason": " 已重报 "})
    assert (sent.status_code, sent.headers["location"]) == (303, "/quarantine?department=police")
    (noted,) = Log.noted
    assert (noted.action, noted.actor, noted.reason) == ("DISCARDED", "zhangmin", "已重报")
    assert visits.send(OPERATOR, "/quarantine/discarded", {**form, "reason": "x"}).status_code == 404


def secrets_on(page: Element) -> list[str]:
    return [one.text for one in find(page, "dd", **{"class": "m secret"})]


def test_secrets_are_shown_once(visits: Visits, office: Office) -> None:
    """On the answer to the request that made them; neither in a list nor in an address."""
    opening = {"name": "wang", "role": "supervisor", "department": "police"}
    sent = visits.send(OPERATOR, "/accounts", opening)
    assert sent.status_code == 200
    assert sent.headers["cache-control"] == "no-store"
    page = read_page(sent.text)
    assert faults(page) == []
    password, totp = secrets_on(page)
    assert password not in str(office.log.documents)
    listed = visits.open(OPERATOR, "/accounts").text
    assert "wang" in listed
    assert password not in listed
    assert totp not in listed
    again = visits.send(OPERATOR, "/accounts", opening)
    assert again.status_code == 422
    assert find(read_page(again.text), "input", id="name")[0]["value"] == "wang"
    changed = {"account": "wang", "act": "reset_password", "reason": "忘记"}
    (other,) = secrets_on(read_page(visits.send(OPERATOR, "/accounts/changed", changed).text))
    assert other != password


def test_colleagues_go_by_their_display_names(visits: Visits, office: Office) -> None:
    """In the list of accounts, on what is handed out, and in the bar above every page."""
    opening = {"name": "wang", "role": "supervisor", "department": "police", "display_name": "王芳"}
    assert "王芳" in visits.send(OPERATOR, "/accounts", opening).text
    assert office.log.read()["wang"].called == "王芳"
    feng = replace(OPERATOR, display_name="冯涛")
    listed = visits.open(feng, "/accounts").text
    assert all(name in listed for name in ("王芳", "冯涛"))
    assert "zhangmin" not in listed
    unfit = visits.send(OPERATOR, "/accounts", {**opening, "name": "li", "display_name": "13912345678"})
    assert unfit.status_code == 422
    assert find(read_page(unfit.text), "input", id="display_name")[0]["value"] == "13912345678"


def test_an_account_is_offered_what_its_state_allows(visits: Visits) -> None:
    """And no more: what is revoked stays so; an act that nobody offers is no form of ours."""
    visits.send(OPERATOR, "/accounts", {"name": "wang", "role": "department_handler", "department": "police"})

    def offered() -> set[str]:
        page = read_page(visits.open(OPERATOR, "/accounts").text)
        assert faults(page) == []
        return {
            one["value"] for select in find(page, "select", name="act") for one in find(select, "option")
        } - {""}

    known = []
    for act in ("suspend", "resume", "revoke"):
        known.append(offered())
        assert visits.send(OPERATOR, "/accounts/changed", {"account": "wang", "act": act}).status_code == 303
    with_codes = {"renew_totp"}
    active = {"reset_password", "suspend", "revoke"}
    assert known == [active | with_codes, {"resume", "reset_password", "revoke"}, active | with_codes]
    assert offered() == set()
    assert visits.send(OPERATOR, "/accounts/changed", {"account": "wang", "act": "_keep"}).status_code == 400
    assert visits.send(OPERATOR, "/accounts/changed", {"account": "wu", "act": "suspend"}).status_code == 422


@pytest.mark.parametrize("language", ["zh", "en"])
def test_credentials_are_listed_without_secrets_and_changed_by_command(language: Language) -> None:
    """To issue one takes all rights at the brokers."""
    shown = read_page(credentials_page(frame("operator", language=language), CREDENTIALS, NOW))
    assert faults(shown) == []
    assert "health.1" in shown.text
    assert "异常读取" in shown.text
    assert "hash" not in shown.text
    assert "sealed" not in shown.text
    commands = [one.text.split()[2] for one in find(shown, "code", **{"class": "command"})]
    assert commands == ["create", "rotate", "suspend", "resume", "revoke"]
    assert faults(read_page(credentials_page(frame("operator", language=language), (), NOW))) == []
