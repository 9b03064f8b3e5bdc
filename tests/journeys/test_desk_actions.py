"""What handlers do at the desk, on real parts: one effect each, whoever else is at it and whatever fails."""

import json
import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest

from avro_schemas.typed_documents import AnnouncementDocument, CaseDocument
from consumers.announcements.index import announcements_of_case
from consumers.log.connection_pool import connection_pool
from exchange.desk import department_writers
from exchange.desk.acknowledging import acknowledge
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.table import DRAWN
from exchange.desk.asker import Asker, NotAllowedError, shell
from exchange.desk.case_document import case_or_empty
from exchange.desk.department_writers import DepartmentWriters
from exchange.desk.desk import Desk, open_desk
from exchange.desk.drawing import NothingToDoError, SubjectUnclearError, draw
from exchange.desk.publishing import publish as publishing
from exchange.desk.publishing.case_lock import locked_case
from exchange.desk.publishing.outcome import FormOutcome
from exchange.desk.publishing.publish import publish
from exchange.runtime.accounts.tables import DeskTables
from exchange.runtime.principals import DESK
from exchange.runtime.settings import Settings, load_settings
from producers.admission import Admitted
from producers.publisher import Publisher
from tests.journeys.log_tools import read_all, topics_of
from tests.nowhere import NO_BROKERS
from tests.people import QINZHOU, id_number
from tests.running import ended
from tests.waiting import wait_for
from topics.catalogue import matters_topic

Exchange = Callable[..., subprocess.CompletedProcess[str]]
NAME: Final = "赵玉兰"
RACES: Final = 50
ZHANG, WANG = shell("张敏"), shell("王芳")
HELD, RELEASED = "MATTER_HELD", "MATTER_RELEASED"
APPLICANT: Final = {"name": "赵小明", "id_number": id_number(sequence=75), "relation": "子女"}
_PEOPLE: Final = count(1)


def new_person() -> str:
    """The number of somebody of whom nothing is known yet."""
    return id_number(QINZHOU, date(1931, 8, 1) + timedelta(next(_PEOPLE)), 718)


@pytest.fixture(scope="module")
def desk(stack: Settings) -> Iterator[Desk]:
    """A desk as a server has it."""
    with (
        connection_pool(load_settings(stack.home, DESK)) as pool,
        open_desk(load_settings(stack.home), 6, DeskTables(pool.connection)) as opened,
    ):
        yield opened


def case_of(desk: Desk, number: str) -> CaseDocument:
    """The case as readers see it."""
    with desk.session() as session:
        return case_or_empty(desk, session, desk.case_ids.of_key(number))


def died(desk: Desk, number: str, **pension: Any) -> str:
    """Somebody who drew a pension has died and the family has applied for two matters; the case's id."""
    now = datetime.now(UTC).isoformat()
    scheme = {"scheme": "EMPLOYEE_PENSION", "receiving_benefit": True, "account_balance_fen": 100}
    records = {
        "death_certificate": {"death_time": "2026-03-01T08:00:00+08:00", "death_cause": "脑出血"},
        "social_insurance": {**scheme, **pension},
        "application": {"applicant": APPLICANT, "matters": [4, 5]},
    }
    with Publisher(desk.settings) as publisher:
        person = {"recorded_at": now, "id_number": number, "name": NAME}
        inputs = [
            {"type": name, "record": {"record_id": str(uuid4()), **person, **fields}}
            for name, fields in records.items()
        ]
        assert {one.status for one in publisher.publish(inputs)} == {"ACCEPTED"}
    case_id = desk.case_ids.of_key(number)
    wait_for("the application in the read model", lambda: case_of(desk, number)["applications"])
    wait_for("that its department was told", lambda: told_of(desk, case_id))
    return case_id


def told_of(desk: Desk, case_id: str, to: str = "human_resources") -> list[AnnouncementDocument]:
    """What a department was told of a case, as the desk knows it."""
    with desk.session() as session:
        found = announcements_of_case(session.connection, to, case_id, desk.decode_announcement)
    return [one.document for one in found]


@pytest.fixture(scope="module")
def number() -> str:
    """Whom most of this is about."""
    return new_person()


