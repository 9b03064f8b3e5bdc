"""The day's reckoning: what each department sent, and what came of it, down to the last record."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from exchange.runtime.settings import Settings
from tests.cases import given
from tests.journeys.log_tools import Encoding, produce
from tests.journeys.read_model_tools import disturb
from tests.people import MAIJI, id_number
from tests.running import run_exchange
from tests.waiting import wait_for

PERSON, OTHER = (id_number(MAIJI, sequence=number) for number in (911, 913))
_RECORDS = """
SELECT topic, partition, "offset", department, record_type, record_id, taken_at, logged, outcome, case_id,
    in_case, redeliveries, redelivered_at, redelivery_offset
FROM ledger.records ORDER BY topic, partition, "offset"
"""


def reconcile(settings: Settings, *words: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code and the lines of `exchange reconcile`."""
    told = run_exchange("reconcile", *words, "--json", "--home", str(settings.home))
    assert "Traceback" not in told.stderr, told.stderr
    return told.returncode, [json.loads(line) for line in told.stdout.splitlines()]


def sums(settings: Settings, department: str) -> dict[str, int]:
    """A department's numbers of today."""
    code, (row,) = reconcile(settings, "--department", department)
    assert code == 0, row
    return {name: value for name, value in row.items() if type(value) is int}


def test_every_record_of_a_day_is_counted_once_under_what_came_of_it(stack: Settings, tmp_path: Path) -> None:
    """Accepted, known already, refused, held, not readable, turned away at admission: none twice."""
    before = sums(stack, "civil_affairs")
    cremation = given("cremation", "reckoned", id_number=PERSON)
    lines = [
        cremation[1],
        {**cremation[1], "record_id": "00000000-0000-4000-8000-000000000911", "name": "另一人"},
        {**cremation[1], "record_id": "no uuid"},
    ]
    file = tmp_path / "records.jsonl"
    file.write_text("\n".join(json.dumps({"type": "cremation", "record": one}) for one in lines), "utf-8")
    run_exchange("publish", str(file), "--home", str(stack.home))
    topic, key, value = Encoding(stack).encode("cremation", dict(cremation[1]))
    produce(stack, [(topic, key, value), (topic, OTHER, value), (topic, key, b"\x00rubbish")])
    wanted = {
        "sent": 4,
        "accepted": 1,
        "held": 1,
        "duplicate": 1,
        "rejected": 1,
        "undecodable": 1,
        "turned_away": 1,
    }
    after: dict[str, int] = {}

    def is_counted() -> bool:
        after.update(sums(stack, "civil_affairs"))
        return after["pending"] == 0 and after["sent"] + after["undecodable"] >= before["sent"] + 5

    wait_for("every record to be counted", is_counted)
    found = {name: after[name] - before[name] for name in after}
    assert {name: number for name, number in found.items() if number} == wanted


def test_a_ledger_that_was_dropped_is_built_again_from_the_log_the_same(stack: Settings) -> None:
    """It holds nothing that the log does not say: whoever doubts it, drops it."""
    assert reconcile(stack)[0] == 0
    with psycopg.connect(stack.postgres) as connection:
        before = connection.execute(_RECORDS).fetchall()
    assert before
    disturb(stack, b"DROP SCHEMA ledger CASCADE")

    def is_back() -> bool:
        return reconcile(stack, "--check") == (0, [])

    wait_for("the ledger to be built again", is_back)
    with psycopg.connect(stack.postgres) as connection:
        assert connection.execute(_RECORDS).fetchall() == before


def test_a_day_is_shown_for_people_in_both_languages(stack: Settings) -> None:
    """The table says whether it adds up, and as of when."""
    told = run_exchange("reconcile", "--lang", "en", "--home", str(stack.home))
    assert told.returncode == 0, told.stderr
    assert "Reconciliation" in told.stdout
    assert "对账" in told.stdout
    assert "Beijing time" in told.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("--day", "2999-01-01"),
        ("--day", "yesterday"),
        ("--department", "nobody"),
        ("--check", "--day", "2026-01-01"),
    ],
)
def test_a_question_that_makes_no_sense_is_wrong_usage(stack: Settings, words: tuple[str, ...]) -> None:
    """A day that has not come, a department that does not publish, a check of the past."""
    assert reconcile(stack, *words) == (2, [])
