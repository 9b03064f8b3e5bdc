"""Tasks are carried into the read model, shown to people and programs, and acknowledged."""

import json
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from exchange.folding.case_ids import CaseIds
from exchange.runtime.settings import Settings
from tests.case_documents import (
    ESTABLISHED_AT,
    announcement_document,
    case_document,
    conflict,
    decision,
    filled,
    task_document,
)
from tests.case_reading import CaseReader, TaskReader
from tests.journeys.log_tools import access_records, publish_events, read_all
from tests.journeys.read_model_tools import disturb, rows
from tests.people import QINZHOU, id_number
from tests.waiting import wait_for
from topics.catalogue import CASES, TASKS, load_catalogue, matters_topic

pytestmark = pytest.mark.leaves("forgeries")

Exchange = Callable[..., subprocess.CompletedProcess[str]]
NUMBER = id_number(QINZHOU, date(1933, 4, 5), 714)
FORMER = id_number(QINZHOU, date(1933, 4, 6), 714)
REVIVED = id_number(QINZHOU, date(1933, 4, 9), 714)
TOLD_OF = id_number(QINZHOU, date(1933, 4, 8), 714)
NOBODY = id_number(QINZHOU, date(1933, 4, 7), 714)
ACKNOWLEDGEMENTS = load_catalogue().record_topic("acknowledgement", "police").name


def at(days: int) -> Any:
    """A moment this many days after the death was recorded."""
    return ESTABLISHED_AT + timedelta(days=days)


def publish_tasks(settings: Settings, *tasks: dict[str, Any]) -> None:
    """Write tasks as the join does, and return when the read model has them."""
    publish_events(settings, TASKS, "task", list(tasks), key="task_id")
    last = {task["task_id"]: task["state"] for task in tasks}
    reader = TaskReader(settings)
    wait_for(
        "the tasks in the read model",
        lambda: last.items() <= {one["task_id"]: one["state"] for one in reader.find(done_too=True)}.items(),
    )


@pytest.fixture(scope="module")
def case_id(stack: Settings) -> str:
    """A case with a decision to review and a conflict, of a person who had another number before.

    The former number's case still has something to acknowledge, and something that was done long ago.
    """
    case_ids = CaseIds(stack.case_key)
    current, former = case_ids.of_key(NUMBER), case_ids.of_key(FORMER)
    torn = conflict(
        "deceased.death_time", "2026-01-03", "2026-01-04", rule="death_date_differs", decisive=True
    )
    reopened = decision("CONFLICT_RESOLVED", "REOPENED", in_favour_of="certificate-1")
    documents = [
        case_document(former, forwards_to=current),
        case_document(current, conflicts=[torn], decisions=[reopened]),
    ]
    publish_events(stack, CASES, "case", documents)
    reader = CaseReader(stack)
    wait_for(
        "both cases in the read model", lambda: all(reader.find(one) is not None for one in (current, former))
    )
    by_handlers = {"owed_by": "service_centre", "matter": None, "due": None}
    publish_tasks(
        stack,
        task_document("review", current, kind="REVIEW_DECISION", subject="decision-1")
        | by_handlers
        | {"opened_at": at(2)},
        task_document("resolve", current, kind="RESOLVE_CONFLICT", subject="death_date_differs")
        | by_handlers
        | {"opened_at": at(1)},
        task_document("sign", former),
        task_document("signed", former),
    )
    publish_tasks(
        stack,
        task_document("sign", former, state="LATE", at=at(1)),
        task_document("signed", former, state="DONE", at=at(1)),
    )
    return current


