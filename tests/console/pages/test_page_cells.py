"""Every page that is told to others than handlers × every role, both ways and counted; nothing leaks."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

import httpx
import pytest

from exchange.desk.asker import Asker
from exchange.runtime.city import City
from exchange.runtime.settings import Settings
from tests.access_tables import TABLE
from tests.cases import applied, given, resulted
from tests.conftest import PARTS
from tests.console.made_console import MadeConsole
from tests.console.pages.read_page import faults, find, read_page
from tests.consumers.history.past_world import PastWorld
from tests.desk.made_desk import KeptAccesses, made_desk
from tests.people import LI_XIULAN, id_number

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="makes a database of its own as the owner")
ROLES: Final = (*City().accounts.people_a_day, "applicant")
BANK: Final = "甘肃银行"
PLACE: Final = {"department": "financial_regulation", "county": "620502", "bank": BANK}
APPLICATION: Final = applied(3, 9, 10, banks=[{"bank_name": BANK}])
PAID: Final = resulted(10, "COMPLETED", amount_fen=123_405, document_no="银〔2026〕1号", instance=BANK)
OTHER: Final = id_number(sequence=401)
SECRETS: Final = (LI_XIULAN, OTHER, "1,234.05", "银〔2026〕1号")
ALL: Final = frozenset(ROLES)


class PageCell(NamedTuple):
    """A page, who may see it, and how many access records it leaves."""

    path: str
    may: frozenset[str]
    notes: int = 0
    form: dict[str, str] | None = None
    status: int = 200


# Written from who does what in the plan, not from the policy.
CELLS: Final = (
    PageCell("/family", frozenset({"applicant"}), 2),
    PageCell("/family/{case}", frozenset({"applicant", "window_clerk", "portal"}), 2),
    PageCell("/hotline", frozenset({"hotline"})),
    PageCell("/hotline/{case}", frozenset({"hotline"}), 1),
    PageCell("/hotline", frozenset({"hotline"}), 0, {"text": "李秀兰"}),
    PageCell("/statistics", frozenset({"leader", "supervisor", "auditor"})),
    PageCell("/statistics?from=x", frozenset({"leader", "supervisor", "auditor"})),
    PageCell("/guide", ALL),
    PageCell("/guide/9", ALL),
)


@dataclass(frozen=True)
class PageTown:
    """A console in which two cases are."""

    made: MadeConsole
    accesses: KeptAccesses
    case_id: str
    other: str

    def ask(self, role: str, path: str, form: dict[str, str] | None = None) -> httpx.Response:
        """Ask for a page as somebody of a role, in a browser."""
        everything = {**PLACE, "case": self.case_id}
        within: Any = {name: everything[name] for name in TABLE.roles[role].within}
        own = APPLICATION[1]["record_id"] if role == "applicant" else ""
        token = self.made.known.begin(Asker(f"{role} 1", role, within, "console", own))
        headers = {"Cookie": f"session={token}", "Sec-Fetch-Site": "same-origin"}
        return self.made.asked("GET" if form is None else "POST", path, headers=headers, data=form)


@pytest.fixture(scope="module")
def town(stack: Settings) -> Iterator[PageTown]:
    """A person whose family has applied and was paid; and another family's."""
    world = PastWorld()
    world.publish(*(given("death_certificate"), given("bank_deposit", bank_name=BANK), APPLICATION, PAID))
    world.publish(given("death_certificate", "other", id_number=OTHER, name="王建国"))
    with made_desk(stack, world, "pages_of_a_test") as desk:
        made = MadeConsole(desk)
        yield PageTown(made, cast(KeptAccesses, desk.access), world.case_id(LI_XIULAN), world.case_id(OTHER))


