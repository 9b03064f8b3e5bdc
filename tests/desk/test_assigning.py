"""A matter is given to who has an account at the own department, county and bank, and has it in a queue."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final

import pytest

from consumers.read_model.assignments import Assignment, Assignments
from exchange.desk import claims
from exchange.desk.asker import Asker, NotAllowedError
from exchange.desk.claims import CaseMatter, assign
from exchange.domain.access.may import WorkPlace
from exchange.domain.accounts import Account
from exchange.domain.case_disclosure import ShownCase
from exchange.domain.policy import load_policy
from tests.access_tables import TABLE
from tests.case_documents import BANK, case_document, matter, record

CASE: Final = case_document(
    records=[record("hukou-1", "hukou_cancellation", "police", county="秦州区")],
    matters=[matter(10, "financial_regulation", "READY", instance=BANK)],
)
AT: Final = datetime(2026, 3, 1, tzinfo=UTC)
BANKING: Final[WorkPlace] = {"department": "financial_regulation"}
HANDLER: Final = Account("wang", "department_handler", BANKING, "", None, AT)
CLERK: Final = replace(HANDLER, role="bank_clerk", kept_within={**BANKING, "bank": BANK})
ACCOUNTS: Final[Mapping[str, tuple[Account, bool]]] = {
    "handler": (HANDLER, True),
    "clerk": (CLERK, True),
    "of-the-county": (replace(HANDLER, role="county", kept_within={**BANKING, "county": "620502"}), True),
    "of-another-county": (
        replace(HANDLER, role="county", kept_within={**BANKING, "county": "620503"}),
        False,
    ),
    "of-another-bank": (replace(CLERK, kept_within={**BANKING, "bank": "兰州银行"}), False),
    "of-the-police": (replace(HANDLER, kept_within={"department": "police"}), False),
    "window": (replace(HANDLER, role="window_clerk", kept_within={}), False),
    "leader": (replace(HANDLER, role="leader"), False),
    "suspended": (replace(HANDLER, state="SUSPENDED"), False),
}


class OneCase:
    """A desk with one case."""

    policy = load_policy()
    settings = SimpleNamespace(city=SimpleNamespace(access=TABLE))
    database = None
    session = staticmethod(nullcontext)

    @staticmethod
    def require(asker: Asker, action: str, about: WorkPlace) -> None:
        """As every desk does."""
        asker.require(action, about, TABLE)


def find_account(name: str) -> Account | None:
    """What the log of accounts has."""
    return ACCOUNTS[name][0] if name in ACCOUNTS else None


@pytest.mark.parametrize("to", [*ACCOUNTS, "nobody"])
def test_a_supervisor_gives_a_matter_to_the_own_people(monkeypatch: pytest.MonkeyPatch, to: str) -> None:
    monkeypatch.setattr(claims, "read_shown", lambda *_: ShownCase(CASE))  # type: ignore[arg-type]
    monkeypatch.setattr(claims, "case_or_empty", lambda *_: CASE)
    monkeypatch.setattr(Assignments, "assign", lambda *of: Assignment(of[-1], AT))
    desk: Any = OneCase()
    head, mine = Asker("li", "supervisor", BANKING, "api"), CaseMatter(CASE["case_id"], 10, BANK)
    if to in ACCOUNTS and ACCOUNTS[to][1]:
        assert assign(desk, find_account, head, mine, to).assignee == to
    else:
        with pytest.raises(NotAllowedError):
            assign(desk, find_account, head, mine, to)
