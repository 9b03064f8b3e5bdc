"""Whoever folds the log again finds what is not as the log says, by case and field, while work goes on."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from avro_schemas.catalogue import released_versions, schema
from exchange.folding.partitions import partition_of
from exchange.runtime.kafka.clients import make_producer
from exchange.runtime.registry.client import Registry, subject_ids
from exchange.runtime.registry.serde import Encoder
from exchange.runtime.settings import Settings
from producers.sample.city import sample_city
from tests.case_documents import as_at_first
from tests.cases import given, next_of
from tests.journeys.live import Document, Live
from tests.journeys.log_tools import CATALOGUE
from tests.people import MAIJI, id_number
from tests.running import ended
from tests.waiting import PATIENCE_S
from topics.catalogue import CASES, TASKS, matters_topic

Exchange = Callable[..., subprocess.CompletedProcess[str]]
ALTERED, HIDDEN, UNTOLD, DROPPED = (id_number(MAIJI, date(1932, 3, 4) + timedelta(n), 815) for n in range(4))
REVOKED = given("death_certificate", "verify revoked", id_number=DROPPED)


@pytest.fixture(scope="module")
def live(stack: Settings) -> Live:
    """An exchange in which four have died, one of them by mistake."""
    live = Live(stack)
    deaths = [given("death_certificate", f"verify {n}", id_number=n) for n in (ALTERED, HIDDEN, UNTOLD)]
    live.publish(*deaths, REVOKED)
    live.publish(next_of(REVOKED, "REVOKED", "verify alive", recorded_at="2026-09-02T09:00:00+08:00"))
    return live


ALTER_RECEIPT = "UPDATE read_model.receipts SET status = %s WHERE case_id = %s RETURNING receipt_id"
TAKE_ANNOUNCEMENTS = "DELETE FROM read_model.announcements WHERE case_id = %s RETURNING *"
PUT_ANNOUNCEMENT = f"INSERT INTO read_model.announcements VALUES ({', '.join(['%s'] * 13)})"  # noqa: S608 - places alone
OF_EVERY_OLDER_CASE = {"matters[6].materials[2].required"}
"""Matter 7 goes on without the social card by now."""


def verified(exchange: Exchange, live: Live, *words: str) -> tuple[int, list[Document], Document]:
    """Verify; return the exit code, the differences and the summary."""
    told = exchange("verify", "--json", *words, "--home", str(live.settings.home))
    assert told.stdout, told.stderr
    *differences, summary = (json.loads(line) for line in told.stdout.splitlines())
    return told.returncode, differences, summary


def plant(live: Live, number: str, topic: str, key: str, document: Document) -> None:
    """Write an event about this number's case where the join would, though no record gives cause."""
    event = CATALOGUE.by_name[topic].schema or ""
    value = Encoder(schema(event), subject_ids(live.settings)[topic]).encode(document)
    _produce(live, number, topic, key, value)


def plant_older(live: Live, number: str, case: Document) -> None:
    """Write a case as the first version did, which knew no warnings."""
    older = released_versions("case")[0]
    with Registry(live.settings.registry) as registry:
        _, schema_id = registry.register(f"{CASES}-value", older)
    value = Encoder(older, schema_id).encode(as_at_first(case))
    _produce(live, number, CASES, case["case_id"], value)


def _produce(live: Live, number: str, topic: str, key: str, value: bytes) -> None:
    producer = make_producer(live.settings.kafka)
    producer.produce(topic, value, key, partition=partition_of(number, CATALOGUE.by_name[topic].partitions))
    assert producer.flush(PATIENCE_S) == 0


@pytest.fixture
def tampered(live: Live) -> Iterator[dict[str, Any]]:
    """Somebody has written past the log's back; afterwards everything is as it was."""
    live.until_visible()
    case, hidden = live.case(ALTERED), live.case(HIDDEN)
    told = live.told(UNTOLD)[0]
    task = next(one for one in live.tasks(DROPPED) if one["kind"] == "ACKNOWLEDGE")
    topic = matters_topic(told["department"])
    plant(live, ALTERED, CASES, case["case_id"], {**case, "corroborated_by": ["cremation"]})
    plant(live, UNTOLD, topic, told["case_id"], {**told, "transition": "SUSPENDED", "id": "forged"})
    plant(live, DROPPED, TASKS, task["task_id"], {**task, "state": "DONE"})
    with psycopg.connect(live.settings.postgres, autocommit=True) as connection:
        connection.execute("DELETE FROM read_model.cases WHERE case_id = %s", (hidden["case_id"],))
        altered = connection.execute(ALTER_RECEIPT, ("HELD", case["case_id"])).fetchall()
        gone = connection.execute(TAKE_ANNOUNCEMENTS, (case["case_id"],)).fetchall()
        yield {"told": told, "task": task, "receipts": altered, "announcements": gone}
        connection.execute(ALTER_RECEIPT, ("ACCEPTED", case["case_id"]))
        connection.cursor().executemany(PUT_ANNOUNCEMENT, gone)
    plant(live, ALTERED, CASES, case["case_id"], case)
    plant(live, HIDDEN, CASES, hidden["case_id"], hidden)
    plant(live, UNTOLD, topic, told["case_id"], told)
    plant(live, DROPPED, TASKS, task["task_id"], task)