def ask(exchange: Exchange, stack: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """Ask who owes what."""
    return exchange("tasks", *words, "--home", str(stack.home))


def ids(told: subprocess.CompletedProcess[str]) -> list[str]:
    """Which tasks a program was told of, in order."""
    assert told.returncode == 0, told.stderr
    return [json.loads(line)["task_id"] for line in told.stdout.splitlines()]


def test_what_is_owed_comes_oldest_first_and_what_is_done_only_when_asked_for(
    stack: Settings, exchange: Exchange, case_id: str
) -> None:
    """Whoever begins at the top does what has waited longest."""
    of_case = ("--case", case_id, "--json")
    assert ids(ask(exchange, stack, *of_case)) == ["resolve", "review"]
    assert ids(ask(exchange, stack, *of_case, "--owed-by", "police")) == []
    of_person = ("--case", FORMER, "--json")
    assert ids(ask(exchange, stack, *of_person)) == ["sign", "resolve", "review"]
    assert ids(ask(exchange, stack, *of_person, "--all", "--owed-by", "police")) == ["sign", "signed"]


def test_a_program_is_told_every_field_with_instants_in_utc(
    stack: Settings, exchange: Exchange, case_id: str
) -> None:
    """A department's system needs nothing else to remind its own people."""
    told = ask(exchange, stack, "--owed-by", "police", "--json")
    (row,) = (row for row in map(json.loads, told.stdout.splitlines()) if row["task_id"] == "sign")
    assert row.items() >= {"kind": "ACKNOWLEDGE", "state": "LATE", "matter": 3, "records": []}.items()
    assert row["due"] == "2026-01-06T02:30:00.000000Z"


def test_people_read_a_table_with_late_tasks_marked(
    stack: Settings, exchange: Exchange, case_id: str
) -> None:
    """At the window it is read in Chinese, and by visitors in English."""
    of_person = (
        "--case",
        FORMER,
    )  # a table of everybody's is as wide as others' tasks make it, and breaks words
    told = ask(exchange, stack, *of_person)
    known = ("逾期 · late", "签收通知", "市公安局", "3 户口注销", "2026-01-06 10:30:00", "核定数据冲突")
    for wanted in known:
        assert wanted in told.stdout
    assert "Public Security Bureau" in ask(exchange, stack, *of_person, "--lang", "en").stdout


def test_a_department_that_owes_nothing_is_told_so(stack: Settings, exchange: Exchange, case_id: str) -> None:
    """An empty list is an answer."""
    told = ask(exchange, stack, "--case", case_id, "--owed-by", "market_regulation")
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "没有待办。\n  Nothing is owed.\n")


def test_only_asking_by_a_number_is_a_look_at_a_person(
    stack: Settings, exchange: Exchange, case_id: str
) -> None:
    """A case id says nothing of anybody; a number does, found or not."""
    for asked in (NUMBER, case_id, NOBODY):
        ask(exchange, stack, "--case", asked, "--actor", "clerk-9")
    ask(exchange, stack, "--actor", "clerk-9")
    noted = [record for record in access_records(stack) if record["actor"] == "clerk-9"]
    assert {(one["command"], one["case_id"]) for one in noted} == {
        ("tasks", case_id),
        ("tasks", CaseIds(stack.case_key).of_key(NOBODY)),
    }
    assert len(noted) == 2


@pytest.mark.parametrize(("words", "code"), [(("--case", NOBODY), 1), (("--case", "nonsense"), 1)])
def test_tasks_of_no_case_are_refused_in_one_sentence(
    stack: Settings, exchange: Exchange, case_id: str, words: tuple[str, ...], code: int
) -> None:
    """A slip of the pen does not mean that nothing is owed."""
    told = ask(exchange, stack, *words, "--json")
    assert (told.returncode, told.stdout) == (code, "")
    assert len(told.stderr.splitlines()) == 2
    assert words[1] not in told.stderr


def test_an_unknown_department_is_wrong_usage(stack: Settings, exchange: Exchange) -> None:
    """And is told the right ones."""
    told = ask(exchange, stack, "--owed-by", "nobody")
    assert told.returncode == 2
    assert "service_centre" in told.stderr


