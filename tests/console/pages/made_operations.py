"""What operators look after, made up: entries, credentials, parts, and accounts in memory."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final
from unittest.mock import Mock

import pytest

from consumers.operations.overview import Brokers, Overview, Owed, Quarantined, Reconciled
from consumers.operations.part_views import PartView
from consumers.quarantine.reader import EntryFilter, QuarantineRow
from exchange.console.pages.operations import accounts as account_pages
from exchange.desk import health as desk_health
from exchange.desk import held_credentials, quarantined
from exchange.desk.quarantined import QuarantineSight
from exchange.domain.credentials import Credential, CredentialRequest, Holder, issue, suspend
from tests.console.pages.visits import BANK, Visits
from tests.desk.made_accounts import Office

NOW: Final = datetime(2026, 3, 31, 2, tzinfo=UTC)


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


def visits_to(office: Office, monkeypatch: pytest.MonkeyPatch) -> Visits:
    """A console over all that, and over a home in which nothing runs."""
    kept = Mock(read=Mock(return_value={one.credential_id: one for one in CREDENTIALS}))
    monkeypatch.setattr(quarantined, "QuarantineReader", Log)
    monkeypatch.setattr(quarantined, "note_actions", lambda _, actions: Log.noted.extend(actions))
    monkeypatch.setattr(held_credentials, "CredentialLog", Mock(return_value=kept))
    monkeypatch.setattr(desk_health, "look_closely", Mock(return_value=OVERVIEW))
    monkeypatch.setattr(desk_health, "part_views", Mock(return_value=PARTS))
    monkeypatch.setattr(account_pages, "open_accounts", Mock(return_value=office.desk))
    monkeypatch.setattr(Log, "noted", [])
    return Visits(home=office.home.root)
