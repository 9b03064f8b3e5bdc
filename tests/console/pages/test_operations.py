"""What operators read and do: health, quarantine, accounts and credentials; and who may not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final
from unittest.mock import Mock

import pytest

from consumers.operations.overview import Brokers, Overview, Owed, Quarantined, Reconciled
from consumers.operations.part_views import PartView
from consumers.operations.verdict import problems_of
from consumers.quarantine.reader import EntryFilter, QuarantineRow
from exchange.console.pages.operations import accounts as account_pages
from exchange.console.pages.operations.credentials import credentials_page
from exchange.console.pages.operations.parts import parts_page
from exchange.console.pages.operations.quarantine import QuarantineAsked, quarantine_page
from exchange.desk import health as desk_health
from exchange.desk import held_credentials, quarantined
from exchange.desk.health import ExchangeHealth
from exchange.desk.quarantined import QuarantineSight
from exchange.domain.credentials import Credential, CredentialRequest, Holder, issue, suspend
from tests.console.pages.made_frames import frame
from tests.console.pages.read_page import Element, faults, find, read_page
from tests.console.pages.visits import BANK, CITY, Visits, visitor
from tests.desk.made_accounts import Office
from topics.labels import Language

NOW: Final = datetime(2026, 3, 31, 2, tzinfo=UTC)
OPERATOR: Final = visitor("operator")
MAY: Final = {
    "/parts": {"operator", "auditor", "shell"},
    "/quarantine": {"operator", "auditor", "shell"},
    "/accounts": {"operator", "shell"},
    "/credentials": {"operator", "shell"},
}
"""Page → who may open it: auditors see what was refused, and change nothing."""
DISCARD: Final = {"operator", "shell"}


def entry(number: int, **more: Any) -> QuarantineRow:
    """A record that a rule could not judge, as the log has it."""
    known: dict[str, Any] = {
        "entry_id": f"records.cremation/3/{number}",
        "department": "civil_affairs",
        "state": "OPEN",
        "source": "log",
        "record_topic": "records.cremation",
        "record_partition": 3,
        "record_offset": number,
        "record_id": None,
        "reasons": [
            {"code": "rule_failed", "field": None, "message": "规则执行出错", "message_en": "A rule failed"}
        ],
        "size_bytes": 100,
        "truncated": False,
        "taken_at": NOW,
        "entered_at": NOW,
        "topic": "quarantine.civil_affairs",
        "partition": 0,
        "offset": number,
        "action": None,
        "actor": None,
        "action_reason": None,
        "acted_at": None,
        "outcome": None,
    }
    return {**known, **more}  # type: ignore[return-value,typeddict-item]


ENTRIES: Final = (
    entry(1),
    entry(2, source="gateway"),
    entry(3, state="DISCARDED", action="DISCARDED", actor="li", action_reason="重报", acted_at=NOW),
)
SIGHT: Final = QuarantineSight(
    ENTRIES, 3, ({"department": "civil_affairs", "code": "rule_failed", "entries": 3},)
)
CREDENTIALS: Final = (
    issue(
        Credential("health.1", Holder("health"), "hash", "sealed"), CredentialRequest("li", NOW, "operator")
    ),
    suspend(
        issue(
            Credential(f"bank.{BANK}.1", Holder("financial_regulation", BANK), "hash", "sealed"),
            CredentialRequest("li", NOW, "operator"),
        ),
        CredentialRequest("wang", NOW + timedelta(hours=1), "operator", "异常读取"),
    ),
)
PARTS: Final = (
    PartView("joiner", 11, "healthy", 0, behind=3),
    PartView("projector", 12, "unhealthy", 4, waits_for="work_loop_hangs", behind=4000),
)
OVERVIEW: Final = Overview(
    Brokers(3, 0, 2),
    Owed({("ACKNOWLEDGE", "OPEN"): 4}, 10.0),
    Quarantined({"police": 2}, 0),
    Reconciled(3.0, 0, 0, 1),
    0.4,
)


class Log:
    """Stands in for the quarantine's reader and its actions."""

    noted: ClassVar[list[Any]] = []

    def __init__(self, _settings: Any) -> None:
        """Ask nobody."""

    def find(self, _wanted: EntryFilter, _limit: int) -> list[QuarantineRow]:
        """All of them."""
        return list(ENTRIES)

    def total(self, _wanted: EntryFilter) -> int:
        """How many."""
        return 3

    def summary(self, _wanted: EntryFilter) -> list[Any]:
        """By department and reason."""
        return list(SIGHT.counts)

    def get(self, entry_ids: list[str]) -> list[QuarantineRow]:
        """As they stand after what was noted."""
        closed = {one.entry_id for one in self.noted}
        found = [one for one in ENTRIES if one["entry_id"] in entry_ids]
        return [{**one, "state": "DISCARDED"} if one["entry_id"] in closed else one for one in found]  # type: ignore[misc]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Accounts, kept in memory."""
    return Office(tmp_path)


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch, office: Office, tmp_path: Path) -> Iterator[Visits]:
    """A console over them, over made entries and credentials, and over a home in which nothing runs."""
    kept = Mock(read=Mock(return_value={one.credential_id: one for one in CREDENTIALS}))
    monkeypatch.setattr(quarantined, "QuarantineReader", Log)
    monkeypatch.setattr(quarantined, "note_actions", lambda _, actions: Log.noted.extend(actions))
    monkeypatch.setattr(held_credentials, "CredentialLog", Mock(return_value=kept))
    monkeypatch.setattr(desk_health, "look_closely", Mock(return_value=OVERVIEW))
    monkeypatch.setattr(desk_health, "part_views", Mock(return_value=PARTS))
    monkeypatch.setattr(account_pages, "open_accounts", Mock(return_value=office.desk))
    Log.noted.clear()
    yield Visits(home=tmp_path)
    Log.noted.clear()


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