def test_a_case_shows_what_is_owed_what_is_torn_and_what_was_decided(
    stack: Settings, exchange: Exchange, case_id: str
) -> None:
    """One page tells a handler what to do next, whichever number the family has."""
    shown = exchange("case", FORMER, "--home", str(stack.home)).stdout
    for wanted in ("待办 · Owed", "逾期 · late", "死亡日期不一致", "须重新核定 · to be decided again"):
        assert wanted in shown
    row = json.loads(exchange("case", FORMER, "--json", "--home", str(stack.home)).stdout)
    assert [task["task_id"] for task in row["tasks"]] == ["sign", "signed", "resolve", "review"]
    assert [one["standing"] for one in row["decisions"]] == ["REOPENED"]
    assert row["forwards_to"] is None


@pytest.mark.parametrize(
    ("language", "line"),
    [("zh", "待办 {owed} 项，逾期 {late} 项"), ("en", "{owed} owed, {late} of them late")],
)
def test_status_says_in_one_line_how_much_is_owed(
    stack: Settings, exchange: Exchange, case_id: str, language: str, line: str
) -> None:
    """An operator sees at once that somebody is waited for; programs read what they always read."""
    count = TaskReader(stack).count()
    assert count.late >= 1
    told = exchange("status", "--lang", language, "--home", str(stack.home))
    assert line.format(owed=count.owed, late=count.late) in told.stderr
    plain = json.loads(exchange("status", "--json", "--home", str(stack.home)).stdout)
    assert plain.keys() >= {"kafka", "registry", "postgres", "gateway", "console", "parts"}


STALE = (
    b"INSERT INTO read_model.tasks SELECT 'stale', case_id, kind, state, owed_by, matter, instance, county,"
    b" subject, records, opened_at, due, at FROM read_model.tasks LIMIT 1"
)


@pytest.mark.parametrize(
    "statement",
    [
        b"DROP SCHEMA read_model CASCADE",
        b"UPDATE read_model.life SET version = 1",
        b"""UPDATE read_model.life SET topic_lives = topic_lives || '{"tasks": "another"}'""",
        b"UPDATE read_model.positions SET next_offset = 1000000 WHERE topic = 'tasks' AND partition = 5",
        b"DELETE FROM read_model.positions WHERE topic = 'tasks'",
    ],
    ids=["dropped", "other layout", "other life of tasks", "beyond the end", "a topic is new"],
)
def test_tasks_are_built_again_with_the_cases_whenever_the_model_is_not_of_this_log(
    stack: Settings, case_id: str, statement: bytes
) -> None:
    """Everything in the read model follows from the log, and nothing else may stay in it."""
    before = rows(stack)
    assert {task[0] for task in before[2]} >= {"sign", "signed", "resolve", "review"}
    disturb(stack, STALE, statement)
    wait_for("the rows as before", lambda: rows(stack) == before)


@pytest.fixture(scope="module")
def withdrawn(stack: Settings) -> str:
    """A withdrawal that the police were sent after what it takes back, with the number but no name."""
    case_id = CaseIds(stack.case_key).of_key(TOLD_OF)
    ready, suspended = str(uuid4()), str(uuid4())
    named = {"deceased.name": filled("李秀兰"), "deceased.id_number": filled(TOLD_OF)}
    nameless = {**named, "deceased.name": filled(None, "conflict")}
    documents = [
        announcement_document(ready, case_id, draft=named),
        announcement_document(suspended, case_id, transition="SUSPENDED", draft=nameless),
        announcement_document("of-nobody", "e" * 32, transition="SUSPENDED", draft={}),
    ]
    publish_events(stack, matters_topic("police"), "announcement", documents)
    return suspended


def acknowledge(
    exchange: Exchange, stack: Settings, announcement_id: str, handler: str = "民警 李明", *words: str
) -> subprocess.CompletedProcess[str]:
    """Acknowledge for the police."""
    asked = ("acknowledge", announcement_id, "--as", "police", "--handler", handler, *words)
    return exchange(*asked, "--home", str(stack.home))


