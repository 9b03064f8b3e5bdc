"""The log is the truth: whoever folds it again sees what was seen, and nobody hears of anything twice."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from typing import Any

import pytest

from avro_schemas.catalogue import schema
from exchange.folding.memory_states import MemoryStates
from exchange.runtime.home import Home
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.rules import make_step
from exchange.runtime.settings import Settings
from producers.sample.city import sample_city
from tests.cases import Given, given, next_of
from tests.journeys.live import INPUTS, Document, Live, worker_replaced
from tests.journeys.log_tools import messages_in, topics_of
from tests.people import MAIJI, id_number
from topics.catalogue import CASES, CLOCK

pytestmark = pytest.mark.leaves("days")

PEOPLE = 60
BATCH = 300
LATER = "2026-09-02T09:00:00+08:00"
ELSEWHERE = [id_number(MAIJI, date(1937, 1, 1) + timedelta(days=days), 917) for days in range(500)]
ALIVE = given("death_certificate", "replay alive", id_number=ELSEWHERE[-1])
REVOCATION = next_of(ALIVE, "REVOKED", "replay alive after all", recorded_at=LATER)
WRONG, RIGHT = ELSEWHERE[-3:-1]
MISTYPED = given("death_certificate", "replay mistyped", id_number=WRONG)
CORRECTION = next_of(MISTYPED, "AMENDED", "replay corrected", id_number=RIGHT, recorded_at=LATER)


@dataclass(frozen=True)
class Outcome:
    """What a log comes to: each case byte for byte, and what stands announced."""

    cases: dict[str, bytes]
    standing: dict[tuple[str, int, str | None, str], tuple[str, list[str]]]


def revoked(certificate: Given, label: str, _: str) -> Given:
    """Not dead."""
    return next_of(certificate, "REVOKED", label, recorded_at=LATER)


def renumbered(certificate: Given, label: str, number: str) -> Given:
    """Dead, but somebody else."""
    return next_of(certificate, "AMENDED", label, recorded_at=LATER, id_number=number)


def contradicted(certificate: Given, label: str, _: str) -> Given:
    """Dead, but on another day."""
    of_whom = {name: certificate[1][name] for name in ("id_number", "name")}
    return given("abnormal_death", label, **of_whom, death_time="2026-01-01", recorded_at=LATER)


def linked(certificate: Given, label: str, number: str) -> Given:
    """A handler knows better whose it is."""
    about = {"in_favour_of": certificate[1]["record_id"], "linked_id_number": number}
    of_whom = {name: certificate[1][name] for name in ("id_number", "name")}
    return given("decision", label, kind="PERSON_LINKED", **of_whom, **about, recorded_at=LATER)


@pytest.fixture(scope="module")
def live(stack: Settings) -> Live:
    """An exchange that took in a whole city, days later, after half of the deaths were taken back."""
    live, city = Live(stack), sample_city(stack.city.sample, stack.city.policy, PEOPLE)
    records: list[Given] = [(line["type"], line["record"]) for line in city.lines]
    deaths = [one for one in records if one[0] == "death_certificate" and "id_number" in one[1]]
    changes = cycle((revoked, None, renumbered, contradicted, None, linked))
    live.publish(*records)
    live.publish(
        *(
            change(death, f"replay {at}", ELSEWHERE[at])
            for at, (death, change) in enumerate(zip(deaths, changes, strict=False))
            if change
        )
    )
    live.tick(datetime.now(UTC) + timedelta(days=3))
    return live


@pytest.fixture(scope="module")
def log(live: Live) -> list[Any]:
    """Everything that the join has read: records, moves and ticks, of each partition in order."""
    return list(messages_in(live.settings, (*INPUTS, CLOCK)))


def published(live: Live) -> Outcome:
    """What the worker has made of it."""
    messages = messages_in(live.settings, [CASES])
    return Outcome({one.key().decode(): one.value() for one in messages}, standing(live.announcements()))


def folded(settings: Settings, log: list[Any]) -> Outcome:
    """What the worker's own rules make of it again, from nothing, with no worker."""
    states, cases, announcements = MemoryStates(), dict[str, bytes](), list[Document]()
    matters = frozenset(topics_of("matters"))
    with Registry(settings.registry) as registry:
        step = make_step(settings, registry)
        decode = Decoder(schema("announcement"), registry.schema_by_id).decode
        for at in range(0, len(log), BATCH):
            batch = step.run(log[at : at + BATCH], states)
            states.apply(batch)
            cases |= {out.key.decode(): out.value for out in batch.outputs if out.topic == CASES}
            announcements += (decode(out.value) for out in batch.outputs if out.topic in matters)
    return Outcome(cases, standing(announcements))


def standing(told: Iterable[Document]) -> dict[tuple[str, int, str | None, str], tuple[str, list[str]]]:
    """What its department was told last of each matter, unless that was taken back; a reminder says nothing.

    The way there may differ, and with it the announcement's id.
    """
    last = {
        (one["case_id"], one["matter"], one["instance"], one["department"]): (
            one["transition"],
            one["proofs"],
        )
        for one in told
        if one["transition"] not in {"DUE_SOON", "OVERDUE"}
    }
    return {about: said for about, said in last.items() if said[0] != "SUSPENDED"}


ORDERS: dict[str, Callable[[Any], Any]] = {
    "topic by topic": lambda message: message.topic(),
    "partition by partition": lambda message: (message.partition(), message.topic()[::-1]),
}


@pytest.mark.parametrize("order", ORDERS)
def test_the_log_folded_again_gives_every_case_byte_for_byte_and_what_stands_announced(
    live: Live, log: list[Any], order: str
) -> None:
    """Whichever topic comes first: only of each partition the order is the log's."""
    again, seen = folded(live.settings, sorted(log, key=ORDERS[order])), published(live)
    assert len(seen.cases) > PEOPLE
    assert again.cases == seen.cases
    assert again.standing == seen.standing


def test_a_worker_that_lost_its_store_changes_no_case_tells_nothing_anew_and_forgot_nothing(
    live: Live,
) -> None:
    """The disk is gone: the changelog has all of it, down to who has which record and who is waited for."""
    live.publish(MISTYPED, ALIVE)
    live.publish(REVOCATION)
    before, told = published(live), len(live.announcements())
    with worker_replaced(live.settings) as worker:
        worker.suspend()
        shutil.rmtree(Home(live.settings.home).data / "joiner")
        worker.kill()
    live.settle()
    assert (published(live), len(live.announcements())) == (before, told)
    live.publish(CORRECTION)
    assert live.case(WRONG)["forwards_to"] == live.case_id(RIGHT)
    live.tick(datetime.now(UTC) + timedelta(days=4))
    heard = [one["transition"] for one in live.told(ELSEWHERE[-1]) if one["department"] == "justice"]
    assert heard == ["READY", "SUSPENDED", "OVERDUE"]
