"""People come to the desk over HTTP: one effect each, one record of each look, and out when revoked."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import uuid4

import httpx
import pyotp
import pytest

from avro_schemas.catalogue import schema
from exchange.desk.actions.table import DRAWN
from exchange.runtime.home import Home
from exchange.runtime.monitor_address import find_monitor
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings
from producers.publisher import Publisher
from tests.conftest import PARTS
from tests.journeys.desk_door import DeskDoor, account, revoke
from tests.journeys.log_tools import Reader, ends
from tests.people import QINZHOU, id_number
from tests.running import kill_part, part_of, wait_for_next_life
from tests.waiting import wait_for
from topics.catalogue import ACCESS

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="the console is a part of the exchange")
SEED: Final = 20261130
NAMES: Final = ("金丝雀乙", "高玉梅", "马国庆", "杨秀英", "王金花", "李桂兰")
APPLICANT: Final = {"name": "高小军", "id_number": id_number(sequence=76), "relation": "子女"}
RECORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "death_certificate": {"death_time": "2026-03-01T08:00:00+08:00", "death_cause": "脑出血"},
    "social_insurance": {
        "scheme": "EMPLOYEE_PENSION",
        "receiving_benefit": True,
        "account_balance_fen": 100,
    },
    "application": {"applicant": APPLICANT, "matters": [4, 5]},
}
PENSION, FUND = "human_resources", "provident_fund"
_PEOPLE: Final = count(1)


def new_number() -> str:
    """The number of somebody of whom nothing is known yet."""
    return id_number(QINZHOU, date(1932, 9, next(_PEOPLE)), 719)


class Office:
    """Everybody who works here, each signed in once, and the people who have died."""

    def __init__(self, settings: Settings, opened: ExitStack) -> None:
        self.settings = settings
        roles = {
            "window": ("window_clerk", {}),
            "second": ("window_clerk", {}),
            "pension": ("department_handler", {"department": PENSION}),
            "fund": ("department_handler", {"department": FUND}),
            "head": ("supervisor", {"department": PENSION}),
            "auditor": ("auditor", {}),
            "hotline": ("hotline", {}),
            "leader": ("leader", {}),
        }
        known = {name: account(settings, role, **place) for name, (role, place) in roles.items()}
        self.doors = {name: opened.enter_context(DeskDoor(settings, shown)) for name, shown in known.items()}
        self.numbers = {name: new_number() for name in NAMES}
        self.cases = self.died(self.numbers)

    def __getitem__(self, name: str) -> DeskDoor:
        return self.doors[name]

    def died(self, people: Mapping[str, str]) -> dict[str, str]:
        """These people, who drew pensions, have died, and their families have applied.

        Returns:
            Name → case id.
        """
        inputs = [
            {"type": kind, "record": {"record_id": str(uuid4()), **person, **fields}}
            for name, number in people.items()
            for person in [{"recorded_at": datetime.now(UTC).isoformat(), "id_number": number, "name": name}]
            for kind, fields in RECORDS.items()
        ]
        with Publisher(self.settings) as publisher:
            receipts = list(publisher.publish(inputs))
        assert {one.status for one in receipts} == {"ACCEPTED"}
        cases = dict(zip(people, [one.case_id or "" for one in receipts[:: len(RECORDS)]], strict=True))
        for case_id in cases.values():
            wait_for("that the pension's department was told", partial(self._was_told, case_id))
        return cases

    def _was_told(self, case_id: str) -> bool:
        found = self["pension"].ask("GET", f"/cases/{case_id}")
        return found.is_success and bool(found.json()["announcements"])


@pytest.fixture(scope="module")
def office(stack: Settings) -> Iterator[Office]:
    """The desk of one morning."""
    with ExitStack() as opened:
        yield Office(stack, opened)


def record_ids(door: DeskDoor, case_id: str) -> list[str]:
    """The records of a case."""
    return [one["record_id"] for one in door.get(f"/cases/{case_id}")["records"]]


def test_whoever_shows_the_right_secrets_comes_in_and_out_again(stack: Settings, office: Office) -> None:
    """By account or by code; what is wrong is not said, and a token that was given back opens nothing."""
    shown = account(stack, "auditor")
    now = {**shown, "totp": pyotp.TOTP(shown["totp"]).now()}
    with DeskDoor(stack, shown) as door:
        me = door.get("/session")
        assert (me["name"], me["role"], me["within"]) == (shown["name"], "auditor", {})
        assert (me["people_today"], me["people_limit"]) == (0, 1000)
        assert "look" in me["may"]
        door.get(f"/cases/{office.cases[NAMES[1]]}")
        assert door.get("/session")["people_today"] == 1
        again = door.ask("POST", "/session", json=now)
        assert (again.status_code, again.json()["code"]) == (401, "sign_in_refused"), "a code works once"
        assert door.ask("DELETE", "/session").status_code == 204
        assert door.ask("GET", "/session").json()["code"] == "session_over"


def test_an_applicant_comes_in_with_the_code_of_one_application(stack: Settings, office: Office) -> None:
    """And reads how that one stands, nothing else; a code that was taken back is out at once."""
    window, case_id, other = office["window"], office.cases[NAMES[1]], office.cases[NAMES[2]]
    application = window.get(f"/cases/{case_id}")["applications"][0]["record_id"]
    codes = f"/cases/{case_id}/applications/{application}/codes"
    code = window.post(codes, None, 201)["code"]
    with DeskDoor(stack, {"code": code}) as family:
        assert family.get("/session")["role"] == "applicant"
        assert family.post("/progress", {})["case_id"] == case_id
        assert family.ask("POST", "/progress", json={"person": other}).status_code == 403
        assert family.ask("GET", f"/cases/{case_id}").status_code == 403
        assert window.ask("DELETE", codes).json() == {"revoked": 1}
        wait_for("the code to be void", lambda: family.ask("POST", "/progress", json={}).status_code == 401)


def test_a_handlers_day_takes_four_requests(office: Office) -> None:
    """Queue, open with the form, accept and have the form of the result, result."""
    handler, before = office["pension"], len(office["pension"].outside)
    line = next(
        one
        for one in handler.get("/queue?state=APPLIED&limit=200")["lines"]
        if one["case_id"] in office.cases.values()
    )
    opened = handler.get(f"/cases/{line['case_id']}?form=accept")
    form = next(one for one in opened["forms"] if one["form"]["subject"]["matter"] == line["matter"])
    accepted = handler.send(form, {}, then="result").json()
    assert (accepted["status"], accepted["end"]) == ("ACCEPTED", "ANSWERED")
    done = handler.send(accepted["forms"][0], {"outcome": "COMPLETED", "document_no": "甲2号"}).json()
    assert done["status"] == "ACCEPTED"
    assert len(handler.outside) - before == 4
    (matter,) = [
        one for one in handler.get(f"/cases/{line['case_id']}")["matters"] if one["matter"] == line["matter"]
    ]
    assert matter["state"] == "COMPLETED"


@pytest.mark.parametrize("races", [20, pytest.param(50, marks=pytest.mark.long)])
def test_of_two_clients_one_wins_each_time_and_the_other_keeps_what_was_typed(
    office: Office, races: int
) -> None:
    """The log has one decision a race; who was second is told by whom, and 412."""
    case_id = office.cases[NAMES[2]]
    before = len(record_ids(office["window"], case_id))
    with ThreadPoolExecutor(2) as threads:
        for at in range(races):
            kind = "MATTER_RELEASED" if at % 2 else "MATTER_HELD"
            both = [
                (one, one.draw(case_id, "decide", matter=9, kind=kind))
                for one in (office["window"], office["second"])
            ]
            sent = [threads.submit(one.send, form, {"reason": f"{one.name}核定"}) for one, form in both]
            found = {one.result().status_code: one.result().json() for one in sent}
            assert found.keys() == {200, 412}, found
            winner = next(
                one.name for (one, form) in both if form["form"]["record_id"] == found[200]["record_id"]
            )
            assert winner in {one["by"] for one in found[412]["outcome"]["changes"]}
            assert winner not in found[412]["answers"]["reason"]
    assert len(record_ids(office["window"], case_id)) - before == races


FORMS: Final[tuple[tuple[str, str, dict[str, Any], dict[str, Any]], ...]] = (
    ("pension", "accept", {"matter": 4}, {}),
    ("pension", "return", {"matter": 5}, {"to_correct": ["缺申请表"]}),
    ("pension", "result", {"matter": 4}, {"outcome": "COMPLETED", "amount_fen": 123450}),
    ("window", "decide", {"matter": 8, "kind": "MATTER_HELD"}, {"reason": "等公证"}),
    ("window", "examine", {}, {"materials": ["1"], "originals_sighted": ["2"], "to_correct": ["缺照片"]}),
    ("window", "amend", {}, {"applicant.phone": "13900001234", "delivery": "WINDOW"}),
    ("window", "hand_out", {}, {"delivery": "MAIL", "postal_no": "1234567890123"}),
    ("window", "appoint", {}, {"scheduled_at": "2066-12-24T09:00:00+08:00", "place": "家中"}),
    ("hotline", "enquire", {}, {"text": "何时办结？", "matter": "4"}),
    ("hotline", "reply", {}, {"reply": "已转办理部门", "closed_at": "2026-03-02"}),
    ("window", "apply", {}, {"matters": ["9"], "applicant": APPLICANT, "banks": ["甘肃银行"]}),
    ("pension", "correct", {"matter": 4}, {"outcome": "COMPLETED", "amount_fen": 123456}),
    ("pension", "withdraw_result", {"matter": 5}, {}),
    ("window", "withdraw", {"kind": "appointment"}, {}),
)


def test_every_form_sent_twice_has_one_effect(office: Office) -> None:
    """At once, from two connections: one is ACCEPTED and one DUPLICATE, and the case has the record once."""
    assert {action for _, action, _, _ in FORMS} == DRAWN
    case_id = office.cases[NAMES[3]]
    with ThreadPoolExecutor(2) as threads:
        for who, action, subject, answers in FORMS:
            before = record_ids(office["window"], case_id)
            drawn = office[who].draw(case_id, action, **subject)
            chosen = {one["name"]: one["choices"] for one in drawn["questions"] if one["name"] == "results"}
            sent = [threads.submit(office[who].send, drawn, {**answers, **chosen}) for _ in range(2)]
            told = [one.result() for one in sent]
            assert [one.status_code for one in told] == [200, 200], (action, told[0].text, told[1].text)
            assert sorted(one.json()["status"] for one in told) == ["ACCEPTED", "DUPLICATE"], action
            after = record_ids(office["window"], case_id)
            assert sorted(after) == sorted([*before, drawn["form"]["record_id"]]), action


def test_an_announcement_is_acknowledged_once_whoever_does_it(office: Office) -> None:
    handler, case_id = office["pension"], office.cases[NAMES[4]]
    before = len(record_ids(office["window"], case_id))
    (told, *_) = handler.get(f"/cases/{case_id}")["announcements"]
    path = f"/announcements/{told['id']}/acknowledgement"
    assert [one.post(path, {})["status"] for one in (handler, office["head"])] == ["ACCEPTED", "DUPLICATE"]
    assert len(record_ids(office["window"], case_id)) == before + 1
    assert handler.ask("POST", f"/announcements/{uuid4()}/acknowledgement", json={}).status_code == 404


def test_what_does_not_stand_is_answered_with_what_was_typed(office: Office) -> None:
    """A form without its version, answers that nobody asked for, others under the same id, one of several."""
    window, case_id = office["window"], office.cases[NAMES[4]]
    drawn = window.draw(case_id, "decide", matter=7, kind="MATTER_HELD")
    form = drawn["form"]
    path, body = f"/cases/{case_id}/forms/{form['record_id']}", {**form, "answers": {"reason": "等公证"}}
    assert window.ask("PUT", path, json=body).json()["code"] == "if_match_missing"
    unfit = window.send(drawn, {"nonsense": "x"})
    assert (unfit.status_code, unfit.json()["code"]) == (422, "form_unfit")
    assert unfit.json()["answers"] == {"nonsense": "x"}
    assert window.send(drawn, {"reason": "等公证"}).status_code == 200
    other = window.send(drawn, {"reason": "另有原因"})
    assert (other.status_code, other.json()["code"]) == (422, "record_refused")
    unclear = office["pension"].ask("POST", f"/cases/{case_id}/forms", json={"action": "accept"})
    assert (unclear.status_code, unclear.json()["code"]) == (409, "subject_unclear")
    assert unclear.json()["subjects"] == [{"matter": 4}, {"matter": 5}]
    nothing = office["pension"].ask(
        "POST", f"/cases/{case_id}/forms", json={"action": "accept", "subject": {"matter": 9}}
    )
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_do")


def test_an_application_begins_a_case(office: Office) -> None:
    """A death at home: the family comes before any record does, and the number stands in no URL."""
    window, number = office["window"], new_number()
    drawn = window.post("/forms", {"person": number}, 201)
    typed = {**drawn["answers"], "name": "新近故", "matters": ["1"], "applicant": APPLICANT}
    assert [window.send(drawn, typed).json()["status"] for _ in range(2)] == ["ACCEPTED", "DUPLICATE"]
    assert window.get(f"/cases/{drawn['form']['case_id']}")["matters"][0]["state"] == "APPLIED"


def looked(door: DeskDoor, name: str, office: Office) -> list[str]:
    """Look at a case, or ask how it stands."""
    case_id = office.cases[name]
    if door is office["hotline"]:
        door.post("/progress", {"person": office.numbers[name], "audience": "12345"})
    elif door is office["window"]:
        door.post(f"/cases/{case_id}/unmask", {"reason": "核对"})
    else:
        door.get(f"/cases/{case_id}")
    return [case_id]


def searched(door: DeskDoor, name: str, office: Office) -> list[str]:
    """Search by the name or the number."""
    text = name if len(name) % 2 else office.numbers[name]
    return [one["case_id"] for one in door.post("/search", {"text": text})["cases"]]


def queued(door: DeskDoor, _name: str, _office: Office) -> list[str]:
    """Read a page of the queue."""
    lines = door.get("/queue?limit=3")["lines"]
    return [one["case_id"] for one in lines]


def watched(door: DeskDoor, name: str, office: Office) -> list[str]:
    """Ask who looked."""
    door.get(f"/cases/{office.cases[name]}/looks")
    return [office.cases[name]]


Use = Callable[[DeskDoor, str, Office], list[str]]
MIX: Final[tuple[tuple[str, Use], ...]] = (
    *(("window", looked), ("window", searched), ("window", queued), ("second", searched), ("second", queued)),
    *(("pension", looked), ("pension", queued), ("fund", queued), ("head", watched), ("head", looked)),
    *(("auditor", looked), ("auditor", watched), ("auditor", searched), ("hotline", looked)),
)


@pytest.mark.parametrize("number", [250, pytest.param(1000, marks=pytest.mark.long)])
def test_as_many_access_records_as_requests_naming_exactly_the_people_shown(
    stack: Settings, office: Office, number: int
) -> None:
    """Four at a time, of all roles: of each account exactly its own, by the API and the console."""
    drawn, before = Random(SEED), ends(stack, [ACCESS])
    asked = [(drawn.choice(MIX), drawn.choice(NAMES[1:])) for _ in range(number)]

    def serve(at: int) -> tuple[str, tuple[str, ...]]:
        (who, use), name = asked[at]
        return office[who].name, tuple(sorted(set(use(office[who], name, office))))

    with ThreadPoolExecutor(4) as threads:
        served = Counter(threads.map(serve, range(number)))
    reader = Reader(stack, before, before)
    raw = list(reader.to_end())
    reader.close()
    with Registry(stack.registry) as registry:
        decode = Decoder[Any](schema("access"), registry.schema_by_id).decode
        records = [decode(message.value()) for message in raw]
    mine = [one for one in records if one["actor"] in {door.name for door in office.doors.values()}]
    named = [[one["case_id"]] if one["case_id"] else one["case_ids"] for one in mine]
    assert Counter((one["actor"], tuple(sorted(ids))) for one, ids in zip(mine, named, strict=True)) == served
    assert {(one["system"], one["principal"]) for one in mine} == {("api", "console")}
    assert sum(len(ids) for ids in named) > number / 2


def test_no_person_stands_in_a_url_a_header_a_log_or_a_metric(stack: Settings, office: Office) -> None:
    """Whoever it was that all of this was about; it is found where it should be."""
    office["window"].post("/search", {"text": office.numbers[NAMES[0]]})
    assert NAMES[0] in office["window"].ask("GET", f"/cases/{office.cases[NAMES[0]]}").text
    outside = "\n".join(line for door in office.doors.values() for line in door.outside)
    logs = "\n".join(path.read_text(errors="replace") for path in Path(Home(stack.home).logs).glob("*.log"))
    monitor = find_monitor(Home(stack.home), "console", part_of(stack.home, "console").pid)
    metrics = httpx.get(f"{monitor}/metrics", trust_env=False).text
    for text in (*NAMES, *office.numbers.values(), APPLICANT["name"], APPLICANT["id_number"]):
        for place in (outside, logs, metrics):
            assert text not in place


def test_a_stream_tells_of_news_and_ends_when_its_holder_is_shut_out(stack: Settings, office: Office) -> None:
    """As everything else does that the account could do."""
    assert office["leader"].ask("GET", "/queue/events").status_code == 403
    shown = account(stack, "department_handler", department=PENSION)
    with DeskDoor(stack, shown) as door, door.stream() as lines:
        told: list[str] = []
        ended = threading.Event()

        def listen() -> None:
            told.extend(lines)
            ended.set()

        threading.Thread(target=listen, daemon=True).start()
        office.died({"孙玉珍": new_number()})
        wait_for("news", lambda: "event: changed" in told, seen=lambda: told)
        revoke(stack, shown["name"])
        wait_for("the stream to end", ended.is_set)
        assert door.ask("GET", "/queue").status_code == 401
        assert not any(one in line for line in told for one in (*NAMES, *office.cases.values()))


def answers(door: DeskDoor) -> bool:
    """Say whether the console answers."""
    try:
        return door.ask("GET", "/session").is_success
    except httpx.TransportError:
        return False


def test_sessions_outlive_the_console(stack: Settings, office: Office) -> None:
    """Killed, it is there again, and whoever was in is in."""
    killed = kill_part(stack.home, "console")
    wait_for_next_life(stack.home, killed)
    wait_for("the console to answer", lambda: answers(office["auditor"]))
    assert office["auditor"].get("/session")["role"] == "auditor"
