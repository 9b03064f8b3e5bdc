"""Every role × operation of the API, both ways and counted; what shows somebody leaves one record."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import httpx
import psycopg
import pytest

from consumers.read_model.under_way import LAYOUT as UNDER_WAY
from exchange.desk.applicant_codes import CodeDesk
from exchange.desk.asker import Asker
from exchange.domain.applicant_codes import ApplicantCode
from exchange.domain.policy_files.access import KeptWithin
from exchange.runtime.city import City
from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from tests.access_tables import TABLE
from tests.cases import applied, given
from tests.conftest import PARTS
from tests.console.made_console import MadeConsole
from tests.consumers.history.past_world import PastWorld
from tests.desk.made_desk import KeptAccesses, made_desk
from tests.people import LI_XIULAN

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="makes a database of its own as the owner")
ROLES: Final = (*City().accounts.people_a_day, "applicant")
BANK: Final = "甘肃银行"
APPLICATION: Final = applied(3, 9, 10, banks=[{"bank_name": BANK}])
PLACE: Final[dict[KeptWithin, str]] = {"department": "financial_regulation", "county": "620502", "bank": BANK}
CASE, API, ANY_ID = "/desk/v1/cases/{case_id}", "/desk/v1", "0b9f2f7c-4b57-4c39-8d43-0f6a3f0f5f11"
SENT: Final[dict[str, Any]] = {"action": "apply", "recorded_at": "2026-03-02T09:00:00Z", "answers": {}}
HANDLERS: Final = frozenset({"department_handler", "supervisor", "county", "bank_clerk"})
WINDOW, WHOLE = frozenset({"window_clerk"}), frozenset({"window_clerk", "auditor"})
TAKING: Final = WINDOW | {"portal"}
SEARCHING: Final = HANDLERS - {"bank_clerk"} | WHOLE
QUEUES, LEADS = HANDLERS | WINDOW, frozenset({"supervisor", "auditor"})


class Cell(NamedTuple):
    """An operation, the action that it is, how it is asked, who may, and whether it shows somebody."""

    name: str
    action: str
    method: str
    path: str
    may: frozenset[str]
    body: dict[str, Any] | bytes | None = None
    notes: int = 1


def draw(action: str, may: frozenset[str], **subject: Any) -> Cell:
    """Drawing the form of an action."""
    return Cell("draw_form", action, "POST", f"{CASE}/forms", may, {"action": action, "subject": subject})


# Written from who does what in the plan, not from the policy.
CELLS: Final = (
    Cell("read_queue", "queue", "GET", f"{API}/queue", QUEUES),
    Cell("count_queue", "queue", "GET", f"{API}/queue/counts", QUEUES, notes=0),
    Cell("list_tasks", "queue", "GET", f"{API}/tasks", QUEUES, notes=0),
    Cell("list_case_tasks", "queue", "GET", f"{CASE}/tasks", QUEUES, notes=0),
    Cell("claim", "queue", "POST", f"{CASE}/claim", QUEUES, {"matter": 10, "instance": BANK}, 0),
    Cell("release", "queue", "POST", f"{CASE}/release", QUEUES, {"matter": 10, "instance": BANK}, 0),
    Cell(
        *("assign", "assign", "POST", f"{CASE}/assign", frozenset({"supervisor"})),
        {"matter": 10, "instance": BANK, "to": "wang"},
        0,
    ),
    Cell("search_cases", "search", "POST", f"{API}/search", SEARCHING, {"text": LI_XIULAN}),
    Cell("read_case", "look", "GET", CASE, QUEUES | WHOLE),
    Cell("unmask_case", "unmask", "POST", f"{CASE}/unmask", QUEUES - {"bank_clerk"}, {"reason": "核对"}),
    Cell("read_past", "look", "GET", f"{CASE}/past?as_of=2026-03-01T00:00:00Z", WHOLE),
    Cell(
        *("unmask_past", "unmask", "POST", f"{CASE}/past", WINDOW),
        {"as_of": "2026-03-01T00:00:00Z", "reason": "核对"},
    ),
    Cell("read_history", "look", "GET", f"{CASE}/history", WHOLE),
    Cell("unmask_history", "unmask", "POST", f"{CASE}/history", WINDOW, {"reason": "核对"}),
    Cell("print_form", "unmask", "POST", f"{CASE}/form", WINDOW, {"reason": "打印", "application": "none"}),
    Cell("read_notice", "look", "GET", f"{CASE}/notice", WHOLE),
    Cell("print_notice", "look", "GET", f"{CASE}/notice.pdf", WHOLE),
    Cell("read_looks", "read_looks", "GET", f"{CASE}/looks", LEADS),
    Cell(
        *("read_family_looks", "read_family_looks", "GET", f"{CASE}/looks/family"),
        WHOLE | {"portal", "applicant"},
    ),
    Cell("ask_statistics", "read_statistics", "GET", f"{API}/statistics", LEADS | {"leader"}, notes=0),
    Cell("list_case_materials", "read_material", "GET", f"{CASE}/materials", QUEUES),
    Cell("read_material", "read_material", "GET", f"{CASE}/materials/{'0' * 64}", QUEUES, notes=0),
    Cell(*("upload_material", "upload", "POST", f"{API}/materials?kind=1", TAKING), b"no PDF", 0),
    Cell(
        *("ask_progress", "read_progress", "POST", f"{API}/progress"),
        *(WINDOW | {"portal", "applicant"}, {"person": LI_XIULAN}),
    ),
    Cell(
        *("ask_progress", "read_progress", "POST", f"{API}/progress"),
        *(frozenset({"hotline"}), {"person": LI_XIULAN, "audience": "12345"}),
    ),
    draw("apply", TAKING),
    draw("amend", WINDOW),
    draw("examine", WINDOW),
    draw("hand_out", WINDOW),
    draw("appoint", WINDOW),
    draw("enquire", WINDOW | {"hotline"}),
    draw("decide", WINDOW, matter=9, kind="MATTER_HELD"),
    draw("accept", HANDLERS),
    draw("return", HANDLERS),
    draw("result", HANDLERS),
    draw("correct", HANDLERS),
    draw("withdraw_result", HANDLERS),
    draw("reply", WINDOW | {"hotline"}),
    draw("withdraw", WINDOW),
    Cell(*("draw_for_person", "apply", "POST", f"{API}/forms", TAKING), {"person": LI_XIULAN}),
    Cell("send_form", "apply", "PUT", f"{CASE}/forms/{ANY_ID}", TAKING, SENT),
    Cell(
        *("acknowledge_announcement", "acknowledge", "POST", f"{API}/announcements/none/acknowledgement"),
        *(HANDLERS, {"department": "financial_regulation"}, 0),
    ),
    Cell("make_code", "apply", "POST", f"{CASE}/applications/{ANY_ID}/codes", TAKING),
    Cell("revoke_codes", "apply", "DELETE", f"{CASE}/applications/{ANY_ID}/codes", TAKING),
)
OF_EVERYBODY: Final = {"sign_in", "sign_out", "read_session", "read_guide", "read_matter_guide"}
"""For whoever comes; and the stream, which never ends by itself, is tried on the real parts."""
ELSEWHERE: Final = {
    *("publish", "read_receipts", "follow", "read_schemas"),  # of machines, at the gateway
    *("replay", "retry"),  # of whoever operates the home, by commands
    *("read_quarantine", "discard", "manage_accounts", "manage_credentials"),  # by pages, and by commands
    "supplement",  # by a page: a program publishes at the gateway
}


class MemoryCodes:
    """Keeps codes."""

    def __init__(self) -> None:
        self.kept: list[ApplicantCode] = []

    def read(self) -> list[ApplicantCode]:
        """What was kept."""
        return self.kept

    def keep(self, code: ApplicantCode) -> None:
        """Keep one."""
        self.kept.append(code)


@dataclass(frozen=True)
class Town:
    """A console on a read model of its own, in which one case is."""

    made: MadeConsole
    accesses: KeptAccesses
    case_id: str

    def asker(self, role: str) -> Asker:
        """Whoever has this role, at the department of banks."""
        everything = {**PLACE, "case": self.case_id}
        within = {name: everything[name] for name in TABLE.roles[role].within}
        application = APPLICATION[1]["record_id"] if role == "applicant" else ""
        return Asker(f"{role} 1", role, within, "api", application)

    def ask(self, role: str, cell: Cell) -> httpx.Response:
        """Ask as somebody."""
        headers = {**self.made.token(self.asker(role)), "If-Match": '"applications-0"'}
        sent: dict[str, Any] = {"json": cell.body} if isinstance(cell.body, dict) else {"content": cell.body}
        if isinstance(cell.body, bytes):
            headers["Content-Type"] = "application/pdf"
        return self.made.asked(cell.method, cell.path.format(case_id=self.case_id), headers=headers, **sent)


@pytest.fixture(scope="module")
def town(stack: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A person of 秦州区 with an account, whose family has applied."""
    world, home = PastWorld(), Home(Path(tmp_path_factory.mktemp("codes")))
    world.publish(
        given("hukou_cancellation", county="秦州区"),
        given("bank_deposit", bank_name=BANK),
        given("death_certificate"),
        APPLICATION,
    )
    with made_desk(stack, world, "console_of_a_test") as desk:
        with psycopg.connect(desk.settings.postgres) as connection:
            connection.execute(UNDER_WAY)
        codes = CodeDesk(home, City(), cast(Any, MemoryCodes()))
        made = MadeConsole(desk, codes=codes)
        yield Town(made, cast(KeptAccesses, desk.access), world.case_id(LI_XIULAN))