def test_whatever_was_written_behind_the_logs_back_is_named(
    live: Live, exchange: Exchange, tampered: dict[str, Any]
) -> None:
    """A case altered, a row gone, an announcement and a task taken back: each is named, and nothing else.

    Of the index, too: a receipt whose row has another status, and rows of what a department was told.
    """
    code, differences, summary = verified(exchange, live)
    told, task = tampered["told"], tampered["task"]
    place = f"{told['matter']:02d}/{told['department']}/{told['instance'] or ''}"
    found = {
        (one["case_id"], one["difference"], one["name"], *one["missing_in"], *one["fields"])
        for one in differences
    }
    altered = live.case_id(ALTERED)
    index = {(altered, "index row", receipt_id, "status") for (receipt_id,) in tampered["receipts"]} | {
        (altered, "index row", f"{department}/{partition}/{offset}", "read_model")
        for department, partition, offset, *_ in tampered["announcements"]
    }
    assert len(tampered["receipts"]) == 1 <= len(tampered["announcements"])
    assert found == index | {
        (altered, "case", "", "corroborated_by"),
        (live.case_id(HIDDEN), "case", "", "read_model"),
        (live.case_id(UNTOLD), "announcement", place, "live"),
        (live.case_id(DROPPED), "task of a withdrawal", task["subject"], "live"),
    }
    assert (code, summary["equal"], summary["differences"]) == (1, False, 4 + len(index))
    # People are told which fields differ, and no value: what stands in them is nobody's business.
    shown = exchange("verify", "--lang", "en", "--processes", "1", "--home", str(live.settings.home))
    assert shown.returncode == 1
    assert live.case_id(ALTERED) in shown.stdout
    assert "corroborated_by" in shown.stdout
    assert "Not equal" in shown.stderr
    assert told["department"] in shown.stdout
    assert ALTERED not in shown.stdout + shown.stderr


def test_records_that_come_meanwhile_make_no_difference(
    live: Live, exchange: Exchange, tmp_path: Path
) -> None:
    """A city goes on dying while the auditor verifies: what is not settled is looked at again.

    The whole log again, here by three processes: every case, announcement, task and row is the same.
    """
    path = tmp_path / "city.jsonl"
    city = live.settings.city
    lines = (json.dumps(line) for line in sample_city(city.sample, city.policy, 40, seed=7).lines)
    path.write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "exchange", "publish", str(path), "--home", str(live.settings.home)]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with ended(started) as publishing:
        code, differences, summary = verified(exchange, live, "--processes", "3")
        publishing.wait(PATIENCE_S)
    assert (code, differences, summary["equal"]) == (0, [], True)
    assert summary["compared"]["case"] >= 4
    assert summary["messages"] >= 5
    live.settle()


def test_cases_that_stand_otherwise_are_named_and_published_anew_and_then_all_is_equal(
    live: Live, exchange: Exchange
) -> None:
    """After a change of rules and an upgrade of a home: nothing else is worked out anew.

    Of older cases those are named that the newer rules of the matters change, and one of a remarkable record.
    """
    remarked = id_number(MAIJI, date(1932, 5, 6), 815)
    live.publish(given("death_certificate", "verify remarked", id_number=remarked, name="李?兰"))
    before = altered, hidden, remarkable = [live.case(one) for one in (ALTERED, HIDDEN, remarked)]
    plant(live, ALTERED, CASES, altered["case_id"], {**altered, "corroborated_by": ["cremation"]})
    plant_older(live, HIDDEN, hidden)
    plant_older(live, remarked, remarkable)
    done = exchange("refold", "--json", "--home", str(live.settings.home))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    fields = {one["case_id"]: set(one["fields"]) for one in lines if one.get("difference") == "case"}
    assert fields.pop(remarkable["case_id"]) > OF_EVERY_OLDER_CASE
    assert fields == {altered["case_id"]: {"corroborated_by"}, hidden["case_id"]: OF_EVERY_OLDER_CASE}
    equal = [one["equal"] for one in lines if "equal" in one]
    assert (done.returncode, equal) == (0, [False, True]), done.stderr
    assert [live.case(one) for one in (ALTERED, HIDDEN, remarked)] == before
    assert remarkable["records"][0]["warnings"] == [{"code": "name_with_gaps", "field": "name"}]