@pytest.fixture(scope="module")
def case_id(desk: Desk, number: str) -> str:
    """That person's case."""
    return died(desk, number)


def decide(desk: Desk, asker: Asker, case_id: str, kind: str, matter: int = 9) -> Callable[[], FormOutcome]:
    """Draw a decision; return what sends it."""
    form = draw(desk, asker, "decide", case_id, FormSubject(matter, kind=kind))
    return lambda: publish(desk, asker, form, {"reason": f"{asker.name}核定"})


def decisions(desk: Desk, number: str) -> list[str]:
    """Who has decided in a case, decision by decision."""
    return [one["handler"] for one in case_of(desk, number)["decisions"]]


def ended_as(outcome: FormOutcome | None) -> str | None:
    """The status of the receipt with which a form was answered."""
    return outcome and outcome.receipt and outcome.receipt.status


def one_won(outcomes: list[FormOutcome]) -> bool:
    """Say whether one of two was published and the other is told by whom, and has lost nothing."""
    won = [one for one in outcomes if one.end == "ANSWERED"]
    lost = [one for one in outcomes if one.end == "CHANGED"]
    if len(won) != 1 or len(lost) != 1:
        return False
    winner = won[0].typed["reason"].removesuffix("核定")
    kept = lost[0].typed["reason"] != won[0].typed["reason"]
    return kept and winner in {one.by for one in lost[0].changes}


