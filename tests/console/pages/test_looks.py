"""Who looked at a case: what auditors and supervisors read."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock

import pytest

from consumers.read_model.look_table import CaseLook
from exchange.console.pages import case_showing
from exchange.console.pages.looks import LookFilter, looks_page
from tests.cells import each_cell
from tests.console.pages.made_frames import frame
from tests.console.pages.read_page import Element, faults, find, read_page
from tests.console.pages.visits import CITY, Visits, visitor
from topics.labels import Language

CASE = "5d41402abc4b2a76b9719d911017c592"


def look(number: int, **more: Any) -> CaseLook:
    """A look of somebody of the police, by the console."""
    known: dict[str, Any] = {
        "access_id": str(number),
        "at": datetime(2026, 3, 30, 1, number, tzinfo=UTC),
        "actor": f"officer-{number}",
        "role": "department_handler",
        "department": "police",
        "system": "console",
        "purpose": "look",
        "command": "console",
        "fields": ["deceased.name", "deceased.id_number"],
        "unmasked": False,
        "reason": None,
    }
    return CaseLook(**(known | more))


LOOKS = (
    look(1),
    look(2, unmasked=True, purpose="unmask", reason="与部门系统核对身份"),
    look(3, department="human_resources", system="api"),
    look(4, department=None, role=None, system=None, purpose=None, command="case"),
)


def page(asked: LookFilter | None = None, language: Language = "zh") -> Element:
    return read_page(looks_page(frame("auditor", language=language), CASE, LOOKS, asked))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_numbers_in_full_stand_out_with_their_reason(language: Language) -> None:
    """By a mark and by words, and counted."""
    shown = page(language=language)
    assert faults(shown) == []
    rows = find(shown, "tr")[1:]
    assert len(rows) == len(LOOKS)
    (full,) = find(shown, "tr", **{"class": "in-full"})
    assert "与部门系统核对身份" in full.text
    assert {"zh": "号码完整显示", "en": "numbers in full"}[language] in full.text
    assert {"zh": "共4次，其中1次", "en": "4 looks, 1 of them"}[language] in shown.text
    assert {"zh": "姓名、", "en": "name, "}[language] in shown.text
    assert "deceased." not in shown.text


@each_cell(
    ("asked", "numbers"),
    [
        (LookFilter(), [1, 2, 3, 4]),
        (LookFilter("police"), [1, 2]),
        (LookFilter(system="api"), [3]),
        (LookFilter(numbers="full"), [2]),
        (LookFilter("human_resources", numbers="full"), []),
    ],
)
def test_looks_are_filtered_and_none_is_lost_from_the_counts(asked: LookFilter, numbers: list[int]) -> None:
    """What is chosen stays chosen; where nothing is left, that is said."""
    shown = page(asked)
    assert faults(shown) == []
    assert [number for number in range(1, 5) if f"officer-{number}" in shown.text] == numbers
    assert bool(find(shown, "table")) is bool(numbers)
    assert "共4次" in shown.text
    chosen = {one["value"] for one in find(shown, "option") if "selected" in one.attributes}
    assert {asked.department, asked.system, asked.numbers} <= chosen


def test_who_looked_is_told_to_those_who_watch_over_it_and_to_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every role, both ways; who is refused reads the calm page and nothing of anybody."""
    visits, read = Visits(), Mock(return_value=LOOKS)
    may = {"auditor", "supervisor", "shell"}

    def guarded(desk: Any, asker: Any, person: Any) -> Any:
        desk.require(asker, "read_looks", asker.kept_within)
        return read(desk, asker, person)

    monkeypatch.setattr(case_showing, "looks", guarded)
    for role in CITY.access.roles:
        found = visits.open(visitor(role), f"/cases/{CASE}/looks?numbers=full")
        assert found.status_code == (200 if role in may else 403), role
        assert ("officer-2" in found.text) is (role in may)
        assert "officer-1" not in found.text
        assert ("不在您的权限内" in found.text) is (role not in may)
    assert read.call_count == len(may)
