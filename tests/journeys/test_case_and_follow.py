"""A handler looks a case up, a department follows its matters, and every look is on record."""

import json
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

import psycopg
import pytest

from consumers.announcements.follower import follow
from consumers.log.copies import READ_MODEL
from consumers.read_model.search_keys import SearchKeys
from consumers.read_model.search_reader import SearchReader
from exchange.folding.case_ids import CaseIds
from exchange.runtime.home import Home
from exchange.runtime.principals import OPERATOR
from exchange.runtime.settings import Settings
from exchange.runtime.stack.ports import Claims
from tests.case_documents import CARD, PHONE, announcement_document, case_document
from tests.case_reading import CaseReader, TaskReader
from tests.journeys.log_tools import access_records, publish_events
from tests.journeys.read_model_tools import disturb, rows
from tests.people import LI_XIULAN, QINZHOU, id_number, id_number_15
from tests.running import ended
from tests.waiting import PATIENCE_S, wait_for
from topics.catalogue import CASES, matters_topic

pytestmark = pytest.mark.leaves("forgeries")

Exchange = Callable[..., subprocess.CompletedProcess[str]]
BORN = date(1931, 5, 6)
NUMBER, NUMBER_15 = id_number(QINZHOU, BORN, 713), id_number_15(QINZHOU, BORN, 713)
MOVED = id_number(QINZHOU, date(1931, 5, 7), 713)
NOBODY = id_number(QINZHOU, date(1931, 5, 8), 713)


@pytest.fixture(scope="module")
def case_id(stack: Settings) -> str:
    """A case in the read model, of a person whose number was another before."""
    case_ids = CaseIds(stack.case_key)
    current, former = case_ids.of_key(NUMBER), case_ids.of_key(MOVED)
    publish_events(stack, CASES, "case", [case_document(former, forwards_to=current), case_document(current)])
    reader = CaseReader(stack)
    wait_for(
        "both cases in the read model", lambda: all(reader.find(one) is not None for one in (current, former))
    )
    return current