def race(home: Path, case_id: str, name: str, start: Any, outcomes: Any) -> None:
    """Take part in every race, in a process of its own."""
    with open_desk(load_settings(home)) as desk:
        for number in range(RACES // 2):
            send = decide(desk, shell(name), case_id, RELEASED if number % 2 else HELD)
            start.wait()
            outcomes.put((number, send()))


def test_of_two_processes_that_decide_at_once_one_wins_each_time(
    desk: Desk, case_id: str, number: str
) -> None:
    """The other is told who was faster, and has what she typed; the log has one decision a race."""
    before = len(decisions(desk, number))
    spawning = multiprocessing.get_context("spawn")
    start, outcomes = spawning.Barrier(2), spawning.Queue()
    home = desk.settings.home
    runners = [
        spawning.Process(target=race, args=(home, case_id, name, start, outcomes), daemon=True)
        for name in (ZHANG.name, WANG.name)
    ]
    for runner in runners:
        runner.start()
    found: dict[int, list[FormOutcome]] = {}
    for _ in range(RACES // 2 * 2):
        at, outcome = outcomes.get(timeout=60)
        found.setdefault(at, []).append(outcome)
    for runner in runners:
        runner.join()
    assert [at for at, both in found.items() if not one_won(both)] == []
    assert len(decisions(desk, number)) - before == RACES // 2


def test_of_two_threads_of_a_server_one_wins_each_time(desk: Desk, case_id: str, number: str) -> None:
    before = len(decisions(desk, number))
    with ThreadPoolExecutor(2) as threads:
        for at in range(RACES - RACES // 2):
            kind = RELEASED if at % 2 else HELD
            both = [decide(desk, one, case_id, kind, 7) for one in (ZHANG, WANG)]
            started = [threads.submit(send) for send in both]
            outcomes = [one.result() for one in started]
            assert one_won(outcomes), outcomes
    assert len(decisions(desk, number)) - before == RACES - RACES // 2


def test_two_matters_of_one_case_do_not_disturb_each_other(desk: Desk, case_id: str, number: str) -> None:
    """Drawn on the same state, sent one after the other: the first is none of the second's business."""
    first, second = (decide(desk, ZHANG, case_id, HELD, matter) for matter in (11, 12))
    assert [first().end, second().end] == ["ANSWERED", "ANSWERED"]


WITHDRAWN: Final = ("appointment", "enquiry", "handover", "decision", "examination")
FORMS_SENT: Final = (
    ("accept", FormSubject(4), {}),
    ("return", FormSubject(5), {"to_correct": ["缺申请表"]}),
    ("result", FormSubject(4), {"outcome": "COMPLETED", "amount_fen": 123450, "document_no": "甲1号"}),
    ("decide", FormSubject(8, kind=HELD), {"reason": "等公证"}),
    ("examine", FormSubject(), {"materials": ["1"], "originals_sighted": ["2"], "to_correct": ["缺照片"]}),
    ("amend", FormSubject(), {"delivery": "MAIL", "materials": ["1"]}),
    ("hand_out", FormSubject(), {"delivery": "MAIL", "postal_no": "1234567890123"}),
    ("appoint", FormSubject(), {"scheduled_at": "2066-12-24T09:00:00+08:00", "place": "家中"}),
    ("enquire", FormSubject(), {"text": "何时办结？", "matter": "4"}),
    ("reply", FormSubject(), {"reply": "已办结", "closed_at": "2026-03-02"}),
    ("apply", FormSubject(), {"matters": ["9"], "applicant": APPLICANT, "banks": ["甘肃银行"]}),
    ("correct", FormSubject(4), {"outcome": "COMPLETED", "amount_fen": 123456, "document_no": "甲2号"}),
    ("withdraw_result", FormSubject(5), {}),
    *(("withdraw", FormSubject(kind=kind), {}) for kind in WITHDRAWN),
)


def test_every_form_sent_twice_has_one_effect(desk: Desk) -> None:
    """The second time is answered with DUPLICATE, as everybody's second time is."""
    assert {action for action, _, _ in FORMS_SENT} == DRAWN, "what is announced is acknowledged below"
    number = new_person()
    case_id = died(desk, number)
    for action, subject, answers in FORMS_SENT:
        form = draw(desk, ZHANG, action, case_id, subject)
        chosen = {one.name: one.choices for one in form.questions if one.name == "results"}
        before = [one["record_id"] for one in case_of(desk, number)["records"]]
        typed = {**answers, **{name: [*values] for name, values in chosen.items()}}
        ends = [publish(desk, ZHANG, form, typed) for _ in range(2)]
        assert [ended_as(one) for one in ends] == ["ACCEPTED", "DUPLICATE"], (form.subject, ends[0].reasons)
        after = [one["record_id"] for one in case_of(desk, number)["records"]]
        assert sorted(after) == sorted([*before, form.record_id]), action
    (matter,) = [one for one in case_of(desk, number)["matters"] if one["matter"] == 4]
    assert (matter["state"], [one["amount_fen"] for one in matter["results"]]) == (
        "COMPLETED",
        [None, 123456],
    )


def test_an_amended_application_keeps_what_no_case_shows(desk: Desk) -> None:
    """The bank, a file's hash: they come from the log. Of two who amend, the second is told by whom."""
    number = new_person()
    case_id = died(desk, number)
    form = draw(desk, ZHANG, "apply", case_id, FormSubject())
    papers = [{"kind": 1, "sha256": "0" * 64}]
    asked = {"matters": ["9", "10"], "applicant": APPLICANT, "banks": ["甘肃银行"], "materials": papers}
    assert publish(desk, ZHANG, form, asked).is_in
    both = [
        draw(desk, one, "amend", case_id, FormSubject(application=form.record_id)) for one in (ZHANG, WANG)
    ]
    typed = {"applicant.phone": "13911112222", "delivery": "MAIL", "materials": ["3"]}
    assert publish(desk, WANG, both[1], typed).is_in
    second = publish(desk, ZHANG, both[0], {"delivery": "WINDOW"})
    assert (second.end, [one.by for one in second.changes]) == ("CHANGED", [WANG.name])
    found = {
        one["record_id"]: one for _, _, one in read_all(desk.settings, ["records.application"], {number})
    }
    before, after = found[form.record_id], found[both[1].record_id]
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        *("record_id", "action", "supersedes", "revision", "recorded_at", "handler"),
        *("applicant", "delivery", "materials"),
    }
    assert after["applicant"] == {**before["applicant"], "phone": "13911112222"}
    assert after["materials"] == [
        *before["materials"],
        {"kind": 3, "sha256": None, "original_sighted": False},
    ]
    assert (after["supersedes"], after["revision"]) == (form.record_id, 2)
    shown = [one for one in case_of(desk, number)["applications"] if one["record_id"] == both[1].record_id]
    assert [one["delivery"] for one in shown] == ["MAIL"]


def test_what_is_sent_again_with_other_answers_is_refused(desk: Desk, case_id: str) -> None:
    """It would be another record under the same id: nobody is told that it was taken."""
    form = draw(desk, ZHANG, "decide", case_id, FormSubject(6, kind=HELD))
    assert publish(desk, ZHANG, form, {"reason": "等公证"}).is_in
    again = publish(desk, ZHANG, form, {"reason": "另有原因"})
    assert again.receipt is not None
    assert (again.receipt.status, again.is_in) == ("REJECTED", False)


def test_an_application_begins_a_case(desk: Desk) -> None:
    """A death at home: the family comes before any record does. The other questions are left open."""
    number = new_person()
    form = draw(desk, ZHANG, "apply", desk.case_ids.of_key(number), FormSubject())
    typed = {"id_number": number, "name": NAME, "matters": ["1"], "applicant": APPLICANT}
    for status in ("ACCEPTED", "DUPLICATE"):
        outcome = publish(desk, ZHANG, form, typed)
        assert outcome.receipt is not None
        assert outcome.receipt.status == status
    assert case_of(desk, number)["matters"][0]["state"] == "APPLIED"


def test_an_announcement_is_acknowledged_once(desk: Desk, case_id: str, number: str) -> None:
    told = [one for _, _, one in read_all(desk.settings, [matters_topic("human_resources")], {case_id})]
    before = len(case_of(desk, number)["records"])
    outcomes = [acknowledge(desk, one, "human_resources", told[0]["id"]) for one in (ZHANG, WANG)]
    assert [one and one.receipt and one.receipt.status for one in outcomes] == ["ACCEPTED", "DUPLICATE"]
    assert len(case_of(desk, number)["records"]) == before + 1
    assert acknowledge(desk, ZHANG, "human_resources", str(uuid4())) is None


def test_two_who_acknowledge_at_once_make_one_record(desk: Desk, case_id: str) -> None:
    """Both have looked before either had published: the second finds it under the lock."""
    told = told_of(desk, case_id)[1]["id"]
    with ThreadPoolExecutor(2) as threads:
        started = [threads.submit(acknowledge, desk, one, "human_resources", told) for one in (ZHANG, WANG)]
        ends = [one.result() for one in started]
    statuses = {one.receipt.status for one in ends if one and one.receipt}
    assert statuses == {"ACCEPTED", "DUPLICATE"}


def certified(desk: Desk, number: str, **more: Any) -> tuple[str, str]:
    """Somebody is certified dead; the record's id, and that of what one department was told first."""
    record = {"record_id": str(uuid4()), "recorded_at": datetime.now(UTC).isoformat(), "name": NAME}
    death = {"death_time": "2026-03-01T08:00:00+08:00", "death_cause": "脑出血", "id_number": number}
    with Publisher(desk.settings) as publisher:
        inputs = [{"type": "death_certificate", "record": {**record, **death, **more}}]
        assert {one.status for one in publisher.publish(inputs)} == {"ACCEPTED"}
    case_id = desk.case_ids.of_key(number)
    wait_for("that its department was told", lambda: told_of(desk, case_id, "justice"))
    return record["record_id"], told_of(desk, case_id, "justice")[0]["id"]


def test_what_was_acknowledged_stays_so_where_the_number_is_corrected(desk: Desk) -> None:
    """The record stays in the case that forwards: the one that is shown by now does not have it."""
    wrong, right = new_person(), new_person()
    mistyped, told = certified(desk, wrong)
    assert ended_as(acknowledge(desk, ZHANG, "justice", told)) == "ACCEPTED"
    _, told_anew = certified(desk, right, action="AMENDED", revision=2, supersedes=mistyped)
    wait_for("that the case forwards", lambda: case_of(desk, wrong)["case_id"] == desk.case_ids.of_key(right))
    assert ended_as(acknowledge(desk, WANG, "justice", told)) == "DUPLICATE"
    assert ended_as(acknowledge(desk, WANG, "justice", told_anew)) == "ACCEPTED"


def test_whom_a_server_shows_is_counted_over_connections_that_are_kept(desk: Desk, case_id: str) -> None:
    """Twice the same person, once a day; the window may be shown as many as come."""
    clerk = Asker("李娜", "window_clerk", {}, "api")
    for _ in range(2):
        draw(desk, clerk, "decide", case_id, FormSubject(9, kind=HELD))
    assert desk.people.today(clerk, datetime.now(UTC)).shown == 1


def test_what_is_not_ones_own_is_refused_and_ones_own_is_not(desk: Desk) -> None:
    """Another department's matter, another role's action; a right that went while the form was open."""
    number = new_person()
    case_id = died(desk, number, record_id=str(uuid4()))
    own = Asker("王芳", "department_handler", {"department": "human_resources"}, "api")
    other = replace(own, kept_within={"department": "provident_fund"})
    form = draw(desk, own, "accept", case_id, FormSubject(4))
    before = len(case_of(desk, number)["records"])
    for asker in (other, replace(own, role="window_clerk"), replace(own, role="auditor")):
        with pytest.raises((NotAllowedError, NothingToDoError)):
            draw(desk, asker, "accept", case_id, FormSubject(4))
        with pytest.raises((NotAllowedError, NothingToDoError)):
            publish(desk, asker, form, {})
    assert len(case_of(desk, number)["records"]) == before
    assert publish(desk, own, form, {}).end == "ANSWERED"
    assert len(case_of(desk, number)["records"]) == before + 1


def test_what_there_is_not_to_do_is_not_drawn(desk: Desk) -> None:
    """Nobody has applied; and where two matters are meant, it is asked which."""
    case_id = died(desk, new_person())
    with pytest.raises(NothingToDoError):
        draw(desk, ZHANG, "accept", case_id, FormSubject(9))
    with pytest.raises(SubjectUnclearError) as unclear:
        draw(desk, ZHANG, "accept", case_id, FormSubject())
    assert unclear.value.subjects == (FormSubject(4), FormSubject(5))


def test_what_cannot_stand_goes_no_further_and_is_kept(desk: Desk, number: str, case_id: str) -> None:
    """It is told in words, and is no record: the quarantine has none of it. Put right, it is published."""
    quarantined = len(list(read_all(desk.settings, topics_of("quarantine"))))
    form = draw(desk, ZHANG, "apply", case_id, FormSubject())
    typed = {"matters": ["9"], "applicant": {**APPLICANT, "id_number": number, "name": NAME}}
    outcome = publish(desk, ZHANG, form, typed)
    assert (outcome.end, outcome.typed) == ("UNFIT", typed)
    assert outcome.reasons[0].field == "applicant.id_number"
    assert len(list(read_all(desk.settings, topics_of("quarantine")))) == quarantined
    assert publish(desk, ZHANG, form, {**typed, "applicant": APPLICANT}).end == "ANSWERED"


def test_a_county_publishes_under_its_name(desk: Desk) -> None:
    """And only what is its own people's: it is not even told that others have a case."""
    number = new_person()
    case_id = died(desk, number, county="秦州区")
    own = Asker("李娜", "county", {"department": "human_resources", "county": QINZHOU}, "api")
    elsewhere = replace(own, kept_within={**own.kept_within, "county": "620503"})
    with pytest.raises(NothingToDoError):
        draw(desk, elsewhere, "accept", case_id, FormSubject(4))
    outcome = publish(desk, own, draw(desk, own, "accept", case_id, FormSubject(4)), {})
    assert outcome.end == "ANSWERED", outcome.reasons
    last = next(one for one in case_of(desk, number)["records"] if one["record_id"] == outcome.form.record_id)
    assert last["county"] == "秦州区"


HOLD_THE_LOCK = """
import sys
from pathlib import Path
from exchange.desk.publishing.case_lock import locked_case
from exchange.runtime.accounts.tables import DeskTables
from exchange.runtime.principals import DESK
from exchange.runtime.settings import load_settings
with locked_case(load_settings(Path(sys.argv[1])), sys.argv[2], 5):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def locked_elsewhere(desk: Desk, case_id: str) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has the lock of a case."""
    command = [sys.executable, "-c", HOLD_THE_LOCK, str(desk.settings.home), case_id]
    with ended(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder


def waits_for_a_lock(desk: Desk) -> bool:
    """Say whether somebody waits for a case's lock."""
    with psycopg.connect(desk.settings.postgres) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        ).fetchone()
    return row != (0,)


def test_who_holds_the_lock_is_killed_and_the_next_goes_on(desk: Desk, case_id: str) -> None:
    send = decide(desk, ZHANG, case_id, HELD, 2)
    with locked_elsewhere(desk, case_id) as holder, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(send)
        wait_for("the second to wait for the lock", lambda: waits_for_a_lock(desk))
        assert not waiting.done()
        holder.kill()
        assert waiting.result().end == "ANSWERED"


def test_who_waits_too_long_is_told_and_keeps_what_was_typed(
    desk: Desk, case_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another case is not held up by it."""
    send = decide(desk, ZHANG, case_id, HELD, 3)
    other = decide(desk, ZHANG, died(desk, new_person()), HELD, 3)
    with locked_elsewhere(desk, case_id):
        with monkeypatch.context() as patched:
            patched.setattr(publishing, "LOCK_WITHIN_S", 0.1)
            outcome = send()
        assert (outcome.end, outcome.typed) == ("BUSY", {"reason": "张敏核定"})
        assert other().end == "ANSWERED"
    assert send().end == "ANSWERED"


def test_while_an_effect_is_not_seen_nobody_else_acts_on_the_case(
    desk: Desk, number: str, case_id: str
) -> None:
    """The first is told that it is being processed; the second waits, or finds what the first has done."""
    first = draw(desk, ZHANG, "decide", case_id, FormSubject(10, kind=HELD))
    second = decide(desk, WANG, case_id, RELEASED, 10)
    sent = publish(desk, ZHANG, first, {"reason": "等公证"}, seen_within_s=-1.0)
    assert sent.end == "BEING_PROCESSED"
    outcome = second()
    assert outcome.end in {"BUSY", "CHANGED"}
    wait_for("the effect of the first", lambda: second().end == "CHANGED")
    assert [one.by for one in second().changes if one.part == "decisions"] == [ZHANG.name]
    assert decisions(desk, number).count(WANG.name) == decisions(desk, number)[:-1].count(WANG.name)
    with psycopg.connect(desk.settings.postgres) as connection:
        left = connection.execute("SELECT record_id FROM work.under_way WHERE case_id = %s", (case_id,))
        assert left.fetchall() == []


def test_while_brokers_are_away_nothing_typed_is_lost(
    desk: Desk, case_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said what is away; the same form, sent again, is one record."""
    form = draw(desk, ZHANG, "decide", case_id, FormSubject(1, kind=HELD))
    monkeypatch.setattr(department_writers, "TAKEN_WITHIN_S", 0.5)
    nowhere = replace(desk.settings, kafka=NO_BROKERS)
    cut_off = replace(desk, writers=DepartmentWriters(nowhere))
    outcome = publish(cut_off, ZHANG, form, {"reason": "等公证"})
    assert (outcome.end, outcome.typed, outcome.receipt) == ("AWAY", {"reason": "等公证"}, None)
    assert "Kafka" in outcome.problem
    assert publish(desk, ZHANG, form, {"reason": "等公证"}).end == "ANSWERED"


CUT_OFF = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity JOIN pg_locks USING (pid)
WHERE locktype = 'advisory' AND usename = current_user
"""


@dataclass(frozen=True)
class CutOff(DepartmentWriters):
    """Writes a record, and then takes the connection that has the lock."""

    desk: Desk

    def write(self, record: Admitted) -> str:
        """Write it, and be cut off."""
        receipt_id = self.desk.writers.write(record)
        with psycopg.connect(self.desk.settings.postgres) as connection:
            assert connection.execute(CUT_OFF).fetchall() == [(True,)]
        return receipt_id


def test_who_loses_the_database_after_sending_is_told_that_it_is_under_way(
    desk: Desk, case_id: str, number: str
) -> None:
    """The log has the record, whatever became of who sent it; the next one waits for it, and sees it."""
    form = draw(desk, ZHANG, "decide", case_id, FormSubject(4, kind=HELD))
    later = decide(desk, WANG, case_id, RELEASED, 4)
    outcome = publish(replace(desk, writers=CutOff(desk)), ZHANG, form, {"reason": "等公证"})
    assert (outcome.end, outcome.is_in) == ("BEING_PROCESSED", True)
    wait_for("the effect", lambda: later().end == "CHANGED")
    assert form.record_id in [one["record_id"] for one in case_of(desk, number)["decisions"]]


def test_while_the_database_is_away_nothing_is_published(desk: Desk, number: str, case_id: str) -> None:
    """There is no lock without it."""
    form = draw(desk, ZHANG, "decide", case_id, FormSubject(1, kind=RELEASED))
    before = len(case_of(desk, number)["records"])
    away = replace(desk.settings, postgres="postgresql://nobody@127.0.0.1:1/exchange")
    outcome = publish(replace(desk, database=away), ZHANG, form, {"reason": "等公证"})
    assert (outcome.end, outcome.typed) == ("AWAY", {"reason": "等公证"})
    assert len(case_of(desk, number)["records"]) == before


def test_a_command_draws_a_form_and_a_file_sends_it(desk: Desk, exchange: Exchange, tmp_path: Path) -> None:
    """A program keeps the form, and may send it again: it is one record. The number stands in no argument."""
    number = new_person()
    case_id = died(desk, number)
    home = ("--home", str(desk.settings.home))
    drawn = exchange("return", case_id, "--matter", "4", "--draw", *home)
    form = json.loads(drawn.stdout)
    assert [one["name"] for one in form["questions"]] == ["to_correct", "reason"]
    file = tmp_path / "form.json"
    file.write_text(json.dumps(form | {"answers": {"to_correct": ["缺申请表"]}}), encoding="utf-8")
    for status in ("ACCEPTED", "DUPLICATE"):
        sent = exchange("return", "--file", str(file), "--json", *home)
        row = json.loads(sent.stdout)
        assert (sent.returncode, row["status"], row["end"]) == (0, status, "ANSWERED")
        assert row["record_id"] == form["form"]["record_id"]
    lacking = exchange("return", case_id, "--matter", "4", "--json", *home)
    row = json.loads(lacking.stdout)
    assert (lacking.returncode, row["status"], row["reasons"][0]["field"]) == (1, "REJECTED", "to_correct")
    assert number not in lacking.stderr
    for words, code in ((["accept"], 2), (["accept", case_id], 1), (["decide", case_id, "--kind", "X"], 2)):
        assert exchange(*words, *home).returncode == code, words


def test_a_person_is_asked_what_is_missing_and_nothing_else(desk: Desk) -> None:
    """Which of two matters, and what has to be put right; a remark can be left out."""
    number = new_person()
    case_id = died(desk, number)
    ours, theirs = os.openpty()
    os.write(ours, "5\n\n缺申请表，缺照片\n\n".encode())  # the empty line is no answer: it is asked again
    command = [sys.executable, "-m", "exchange", "return", case_id, "--home", str(desk.settings.home)]
    done = subprocess.run(command, stdin=theirs, capture_output=True, text=True, timeout=120, check=False)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("补正内容") == 1
    (returned,) = [one for one in case_of(desk, number)["matters"] if one["results"]]
    assert (returned["matter"], returned["results"][0]["to_correct"]) == (5, ["缺申请表", "缺照片"])


def test_threads_share_a_desk(desk: Desk) -> None:
    """Several cases at once: each has its own lock, and its own effect."""
    numbers = [new_person() for _ in range(3)]
    sends = [decide(desk, ZHANG, died(desk, one), HELD, 2) for one in numbers]
    outcomes: list[FormOutcome] = []
    threads = [threading.Thread(target=lambda send=send: outcomes.append(send())) for send in sends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.end for one in outcomes] == ["ANSWERED"] * len(numbers)
    assert [decisions(desk, one) for one in numbers] == [[ZHANG.name]] * len(numbers)


def test_the_lock_is_of_a_case_and_comes_free(desk: Desk, case_id: str) -> None:
    """A pool gets its connection back as it was: who takes it next has no lock, and commits as usual."""
    for _ in range(8):
        with locked_case(desk.database, case_id, 1.0):
            pass
    with desk.session() as session:
        assert not session.connection.autocommit
        assert session.connection.execute("SHOW lock_timeout").fetchone() == ("0",)
