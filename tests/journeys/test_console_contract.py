"""Whatever is asked of the desk by whomever, it is answered as its OpenAPI document says."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Self
from uuid import uuid4

import pytest

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import read_addresses
from producers.publisher import Publisher
from tests.conftest import PARTS
from tests.journeys.desk_door import DeskDoor, account
from tests.people import QINZHOU, id_number
from tests.schemathesis_run import ask_whatever_comes
from tests.waiting import wait_for

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="the console is a part of the exchange")
NUMBER: Final = id_number(QINZHOU, date(1931, 5, 6), 27)
DEPARTMENT, BANK = "financial_regulation", "甘肃银行"
BANKS: Final = {"department": DEPARTMENT, "bank": BANK}
COUNTY: Final = {"department": DEPARTMENT, "county": QINZHOU}
RECORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "hukou_cancellation": {"cancelled_at": "2026-03-02T08:00:00+08:00", "county": "秦州区"},
    "bank_deposit": {"bank_name": BANK, "balance_fen": 100, "account_no_tail": "0001"},
    "death_certificate": {"death_time": "2026-03-01T08:00:00+08:00", "death_cause": "脑出血"},
    "application": {
        "applicant": {"name": "高小军", "id_number": id_number(sequence=77), "relation": "子女"},
        "matters": [9, 10],
        "banks": [{"bank_name": BANK}],
    },
}
PLACES: Final[Mapping[str, Mapping[str, str]]] = {
    "department_handler": {"department": DEPARTMENT},
    "supervisor": {"department": DEPARTMENT},
    "bank_clerk": BANKS,
    "county": COUNTY,
    **{name: {} for name in ("window_clerk", "auditor", "leader", "operator", "hotline", "portal")},
}
"""Whoever has an account, and where; and there are the applicant, by a code, and who has not signed in."""
ROLES: Final = (*PLACES, "applicant", "nobody")
DRAWN: Final[Mapping[str, Mapping[str, Any]]] = {
    "window_clerk": {"action": "enquire"},
    "hotline": {"action": "enquire"},
    "portal": {"action": "apply"},
}
"""A form that somebody may draw, who is at no department that decides."""
SHORT = (("window_clerk", "nobody"), 1, 6, "fuzzing")
LONG = pytest.param(ROLES, 5, 40, "coverage,fuzzing", marks=pytest.mark.long)


@dataclass(frozen=True)
class Town:
    """Somebody has died, and the family has applied.

    Attributes:
        case_id, application: of that.
        announcement: one that the department of banks has.
    """

    settings: Settings
    case_id: str
    application: str
    announcement: str

    @classmethod
    def made(cls, settings: Settings) -> Self:
        """Publish it, and return it once the department has been told."""
        person = {"recorded_at": datetime.now(UTC).isoformat(), "id_number": NUMBER, "name": "郭秀英"}
        inputs = [
            {"type": kind, "record": {"record_id": str(uuid4()), **person, **fields}}
            for kind, fields in RECORDS.items()
        ]
        with Publisher(settings) as publisher:
            receipts = list(publisher.publish(inputs))
        assert {one.status for one in receipts} == {"ACCEPTED"}, receipts
        case_id = receipts[0].case_id or ""
        with DeskDoor(settings, account(settings, "department_handler", department=DEPARTMENT)) as handler:
            wait_for("that the department was told", lambda: _told(handler, case_id))
            told = _told(handler, case_id)
        return cls(settings, case_id, str(receipts[-1].record_id), told)

    def token(self, role: str, ends: ExitStack) -> str:
        """Let somebody of a role in; return what shows who it is."""
        if role == "nobody":
            return "nonsense"
        if role == "applicant":
            window = ends.enter_context(DeskDoor(self.settings, account(self.settings, "window_clerk")))
            path = f"/cases/{self.case_id}/applications/{self.application}/codes"
            shown = {"code": window.post(path, None, 201)["code"]}
        else:
            shown = account(self.settings, role, **PLACES[role])
        return ends.enter_context(DeskDoor(self.settings, shown)).token

    def known(self, role: str) -> dict[str, Any]:
        """Return what there is to be asked for."""
        case = "/desk/v1/cases/{case_id}"
        reason, matter = {"reason": "核对"}, {"matter": 10, "instance": BANK}
        enquiry = {"action": "enquire", "recorded_at": datetime.now(UTC).isoformat()}
        person = {} if role == "applicant" else {"person": self.case_id}
        bodies = {
            "/desk/v1/search": {"text": NUMBER},
            "/desk/v1/progress": {**person, "audience": "12345" if role == "hotline" else "applicant"},
            "/desk/v1/forms": {"person": NUMBER},
            "/desk/v1/announcements/{announcement_id}/acknowledgement": {"department": DEPARTMENT},
            f"{case}/forms": DRAWN.get(role, {"action": "result", "subject": matter}),
            f"{case}/forms/{{record_id}}": {**enquiry, "answers": {"text": "何时办结？"}},
            f"{case}/past": {**reason, "as_of": enquiry["recorded_at"]},
            f"{case}/assign": {**matter, "to": "nobody"},
            **dict.fromkeys((f"{case}/claim", f"{case}/release"), matter),
            **dict.fromkeys((f"{case}/unmask", f"{case}/history", f"{case}/form"), reason),
        }
        ids = {"case_id": self.case_id, "application": self.application, "announcement_id": self.announcement}
        return {"paths": {**ids, "matter": 10}, "bodies": bodies, "kept_out": role == "nobody"}


def _told(handler: DeskDoor, case_id: str) -> str:
    found = handler.ask("GET", f"/cases/{case_id}")
    told = found.json()["announcements"] if found.is_success else []
    return str(told[0]["id"]) if told else ""


@pytest.fixture(scope="module")
def town(stack: Settings) -> Town:
    """Where somebody has died."""
    return Town.made(stack)


@pytest.mark.parametrize(("roles", "turns", "examples", "phases"), [SHORT, LONG], ids=("short", "long"))
def test_every_role_is_answered_as_the_document_says(
    town: Town, roles: tuple[str, ...], turns: int, examples: int, phases: str, tmp_path: Path
) -> None:
    """No fault, no answer that is not in the document, and nothing for who has not signed in."""
    document = f"{read_addresses(Home(town.settings.home))['console']}/desk/v1/openapi.json"
    with ExitStack() as ends, ThreadPoolExecutor(len(roles)) as pool:
        tokens = {role: town.token(role, ends) for role in roles}
        for _ in range(turns):
            asking = {
                role: pool.submit(
                    ask_whatever_comes,
                    *(document, "--max-examples", str(examples), "--phases", phases),
                    # Who signs out is out; and who guesses, makes others at this address wait.
                    *("--exclude-path", "/desk/v1/session"),
                    *("--header", f"Authorization: Bearer {tokens[role]}"),
                    hooks="tests.console.schemathesis_hooks",
                    environment={"DESK_KNOWN": json.dumps(town.known(role))},
                    folder=tmp_path,
                )
                for role in roles
            }
            for role, asked in asking.items():
                assert asked.result().returncode == 0, f"{role}: {asked.result().stdout}"