@pytest.mark.parametrize("cell", CELLS, ids=[f"{one.name} {one.action}" for one in CELLS])
def test_each_role_does_what_is_its_own_and_is_refused_all_else(town: Town, cell: Cell) -> None:
    """A refusal shows nobody and leaves no record; every other answer leaves exactly as many as it should."""
    told = Counter[str]()
    for role in ROLES:
        before = len(town.accesses.noted)
        found = town.ask(role, cell)
        refused = found.status_code == 403
        assert found.status_code < 500, (role, found.text)
        told["refused" if refused else "allowed"] += 1
        noted = town.accesses.noted[before:]
        assert refused is (role not in cell.may), (role, found.status_code, found.text)
        assert len(noted) == (0 if refused else cell.notes), (role, found.text)
        assert {(one["actor"], one["system"]) for one in noted} <= {(f"{role} 1", "api")}
    assert told == Counter(allowed=len(cell.may), refused=len(ROLES) - len(cell.may))


@pytest.mark.parametrize("name", ["county", "instance", "assignee", "state", "owing"])
def test_what_no_column_can_hold_is_a_fault_of_the_request(town: Town, name: str) -> None:
    """Not one of ours; the same parameter with a word that means nothing finds nothing."""
    bearer = town.made.token(town.asker("window_clerk"))
    told = [town.made.asked("GET", f"{API}/queue?{name}={text}", headers=bearer) for text in ("%00", "x")]
    assert [one.status_code for one in told] == [400, 200]
    assert told[1].json()["lines"] == []


def test_every_action_and_every_operation_has_a_cell() -> None:
    """One without fails the build; what is done elsewhere says where."""
    paths = MadeConsole().asked("GET", "/desk/v1/openapi.json").json()["paths"]
    names = {
        told["operationId"] for path, one in paths.items() for told in one.values() if path != "/healthz"
    }
    assert {one.name for one in CELLS} | OF_EVERYBODY | {"follow_queue"} == names
    known = {action for line in TABLE.actions for action in line}
    assert {one.action for one in CELLS} | ELSEWHERE == known
    assert not {one.action for one in CELLS} & ELSEWHERE