@pytest.mark.parametrize("cell", CELLS, ids=[f"{one.path} {len(one.form or ())}" for one in CELLS])
def test_each_role_is_shown_its_pages_and_a_calm_one_instead_of_others(
    town: PageTown, cell: PageCell
) -> None:
    """A refusal shows nobody and leaves no record; no page has a full number in it, nor a title a name."""
    told = Counter[str]()
    for role in ROLES:
        before = len(town.accesses.noted)
        found = town.ask(role, cell.path.format(case=town.case_id), cell.form)
        told["shown" if found.status_code == 200 else "refused"] += 1
        assert found.status_code == (200 if role in cell.may else 403), (role, found.text)
        noted = town.accesses.noted[before:]
        assert len(noted) == (cell.notes if role in cell.may else 0), (role, noted)
        page = read_page(found.text)
        assert faults(page) == [], role
        assert not any(one in found.text for one in (LI_XIULAN, OTHER, "王建国")), role
        assert "李秀兰" not in find(page, "title")[0].text
        assert not re.search(r"[^0-9a-f]\d{17}[\dX]", found.text)
        if role not in cell.may:
            assert not any(one in found.text for one in (*SECRETS, "李秀兰")), role
    assert told == Counter(shown=len(cell.may), refused=len(ROLES) - len(cell.may))


def test_a_family_is_told_its_result_and_the_hotline_is_not(town: PageTown) -> None:
    """The same case, by each as its own audience."""
    family, hotline = (
        town.ask("applicant", "/family").text,
        town.ask("hotline", f"/hotline/{town.case_id}").text,
    )
    assert all(one in family for one in ("李秀兰", "1,234.05", "银〔2026〕1号"))
    assert not any(one in hotline for one in ("李秀兰", "1,234.05", "银〔2026〕1号", BANK))
    assert "李**" in hotline


def test_a_code_opens_no_other_familys_page(town: PageTown) -> None:
    """Also not by an address that somebody sent."""
    assert town.ask("applicant", f"/family/{town.other}").status_code == 403
    assert town.ask("window_clerk", f"/family/{town.other}").status_code == 200
    for path in ("/family/nobody", f"/family/{'0' * 32}"):
        assert town.ask("window_clerk", path).status_code == 404


def test_a_caller_is_found_by_number_or_case_and_neither_number_nor_name_is_kept(town: PageTown) -> None:
    """The number is sent in a form; the address holds the case's id. A name finds nobody."""
    for text in (LI_XIULAN, f" {town.case_id} "):
        found = town.ask("hotline", "/hotline", {"text": text})
        assert (found.status_code, found.headers["location"]) == (303, f"/hotline/{town.case_id}")
    for text in ("李秀兰", "", "1" * 400):
        found = town.ask("hotline", "/hotline", {"text": text})
        assert "没有查到" in found.text
        assert not text or text not in found.text
    nobody = town.ask("hotline", f"/hotline/{'0' * 32}")
    assert "没有查到" in nobody.text


@pytest.mark.parametrize("path", ["/family", "/hotline", "/statistics", "/family/x"])
def test_whoever_has_not_signed_in_is_asked_to(town: PageTown, path: str) -> None:
    """And comes back to the page afterwards."""
    found = town.made.asked("GET", path)
    assert found.status_code == 303
    assert found.headers["location"].startswith("/sign-in?back=")


@pytest.mark.parametrize("path", ["/guide", "/guide/12", "/guide/12/sheet.pdf", "/guide/sheets.pdf"])
def test_the_guide_is_open_to_everybody(town: PageTown, path: str) -> None:
    """Without a session; what there is not, is calmly not there."""
    found = town.made.asked("GET", path)
    assert found.status_code == 200
    assert found.content.lstrip().startswith(b"%PDF-" if path.endswith(".pdf") else b"<!doctype")
    assert town.made.asked("GET", "/guide/99").status_code == 404
    assert town.made.asked("GET", "/guide/99/sheet.pdf").status_code == 404


def test_whoever_signs_in_begins_at_the_own_page(town: PageTown) -> None:
    """A family need not look for it; nor the hotline, nor a leader."""
    for role, page in (("applicant", "/family"), ("hotline", "/hotline"), ("leader", "/statistics")):
        found = town.ask(role, "/")
        assert (found.status_code, found.headers["location"]) == (303, page)


def test_whoever_has_signed_in_reads_the_guide_and_keeps_the_own_ways(town: PageTown) -> None:
    """A clerk who looks something up comes back by one click."""
    for role, way in (("leader", "/statistics"), ("window_clerk", "/queue")):
        shown = read_page(town.ask(role, "/guide/3").text)
        assert find(shown, "a", href=way), role
    assert not find(read_page(town.made.asked("GET", "/guide/3").text), "nav")
