"""Holes made by hand, as the worst day would make them: the reconciler finds them, heals them and alerts."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition

from consumers.ledger.checks import LedgerCheck, read_last_check
from exchange.folding.partitions import partition_of
from exchange.runtime.home import Home
from exchange.runtime.kafka.clients import make_admin, make_producer
from exchange.runtime.settings import Settings
from tests.cases import HEIR, Given, given
from tests.journeys.live import Document, Live, worker_away
from tests.journeys.log_tools import CATALOGUE, Encoding, ends, produce, read_all, topics_of
from tests.people import MAIJI, id_number
from tests.running import run_exchange
from tests.waiting import PATIENCE_S, wait_for
from topics.catalogue import CASE_STATES, CASES, JOIN_GROUP

PASSED_OVER, DELETED, UNPUBLISHED = (id_number(MAIJI, sequence=number) for number in (901, 903, 905))
KINDS = ("death_certificate", "cremation", "social_insurance", "bank_deposit")


def records_of(number: str) -> list[Given]:
    """What four departments know of a person."""
    return [given(kind, f"hole {number}", id_number=number) for kind in KINDS]


def ids(records: list[Given]) -> set[str]:
    """The ids of records."""
    return {record["record_id"] for _, record in records}


def receipts(settings: Settings, wanted: set[str]) -> dict[str, str]:
    """Record id → the status that its department was told last."""
    found = (receipt for _, _, receipt in read_all(settings, topics_of("receipts")))
    return {one["record_id"]: one["status"] for one in found if one["record_id"] in wanted}


def records_in(case: Document | None) -> set[str]:
    """The ids of the records that a case has."""
    return {entry["record_id"] for entry in case["records"]} if case else set()


def standing(live: Live, number: str) -> dict[tuple[str, int], tuple[str, list[str]]]:
    """What each department was told last of each matter, and on what it rests."""
    return {
        (one["department"], one["matter"]): (one["transition"], one["proofs"]) for one in live.told(number)
    }


def wait_for_look(settings: Settings, wanted: Callable[[LedgerCheck], bool]) -> LedgerCheck:
    """Wait until the reconciler has looked and seen that."""
    seen: list[LedgerCheck] = []

    def has_seen() -> bool:
        look = read_last_check(settings)
        seen[:] = [look] if look is not None and wanted(look) else []
        return bool(seen)

    wait_for("the reconciler's look", has_seen, seen=lambda: read_last_check(settings), every_s=0.2)
    return seen[0]


def alerts(settings: Settings, event: str) -> list[Any]:
    """The reconciler's lines of that name; last words of native code may stand between them, as bare text."""
    lines = Home(settings.home).log("reconciler").read_text(encoding="utf-8").splitlines()
    structured = (json.loads(line) for line in lines if line.startswith("{"))
    return [line for line in structured if line["event"] == event]


def redelivered(settings: Settings, wanted: set[str]) -> dict[str, tuple[int, str]]:
    """Record id → how often it was delivered again, and the outcome that the ledger has."""
    with psycopg.connect(settings.postgres) as connection:
        rows = connection.execute(
            "SELECT record_id, redeliveries, outcome FROM ledger.records WHERE record_id = ANY(%s)",
            (sorted(wanted),),
        ).fetchall()
    return {record_id: (count, outcome) for record_id, count, outcome in rows}


def skip_to_the_end(settings: Settings) -> None:
    """Say in the join's name that it has been through all records."""
    reached = [TopicPartition(*place, end) for place, end in ends(settings, topics_of("records")).items()]
    admin = make_admin(settings.kafka)
    admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(JOIN_GROUP, reached)])[
        JOIN_GROUP
    ].result()


def erase(settings: Settings, number: str, topics: list[str]) -> None:
    """Delete a person's case from topics that keep the last of each key."""
    producer = make_producer(settings.kafka)
    for topic in topics:
        partition = partition_of(number, CATALOGUE.by_name[topic].partitions)
        producer.produce(topic, None, Live(settings).case_id(number).encode(), partition)
    assert producer.flush(PATIENCE_S) == 0


