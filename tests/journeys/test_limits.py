"""限时办结 on the real parts: a limit runs, stands still, is nearly over and over, whoever was down then."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from exchange.domain.policy import load_policy
from exchange.runtime.settings import Settings
from tests.cases import Given, applied, given, next_of, resulted
from tests.journeys.live import Document, Live, worker_replaced
from tests.people import QINZHOU, id_number
from verification.times import SHANGHAI, calendar_date

pytestmark = pytest.mark.leaves("days")

Exchange = Callable[..., subprocess.CompletedProcess[str]]
NUMBER = id_number(QINZHOU, date(1938, 5, 6), 815)
LAST_YEARS = id_number(QINZHOU, date(1938, 5, 7), 815)
REGISTER = {"kind": 3, "original_sighted": False}
WHY = "遗嘱公证书缺页"


def hers(record_type: str, label: str = "", **fields: Any) -> Given:
    """A record about her; no other test has its id."""
    return given(record_type, f"limits {label}", id_number=NUMBER, **fields)


def asked(moment: datetime, label: str, **fields: Any) -> Given:
    """Her family's application for the check of notarised wills, within 5 working days."""
    told = {"recorded_at": moment.isoformat(), "id_number": NUMBER, **fields}
    return applied(9, label=f"limits {label}", **told)


@pytest.fixture(scope="module")
def live(stack: Settings) -> Live:
    """An exchange to which days may pass."""
    return Live(stack)


@pytest.fixture(scope="module")
def now() -> datetime:
    """When the family applies: the log's own time."""
    return datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture(scope="module")
def paused(live: Live, now: datetime) -> Document:
    """The matter of a family that has applied and still owes the household register."""
    statuses = [*live.publish(hers("death_certificate")), *live.publish(asked(now, "first"))]
    assert statuses == ["ACCEPTED", "ACCEPTED"]  # in this order: of one instant either may come first
    return matter_of(live)


@pytest.fixture(scope="module")
def running(live: Live, now: datetime, paused: Document) -> Document:
    """The matter once the register is there."""
    supplied = {"recorded_at": (now + timedelta(minutes=20)).isoformat(), "materials": [REGISTER]}
    assert live.publish(next_of(asked(now, "first"), "AMENDED", "limits supplied", **supplied)) == [
        "ACCEPTED"
    ]
    found = matter_of(live)
    if found["limit"]["state"] == "NO_CALENDAR":
        pytest.skip("nobody has arranged the coming year yet: the case says so, and nothing is counted")
    return found


@pytest.fixture(scope="module")
def soon(live: Live, running: Document) -> list[Document]:
    """What she heard when the last working day but one had begun."""
    day = load_policy().working_days.before(running["due"], 1)
    assert day is not None
    live.tick(midnight(day))
    return told(live)


@pytest.fixture(scope="module")
def over(live: Live, running: Document, soon: list[Document]) -> list[Document]:
    """And when the last day ended while the worker was down."""
    with worker_replaced(live.settings) as worker:
        worker.kill()
        live.tick(midnight(running["due"] + timedelta(days=1)))
    return told(live)


def midnight(day: date) -> datetime:
    """When a day begins in Tianshui."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def matter_of(live: Live, number: str = NUMBER) -> Document:
    """The matter as last published."""
    (found,) = (one for one in live.case(number)["matters"] if one["matter"] == 9)
    return dict(found)


def told(live: Live, number: str = NUMBER) -> list[Document]:
    """What justice was told of the matter."""
    return [one for one in live.told(number) if (one["department"], one["matter"]) == ("justice", 9)]


def test_while_the_family_owes_a_material_nothing_is_due(paused: Document) -> None:
    """The case says what it is, and how much of the limit is left."""
    assert (paused["due"], paused["limit"]["state"], paused["limit"]["days_left"]) == (None, "PAUSED", 5)
    assert paused["limit"]["owed_materials"] == [3]


def test_the_last_day_is_the_fifth_working_day_after_the_register_came(running: Document) -> None:
    """Published anew with the record that changed it; it came when the log took it."""
    came = calendar_date(datetime.now(UTC))
    assert running["due"] == load_policy().working_days.from_on(came + timedelta(days=1), 5)


def test_the_department_hears_when_the_last_working_day_but_one_begins(
    live: Live, running: Document, soon: list[Document]
) -> None:
    """And the window sees who has to hurry."""
    assert [one["transition"] for one in soon] == ["READY", "APPLIED", "APPLIED", "DUE_SOON"]
    assert (soon[-1]["due"], soon[-1]["reminds_of"]) == (running["due"], None)


def test_what_ends_while_the_worker_is_down_is_overdue_when_it_is_back(
    exchange: Exchange, live: Live, running: Document, soon: list[Document], over: list[Document]
) -> None:
    """The time is in the log: whoever comes back reads it there."""
    (last,) = over[len(soon) :]
    assert (last["transition"], last["due"], last["reminds_of"]) == ("OVERDUE", running["due"], None)
    live.until_visible()
    asked_for = ("--case", live.case_id(NUMBER), "--json", "--home", str(live.settings.home))
    (task,) = (json.loads(line) for line in exchange("tasks", *asked_for).stdout.splitlines())
    assert (task["kind"], task["owed_by"], task["matter"], task["state"]) == ("DECIDE", "justice", 9, "LATE")


def test_an_application_of_last_autumn_counts_from_when_it_came(live: Live, running: Document) -> None:
    """It lay in a window's system: nobody is late with what had not reached them."""
    person = {"id_number": LAST_YEARS}
    certificate = given(
        "death_certificate",
        "limits, last year",
        death_time="2025-09-20",
        recorded_at="2025-09-21T09:00:00+08:00",
        **person,
    )
    application = applied(
        9,
        label="limits, last year",
        recorded_at="2025-09-26T10:00:00+08:00",
        materials=[REGISTER],
        **person,
    )
    assert [*live.publish(certificate), *live.publish(application)] == ["ACCEPTED", "ACCEPTED"]
    assert matter_of(live, LAST_YEARS)["due"] == running["due"]
    assert [one["transition"] for one in told(live, LAST_YEARS)][:2] == ["READY", "APPLIED"]


def test_results_are_shown_with_reason_amount_and_document(
    exchange: Exchange, live: Live, now: datetime, over: list[Document]
) -> None:
    """Rejected with a reason, asked for again, completed: the family can be told each of it."""

    def at(minutes: int) -> dict[str, Any]:
        return {"recorded_at": (now + timedelta(minutes=minutes)).isoformat(), "id_number": NUMBER}

    rejected = resulted(9, "REJECTED", "limits", reason=WHY, **at(30))
    again = asked(now + timedelta(minutes=35), "again", materials=[REGISTER])
    done = resulted(9, "COMPLETED", "limits", amount_fen=123_456, document_no="天司〔2026〕9号", **at(40))
    assert set(live.publish(rejected, again, done)) == {"ACCEPTED"}
    found = matter_of(live)
    assert (found["state"], found["due"], found["limit"]) == ("COMPLETED", None, None)
    assert [one["outcome"] for one in found["results"]] == ["REJECTED", "COMPLETED"]
    home = ("--home", str(live.settings.home))
    live.until_visible()
    shown = exchange("case", NUMBER, *home).stdout
    history = exchange("case", NUMBER, "--history", *home).stdout
    for wanted in (WHY, "1,234.56", "天司〔2026〕9号"):
        assert wanted in shown.replace("\n", "")
        assert wanted in history
    for wanted in ("即将到期", "已超期", "限时办结"):
        assert wanted in history