def test_a_withdrawal_is_acknowledged_once_whoever_does_it_again(
    stack: Settings, exchange: Exchange, withdrawn: str
) -> None:
    """Two on duty may both do it; one record says who was first."""
    first = acknowledge(exchange, stack, withdrawn, "民警 李明", "--json")
    again = acknowledge(exchange, stack, withdrawn, "民警 王芳", "--json")
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    receipts = [json.loads(told.stdout) for told in (first, again)]
    assert [receipt["status"] for receipt in receipts] == ["ACCEPTED", "DUPLICATE"]
    assert receipts[0]["record_id"] == receipts[1]["record_id"]
    assert {receipt["case_id"] for receipt in receipts} == {CaseIds(stack.case_key).of_key(TOLD_OF)}
    records = [one for _, _, one in read_all(stack, [ACKNOWLEDGEMENTS])]
    written = [one for one in records if one["announcement_id"] == withdrawn]
    assert [(one["handler"], one["id_number"], one["name"]) for one in written] == [
        ("民警 李明", TOLD_OF, "李秀兰")
    ]


def test_people_read_what_became_of_an_acknowledgement(
    stack: Settings, exchange: Exchange, withdrawn: str
) -> None:
    """In words; the person is not named."""
    told = acknowledge(exchange, stack, withdrawn)
    assert told.returncode == 0
    assert withdrawn in told.stderr
    assert TOLD_OF not in told.stdout + told.stderr


def test_a_revocation_is_owed_by_who_was_told_until_it_is_acknowledged(
    stack: Settings, exchange: Exchange, tmp_path: Path
) -> None:
    """Not dead after all: justice was told of the death, and has to say that it knows it is none."""
    case_id = CaseIds(stack.case_key).of_key(REVIVED)
    person = {"recorded_at": "2025-09-02T09:00:00+08:00", "id_number": REVIVED, "name": "张三"}
    death = {"death_time": "2025-09-01", "death_cause": "肺炎", **person}
    issued, revoked = str(uuid4()), str(uuid4())
    records = [
        {"record_id": issued, **death},
        {"record_id": revoked, "action": "REVOKED", "supersedes": issued, "revision": 2, **death},
    ]
    lines = [json.dumps({"type": "death_certificate", "record": record}) for record in records]
    (tmp_path / "records.jsonl").write_text("\n".join(lines), encoding="utf-8")
    published = exchange("publish", str(tmp_path / "records.jsonl"), "--home", str(stack.home))
    assert published.returncode == 0, published.stderr

    def owed() -> list[dict[str, Any]]:
        return TaskReader(stack).find(owed_by="justice", case_ids={case_id})

    wait_for("the task", lambda: bool(owed()))
    (task,) = owed()
    words = (
        "acknowledge",
        task["subject"],
        "--as",
        "justice",
        "--handler",
        "赵强",
        "--home",
        str(stack.home),
    )
    assert exchange(*words).returncode == 0
    wait_for("the task to be done", lambda: not owed())
    (done,) = TaskReader(stack).find(owed_by="justice", case_ids={case_id}, done_too=True)
    assert (done["task_id"], done["state"]) == (task["task_id"], "DONE")


@pytest.mark.parametrize("announcement_id", ["of-nobody", "11111111-2222-4333-8444-555555555555"])
def test_what_was_not_told_or_names_nobody_can_not_be_acknowledged(
    stack: Settings, exchange: Exchange, withdrawn: str, announcement_id: str
) -> None:
    """A wrong id is a slip: nothing is published, and the text says what to do."""
    told = acknowledge(exchange, stack, announcement_id)
    assert (told.returncode, told.stdout) == (1, "")
    assert len(told.stderr.splitlines()) == 4
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    "words", [("--as", "service_centre", "--handler", "x"), ("--as", "police", "--handler", " ")]
)
def test_who_is_told_of_nothing_and_nobody_do_not_acknowledge(
    stack: Settings, exchange: Exchange, words: tuple[str, ...]
) -> None:
    """Wrong usage, before anything is read."""
    told = exchange("acknowledge", "any", *words, "--home", str(stack.home))
    assert told.returncode == 2
