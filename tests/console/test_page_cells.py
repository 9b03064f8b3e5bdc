"""Every role × page, both ways and counted; numbers in full are shown for a reason alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

import httpx
import psycopg
import pytest

from consumers.read_model.under_way import LAYOUT as UNDER_WAY
from exchange.desk.asker import Asker
from exchange.domain.policy_files.access import KeptWithin
from exchange.runtime.city import City
from exchange.runtime.settings import Settings
from tests.access_tables import TABLE
from tests.cases import applied, given, resulted
from tests.conftest import PARTS
from tests.console.made_console import MadeConsole
from tests.console.pages.read_page import faults, find, read_page
from tests.consumers.history.past_world import PastWorld
from tests.desk.made_desk import KeptAccesses, made_desk
from tests.people import LI_XIULAN

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="makes a database of its own as the owner")
ROLES: Final = (*City().accounts.people_a_day, "applicant")
BANK: Final = "甘肃银行"
APPLICATION: Final = applied(3, 9, 10, banks=[{"bank_name": BANK}])
PLACE: Final[dict[KeptWithin, str]] = {"department": "financial_regulation", "county": "620502", "bank": BANK}
CASE: Final = "/cases/{case_id}"
RULING: Final = f"{CASE}/ruling?rule=corroborating_date_differs&field=deceased.death_time"
HANDLERS: Final = frozenset({"department_handler", "supervisor", "county", "bank_clerk"})
WINDOW, LEADS = frozenset({"window_clerk"}), frozenset({"supervisor", "auditor"})
QUEUES, EVERYBODY = HANDLERS | WINDOW, frozenset(ROLES)
TAKING: Final = WINDOW | {"portal"}
FINDS: Final = QUEUES - {"bank_clerk"} | {"auditor"}


class PageCell(NamedTuple):
    """A page, how it is asked, who may, how many access records it leaves, and whether it shows numbers."""

    name: str
    method: str
    path: str
    may: frozenset[str]
    form: dict[str, str] | None = None
    notes: int = 1
    in_full: bool = False
    at_window: int = 0
    """How many more it leaves at the window, where it shows whose tasks are owed."""


# Written from who does what in the plan, not from the policy.
CELLS: Final = (
    PageCell("first page", "GET", "/", EVERYBODY, notes=0),
    PageCell("nothing", "GET", "/nothing", EVERYBODY, notes=0),
    PageCell("queue", "GET", "/queue", QUEUES),
    PageCell("queue by address", "GET", "/queue?state=APPLIED&due=week&held=nobody&county=秦州区", QUEUES),
    PageCell("hands", "POST", "/queue/hands", QUEUES, {"claim": "{case_id}:10:" + BANK}, 0),
    PageCell("find, before", "GET", "/find", EVERYBODY, notes=0),
    PageCell("find", "POST", "/find", FINDS, {"text": LI_XIULAN}),
    PageCell("case", "GET", CASE, QUEUES | {"auditor"}),
    PageCell(
        "in full", "POST", f"{CASE}/unmasked", QUEUES - {"bank_clerk"}, {"reason": "核对"}, in_full=True
    ),
    PageCell("in full for no reason", "POST", f"{CASE}/unmasked", EVERYBODY, {"reason": " "}, 0),
    PageCell("form on paper", "POST", f"{CASE}/form.pdf", WINDOW, {"reason": "打印"}),
    PageCell("looks", "GET", f"{CASE}/looks", LEADS),
    PageCell("apply", "GET", f"{CASE}/forms/apply?tick=3", TAKING),
    PageCell("decide", "GET", f"{CASE}/forms/decide", WINDOW),
    PageCell("return", "GET", f"{CASE}/forms/return?matter=10&instance={BANK}", HANDLERS),
    PageCell("appoint", "GET", f"{CASE}/forms/appoint", WINDOW),
    PageCell("enquire", "GET", f"{CASE}/forms/enquire", WINDOW | {"hotline"}),
    PageCell("card", "POST", f"{CASE}/forms/apply", TAKING, {"card.applicant": "王建国", "step": "card"}),
    PageCell("receipt", "POST", f"{CASE}/applications/{APPLICATION[1]['record_id']}/receipt", WINDOW, {}, 2),
    PageCell("ruling", "GET", RULING, WINDOW),
    PageCell("nothing chosen", "POST", RULING, WINDOW, {"text.reason": "核对"}),
    PageCell("no side taken", "POST", RULING, WINDOW, {"one.in_favour_of": "ask"}),
    PageCell("workbench", "GET", "/workbench", QUEUES, notes=0, at_window=1),
    PageCell("recalls", "GET", "/recalls", HANDLERS),
    PageCell("signed for", "POST", "/recalls", HANDLERS, {"announcement": "of nobody"}, 0),
    PageCell("to hand out", "GET", "/handovers", WINDOW),
    PageCell("hand out", "GET", f"{CASE}/forms/hand_out", WINDOW),
    PageCell("of no handover", "GET", f"{CASE}/handovers/{APPLICATION[1]['record_id']}", WINDOW),
    PageCell("begin", "POST", f"{CASE}/forms/apply", TAKING, {"text.window": "3号窗口"}),
    PageCell("own family", "GET", "/family", frozenset({"applicant"}), notes=2),
    PageCell("family", "GET", "/family/{case_id}", TAKING | {"applicant"}, notes=2),
    PageCell("hotline, before", "GET", "/hotline", frozenset({"hotline"}), notes=0),
    PageCell("hotline, by what is none", "POST", "/hotline", frozenset({"hotline"}), {"text": "李秀兰"}, 0),
    PageCell("hotline", "GET", "/hotline/{case_id}", frozenset({"hotline"})),
    PageCell("statistics", "GET", "/statistics?from=2026-01-01&county=秦州区", LEADS | {"leader"}, notes=0),
    PageCell("statistics, wrong", "GET", "/statistics?to=x", LEADS | {"leader"}, notes=0),
    PageCell("guide", "GET", "/guide", EVERYBODY, notes=0),
    PageCell("guide of a matter", "GET", "/guide/9", EVERYBODY, notes=0),
    PageCell("guide of none", "GET", "/guide/99", EVERYBODY, notes=0),
    PageCell("sheet of a matter", "GET", "/guide/9/sheet.pdf", EVERYBODY, notes=0),
)


@dataclass
class Hall:
    """A console with one case in it."""

    made: MadeConsole
    accesses: KeptAccesses
    case_id: str

    def ask(self, role: str, cell: PageCell, **cookies: str) -> httpx.Response:
        """Ask as somebody of this role, at the department of banks, as a browser does."""
        everything = {**PLACE, "case": self.case_id}
        within = {name: everything[name] for name in TABLE.roles[role].within}
        application = APPLICATION[1]["record_id"] if role == "applicant" else ""
        token = self.made.known.begin(Asker(f"{role} 1", role, within, "console", application))
        kept = "; ".join(f"{name}={value}" for name, value in {"session": token, **cookies}.items())
        sent = {name: value.format(case_id=self.case_id) for name, value in (cell.form or {}).items()}
        return self.made.asked(
            cell.method,
            cell.path.format(case_id=self.case_id),
            headers={"Cookie": kept, "Sec-Fetch-Site": "same-origin"},
            data=sent or None,
        )


class MadeCodes:
    """Stands in for who makes codes."""

    @staticmethod
    def create(*_: object) -> str:
        """Make one."""
        return "ABCD-EFGH"

    @staticmethod
    def revoke(*_: object) -> int:
        """Take back none."""
        return 0


@pytest.fixture(scope="module")
def hall(stack: Settings) -> Iterator[Hall]:
    """A person of 秦州区 with an account, whose family has applied."""
    world = PastWorld()
    world.publish(
        given("hukou_cancellation", county="秦州区"),
        given("bank_deposit", bank_name=BANK),
        given("death_certificate"),
        APPLICATION,
        resulted(9),
        given("cremation", death_time="2026-03-02T03:00:00+08:00"),
    )
    with made_desk(stack, world, "pages_of_a_test") as desk:
        with psycopg.connect(desk.settings.postgres) as connection:
            connection.execute(UNDER_WAY)
        yield Hall(
            MadeConsole(desk, codes=MadeCodes()), cast(KeptAccesses, desk.access), world.case_id(LI_XIULAN)
        )


@pytest.mark.parametrize("cell", CELLS, ids=[one.name for one in CELLS])
def test_each_role_sees_its_own_pages_and_a_calm_one_instead_of_others(hall: Hall, cell: PageCell) -> None:
    """No fault, no leak; what is refused shows nobody and leaves no record."""
    told = Counter[str]()
    for role in ROLES:
        before = len(hall.accesses.noted)
        found = hall.ask(role, cell)
        refused = found.status_code == 403
        told["refused" if refused else "allowed"] += 1
        noted = hall.accesses.noted[before:]
        assert found.status_code < 500, (role, found.text)
        assert refused is (role not in cell.may), (role, found.status_code)
        notes = cell.notes + (cell.at_window if role in WINDOW else 0)
        assert len(noted) == (0 if refused else notes), role
        assert {one["system"] for one in noted} <= {"console"}
        assert (LI_XIULAN in found.text) is (cell.in_full and not refused), role
        assert LI_XIULAN not in str(found.headers)
        if found.headers.get("content-type", "").startswith("text/html") and found.content:
            assert faults(read_page(found.text)) == [], role
    assert told == Counter(allowed=len(cell.may), refused=len(ROLES) - len(cell.may)) - Counter()


def test_pages_come_in_the_language_that_was_chosen(hall: Hall) -> None:
    """And the choice is kept in a cookie that says nothing of anybody."""
    queue = CELLS[2]
    chosen = hall.ask(
        "window_clerk", PageCell("", "POST", "/preferences", EVERYBODY, {"language": "en", "back": "/queue"})
    )
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/queue")
    display = chosen.headers["set-cookie"].partition("=")[2].partition(";")[0]
    page = read_page(hall.ask("window_clerk", queue, display=display).text)
    assert find(page, "html")[0]["lang"] == "en"
    assert "李秀兰" in page.text


def test_the_window_reads_whole_names_and_others_less(hall: Hall) -> None:
    """In a list, a name is whole to the deciding department and the window alone."""
    assert "李秀兰" in hall.ask("window_clerk", CELLS[2]).text
    assert "李秀兰" in hall.ask("department_handler", CELLS[2]).text


def test_a_form_says_whose_case_it_is_as_its_reader_may_know(hall: Hall) -> None:
    """Whole to the deciding department and the window, masked to others; it is noted that it was shown."""
    forms = {one.name: one for one in CELLS}
    for role, form, name in (
        ("window_clerk", "appoint", "李秀兰"),
        ("window_clerk", "decide", "李秀兰"),
        ("department_handler", "return", "李秀兰"),
        ("hotline", "enquire", "李**"),
    ):
        page = read_page(hall.ask(role, forms[form]).text)
        (head,) = find(page, "div", **{"class": "head"})
        assert name in head.text, (role, form)
        assert hall.case_id in head.text
        assert "deceased.name" in hall.accesses.noted[-1]["fields"]


def test_one_case_that_is_meant_is_opened_at_once(hall: Hall) -> None:
    """Scan, and it is there: no click."""
    found = hall.ask("window_clerk", PageCell("", "POST", "/find", FINDS, {"text": LI_XIULAN}))
    assert (found.status_code, found.headers["location"]) == (303, f"/cases/{hall.case_id}")


def test_whoever_has_not_signed_in_comes_back_after_it() -> None:
    """To the page that they asked for; a form that was sent is not sent again."""
    made = MadeConsole(_DeskOfCity())
    asked = made.asked("GET", "/queue?due=late")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?back=%2Fqueue%3Fdue%3Dlate")
    over = made.asked("GET", "/queue", headers={"Cookie": "session=old"})
    assert over.headers["location"].endswith("&over=yes")
    page = read_page(made.asked("GET", "/sign-in?back=/queue").text)
    assert faults(page) == []
    (form,) = find(page, "form", action="/sign-in")
    assert find(form, "input", name="back")[0]["value"] == "/queue"


def test_files_are_kept_and_pages_are_not() -> None:
    """A page that lay in a browser would show somebody to whoever comes next."""
    made = MadeConsole(_DeskOfCity())
    page = made.asked("GET", "/sign-in")
    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for one in find(read_page(page.text), "link", rel="stylesheet"):
        file = made.asked("GET", one["href"])
        assert file.status_code == 200
        assert "immutable" in file.headers["cache-control"]
        assert file.headers["content-type"].startswith("text/css")


class _DeskOfCity:
    """As much of a desk as a page needs before anybody has signed in."""

    settings: Any = type("Settings", (), {"city": City()})()