def look(exchange: Exchange, stack: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """Ask for a case."""
    return exchange("case", *words, "--home", str(stack.home))


@pytest.mark.parametrize("asked", [NUMBER, NUMBER_15, MOVED], ids=["number", "15 digits", "former number"])
def test_a_case_is_found_by_every_number_the_person_had(
    stack: Settings, exchange: Exchange, case_id: str, asked: str
) -> None:
    """Whichever number stands in the family's papers."""
    told = look(exchange, stack, asked, "--json")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["case_id"] == case_id


def test_numbers_are_masked_by_default_and_in_both_views(
    stack: Settings, exchange: Exchange, case_id: str
) -> None:
    """Without a reason, nobody sees numbers."""
    for view in (("--json",), (), ("--lang", "en")):
        told = look(exchange, stack, case_id, *view)
        assert told.returncode == 0, told.stderr
        assert "李秀兰" in told.stdout
        assert not any(number in told.stdout + told.stderr for number in (LI_XIULAN, PHONE, CARD))


def test_numbers_are_shown_for_a_reason_that_goes_on_record(
    stack: Settings, exchange: Exchange, case_id: str
) -> None:
    """An auditor asks later who saw the number, and why."""
    told = look(
        exchange, stack, case_id, "--json", "--unmask", "--reason", "核对银行卡", "--actor", "clerk-7"
    )
    assert json.loads(told.stdout)["form"]["deceased"]["id_number"]["value"] == LI_XIULAN
    noted = [record for record in access_records(stack) if record["actor"] == "clerk-7"]
    assert {record["principal"] for record in noted} == {OPERATOR}
    assert len(noted) == 1
    assert (noted[0]["command"], noted[0]["case_id"], noted[0]["unmasked"]) == ("case", case_id, True)
    assert noted[0]["reason"] == "核对银行卡"
    assert "deceased.id_number" in noted[0]["fields"]
    assert LI_XIULAN not in str(noted)


def test_numbers_are_not_shown_without_a_reason(stack: Settings, exchange: Exchange, case_id: str) -> None:
    """`--unmask` alone is wrong usage."""
    for reason in ((), ("--reason", "  ")):
        told = look(exchange, stack, case_id, "--json", "--unmask", *reason)
        assert (told.returncode, told.stdout) == (2, "")


def test_without_an_access_record_nothing_is_shown(stack: Settings, exchange: Exchange, case_id: str) -> None:
    """No record, no view: here the brokers cannot be reached, while the case itself could be read."""
    claims = Claims()
    dead = {"EXCHANGE_KAFKA": f"127.0.0.1:{claims.claim(29092)}"}
    try:
        told = exchange("case", case_id, "--json", "--home", str(stack.home), environment=dead)
    finally:
        claims.release()
    assert (told.returncode, told.stdout) == (1, "")
    assert "could not be recorded" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_default_actor_is_the_user_of_the_system(
    stack: Settings, exchange: Exchange, case_id: str
) -> None:
    """Nobody looks without a name."""
    told = exchange("case", case_id, "--home", str(stack.home), environment={"LOGNAME": "window-3"})
    assert told.returncode == 0
    assert "window-3" in {record["actor"] for record in access_records(stack)}


@pytest.mark.parametrize("asked", [NOBODY, "0" * 32, "nonsense"])
def test_no_such_case_is_one_sentence_and_exit_code_1(
    stack: Settings, exchange: Exchange, asked: str
) -> None:
    """A program reads the code, a person the line; the number is not repeated."""
    told = look(exchange, stack, asked, "--json")
    assert (told.returncode, told.stdout) == (1, "")
    assert len(told.stderr.splitlines()) == 2
    assert asked not in told.stderr


def test_the_read_model_dropped_is_built_again_with_the_same_rows(stack: Settings, case_id: str) -> None:
    """Everything in it follows from the log."""
    before = rows(stack)
    assert before[0]
    disturb(stack, b"DROP SCHEMA read_model CASCADE")
    wait_for("the rows as before", lambda: rows(stack) == before)


def test_readers_are_never_refused_while_another_layout_is_built(stack: Settings, case_id: str) -> None:
    """A city's people do not wait for a new version: they read the old one's rows until the new are whole."""
    before, stop = rows(stack), threading.Event()
    read: Callable[[], object] = partial(CaseReader(stack).find, case_id)
    readers = [
        *(read, TaskReader(stack).count, partial(TaskReader(stack).find, done_too=True)),
        partial(SearchReader(stack, SearchKeys.of_home(Home(stack.home))).find, "name", "李秀兰"),
    ]

    def poll(ask: Callable[[], object]) -> set[bytes]:
        answers = set()
        while not stop.is_set():
            answers.add(pickle.dumps(ask()))
        return answers

    with ThreadPoolExecutor(len(readers)) as people:
        polled = [people.submit(poll, one) for one in readers]
        disturb(stack, b"UPDATE read_model.life SET version = 8")
        try:
            wait_for("the new layout in the old one's place", lambda: version(stack) == READ_MODEL.version)
        finally:
            stop.set()
        assert [len(one.result()) for one in polled] == [1, 1, 1, 1]
    assert rows(stack) == before


def version(stack: Settings) -> int:
    """Of the layout that is read."""
    with psycopg.connect(stack.postgres) as connection:
        row = connection.execute("SELECT version FROM read_model.life").fetchone()
    return int(row[0]) if row else 0


def test_a_position_beyond_the_end_of_the_log_means_another_log(stack: Settings, case_id: str) -> None:
    """A database that outlived its cluster is not believed."""
    before = rows(stack)
    disturb(
        stack,
        b"UPDATE read_model.positions SET next_offset = 1000000 WHERE partition = 5",
        b"INSERT INTO read_model.cases SELECT 'stale', death_established, document, schema_id, partition,"
        b" updated_at, found_by FROM read_model.cases LIMIT 1",
    )
    wait_for("the rows as before", lambda: rows(stack) == before)


@pytest.fixture(scope="module")
def announced(stack: Settings) -> str:
    """An announcement published twice, and another one."""
    documents = [announcement_document(one) for one in ("twice", "once", "twice")]
    publish_events(stack, matters_topic("police"), "announcement", documents)
    return "twice"


def test_a_department_sees_each_announcement_once_and_the_end(
    stack: Settings, exchange: Exchange, announced: str
) -> None:
    """What is delivered twice is shown once; `--until-idle` ends by itself."""
    words = ("follow", "police", "--json", "--from-start", "--until-idle", "0.2", "--actor", "duty-officer")
    told = exchange(*words, "--home", str(stack.home))
    assert told.returncode == 0, told.stderr
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    shown = [row for row in rows if row["id"] in {"once", "twice"}]
    assert [row["id"] for row in shown] == ["twice", "once"]
    assert shown[0]["draft"]["deceased.id_number"]["value"] == LI_XIULAN
    noted = [record for record in access_records(stack) if record["actor"] == "duty-officer"]
    assert [(one["command"], one["department"], one["case_id"]) for one in noted] == [
        ("follow", "police", None)
    ]


def test_people_read_announcements_with_numbers_masked(
    stack: Settings, exchange: Exchange, announced: str
) -> None:
    """A screen is seen by who passes."""
    told = exchange("follow", "police", "--from-start", "--until-idle", "0", "--home", str(stack.home))
    assert "户口注销" in told.stdout
    assert LI_XIULAN not in told.stdout


def test_only_what_is_new_is_shown_by_default(stack: Settings, announced: str) -> None:
    """A follower that begins today does not read last year's."""
    assert list(follow(stack, "police", until_idle_s=0)) == []


@pytest.fixture
def following(stack: Settings) -> Iterator["subprocess.Popen[str]"]:
    """Somebody who follows the police's matters from now on."""
    words = [sys.executable, "-m", "exchange", "follow", "police", "--json", "--home", str(stack.home)]
    started = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with ended(started) as process:
        assert process.stderr is not None
        assert any("Following police" in line for line in process.stderr)
        yield process


def test_an_announcement_is_shown_as_it_comes_and_ctrl_c_ends_quietly(
    stack: Settings, following: "subprocess.Popen[str]"
) -> None:
    """Live, line by line; and leaving is no error."""
    publish_events(stack, matters_topic("police"), "announcement", [announcement_document("live")])
    assert following.stdout is not None
    assert following.stderr is not None
    assert json.loads(following.stdout.readline())["id"] == "live"
    following.send_signal(signal.SIGINT)
    assert following.wait(PATIENCE_S) == 0
    assert following.stderr.read() == ""


@pytest.mark.parametrize("department", ["nobody", "service_centre"])
def test_an_unknown_department_is_wrong_usage_and_told_the_right_ones(
    stack: Settings, exchange: Exchange, department: str
) -> None:
    """Codes need not be known by heart."""
    told = exchange("follow", department, "--home", str(stack.home))
    assert (told.returncode, told.stdout) == (2, "")
    assert "financial_regulation" in told.stderr