@dataclass(frozen=True)
class Holes:
    """An exchange with three holes, and what was known before there were any."""

    live: Live
    records: dict[str, list[Given]]
    healed: int
    case: Document
    told: dict[tuple[str, int], tuple[str, list[str]]]


@pytest.fixture(scope="module")
def holes(stack: Settings) -> Holes:
    """All three are made at once; the reconciler has done what it can about them."""
    live, records = Live(stack), {one: records_of(one) for one in (PASSED_OVER, DELETED, UNPUBLISHED)}
    encoding, (death, *others) = Encoding(stack), records[DELETED]
    for part in ([death], others, records[UNPUBLISHED]):  # the join takes the death first, as the log has it
        assert live.publish(*part) == ["ACCEPTED"] * len(part)
    found = Holes(live, records, healed(stack), live.case(DELETED), standing(live, DELETED))
    with worker_away(stack):
        produce(stack, [encoding.encode(kind, dict(record)) for kind, record in records[PASSED_OVER]])
        skip_to_the_end(stack)
        erase(stack, DELETED, [CASE_STATES, CASES])
        erase(stack, UNPUBLISHED, [CASES])
    mended = len(records[PASSED_OVER]) + len(records[DELETED])
    left = len(records[UNPUBLISHED])
    wait_for_look(
        stack,
        lambda look: look.missing == look.not_healed == left and look.healed >= found.healed + mended,
    )
    live.settle()
    return found


def test_records_that_the_join_passed_over_are_delivered_again_and_take_effect(holes: Holes) -> None:
    """Somebody set the join's place past records that it had not read: to it they never were."""
    live, settings, records = holes.live, holes.live.settings, holes.records[PASSED_OVER]
    assert records_in(live.case(PASSED_OVER)) == ids(records)
    assert receipts(settings, ids(records)) == dict.fromkeys(ids(records), "ACCEPTED")
    assert standing(live, PASSED_OVER)["justice", 9][0] == "READY"
    assert redelivered(settings, ids(records)) == dict.fromkeys(ids(records), (1, "ACCEPTED"))
    told = alerts(settings, "record_missing")
    assert len(told) >= len(records)
    assert PASSED_OVER not in json.dumps(told)


def test_a_case_that_was_deleted_is_made_again_from_its_records(holes: Holes) -> None:
    """State and case are gone; the log has the records, and nobody else need send them again."""
    assert holes.live.case(DELETED) == holes.case
    assert standing(holes.live, DELETED) == holes.told


def test_what_does_not_heal_is_delivered_three_times_and_then_left_with_an_alarm(holes: Holes) -> None:
    """The case is gone and the join, which still knows it, sees nothing new: people have to look."""
    live, settings, records = holes.live, holes.live.settings, holes.records[UNPUBLISHED]
    assert redelivered(settings, ids(records)) == dict.fromkeys(ids(records), (3, "ACCEPTED"))
    assert len(alerts(settings, "record_not_healed")) == len(records)
    code, lacking = check(settings)
    assert (code, {one["record_id"] for one in lacking}) == (1, ids(records))
    assert {(one["healing"], one["outcome"]) for one in lacking} == {("NOT_HEALED", "ACCEPTED")}
    before = healed(settings)
    live.publish(given("application", "hole", id_number=UNPUBLISHED, applicant=HEIR, matters=[9]))
    wait_for_look(settings, lambda look: not look.missing and look.healed >= before + len(records))
    assert check(settings) == (0, [])


def check(settings: Settings) -> tuple[int, list[Document]]:
    """The exit code and the lines of `exchange reconcile --check`."""
    told = run_exchange("reconcile", "--check", "--json", "--home", str(settings.home))
    return told.returncode, [json.loads(line) for line in told.stdout.splitlines()]


def healed(settings: Settings) -> int:
    """How many had been healed when the reconciler looked last."""
    look = read_last_check(settings)
    return look.healed if look else 0
