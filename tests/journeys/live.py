"""A running exchange with the verbs of `tests.world`: publish, let time pass, read what came of it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import psutil
import psycopg
from confluent_kafka import ConsumerGroupState, TopicPartition

from avro_schemas.catalogue import schema
from exchange.folding.case_ids import CaseIds
from exchange.runtime.home import Home
from exchange.runtime.kafka.clients import make_admin, make_consumer, make_producer
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.registry.client import subject_ids
from exchange.runtime.registry.serde import Encoder
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import read_state
from producers.publisher import Publisher
from tests.cases import Given
from tests.journeys.log_tools import CATALOGUE, ends, nothing_after, places_of, read_all, topics_of
from tests.waiting import PATIENCE_S, wait_for
from topics.catalogue import CASES, CLOCK, JOIN_GROUP, MOVES, TASKS

Document = dict[str, Any]
SHOWN = (CASES, TASKS, *topics_of("receipts"), *topics_of("matters"))
INPUTS = [*(topic.name for topic in CATALOGUE.records), MOVES]


@dataclass(frozen=True)
class Live:
    """What is published takes effect as it does in earnest; `settle` waits until it has."""

    settings: Settings

    def publish(self, *records: Given) -> list[str]:
        """Publish records as a program does; return their receipts' statuses when all is at rest."""
        with Publisher(self.settings) as publisher:
            inputs = [{"type": record_type, "record": dict(record)} for record_type, record in records]
            statuses = [receipt.status for receipt in publisher.publish(inputs)]
        assert len(statuses) == len(records)
        self.settle()
        return statuses

    def tick(self, at: datetime) -> None:
        """Let the clock say on every partition what time it is, and return when the join has heard it."""
        value = Encoder(schema("clock_tick"), subject_ids(self.settings)[CLOCK]).encode({"at": at})
        producer = make_producer(self.settings.kafka)
        for partition in range(CATALOGUE.by_name[CLOCK].partitions):
            producer.produce(CLOCK, value, partition=partition)
        assert producer.flush(PATIENCE_S) == 0
        self.settle()

    def settle(self) -> None:
        """Wait until the join has taken all that is in the log, and what its cases then tell each other."""
        with closing(make_consumer(self.settings.kafka, {"group.id": JOIN_GROUP})) as consumer:
            before: dict[Place, int] = {}
            while (now := ends(self.settings, INPUTS)) != before:
                before = now
                wanted = {**now, **ends(self.settings, [CLOCK])}
                wait_for(
                    "the join to have taken everything",
                    partial(_took, self.settings, consumer, wanted),
                    every_s=0.1,
                )

    def until_visible(self) -> None:
        """Wait until the read model has all that was answered and told of cases: no receipt means that."""
        wait_for("the read model to have everything", partial(_shown, self.settings), every_s=0.1)

    def case_id(self, key: str) -> str:
        """The case id of a record's key."""
        return CaseIds(self.settings.case_key).of_key(key)

    def case(self, key: str) -> Document:
        """The case as last published."""
        *_, (_, _, last) = read_all(self.settings, [CASES], {self.case_id(key)})
        return last

    def cases(self) -> dict[str, Document]:
        """Every case as last published, by its id."""
        return {case_id: case for _, case_id, case in read_all(self.settings, [CASES])}

    def told(self, key: str) -> list[Document]:
        """What departments were told of a case, each id once; of each department in order."""
        told = read_all(self.settings, topics_of("matters"), {self.case_id(key)})
        return list({one["id"]: one for _, _, one in told}.values())

    def announcements(self) -> list[Document]:
        """Everything that departments were told, in order for each case and department, with repetitions."""
        return [one for _, _, one in read_all(self.settings, topics_of("matters"))]

    def tasks(self, key: str) -> list[Document]:
        """What is or was owed to a case, as it now stands."""
        case_id = self.case_id(key)
        last = {task_id: task for _, task_id, task in read_all(self.settings, [TASKS])}
        return [task for task in last.values() if task["case_id"] == case_id]


def _took(settings: Settings, consumer: Any, wanted: dict[Place, int]) -> bool:
    """Say whether the join has committed all up to there, except what transactions left after it."""
    places = [TopicPartition(*place) for place, end in wanted.items() if end]
    committed = {(p.topic, p.partition): max(p.offset, 0) for p in consumer.committed(places, PATIENCE_S)}
    short = {place: offset for place, offset in committed.items() if offset < wanted[place]}
    return not short or nothing_after(settings, short)


def _shown(settings: Settings) -> bool:
    """Say whether nothing of `SHOWN` is left after what the read model has read."""
    with psycopg.connect(settings.postgres) as connection:
        rows = connection.execute("SELECT topic, partition, next_offset FROM read_model.positions").fetchall()
    read = {(topic, partition): offset for topic, partition, offset in rows if topic in SHOWN}
    return nothing_after(settings, {**dict.fromkeys(places_of(SHOWN), 0), **read})


def kill_worker(settings: Settings) -> None:
    """Kill the join's worker without a word; return when the supervisor has another at work."""
    with worker_replaced(settings) as worker:
        worker.kill()


@contextmanager
def worker_replaced(settings: Settings) -> Iterator[psutil.Process]:
    """The join's worker, which is to be ended here; afterwards another one is at work."""
    old = _worker(settings)
    worker = psutil.Process(old)
    try:
        yield worker
    finally:
        with suppress(psutil.NoSuchProcess):  # else one that was stopped would stand still for all others
            worker.resume()
    ready = Home(settings.home).ready_file("joiner")

    def replaced() -> bool:
        new = str(_worker(settings))
        return new != str(old) and ready.exists() and ready.read_text(encoding="ascii") == new

    wait_for("another worker at work", replaced)


@contextmanager
def worker_away(settings: Settings) -> Iterator[None]:
    """No worker of the join runs and none is started; afterwards another one is at work."""
    state = read_state(Home(settings.home))
    assert state is not None
    supervisor = psutil.Process(state.supervisor.pid)
    with worker_replaced(settings) as worker:
        supervisor.suspend()
        worker.kill()
        try:
            wait_for("the worker's session to end", partial(_group_is_empty, settings), every_s=0.2)
            yield
        finally:
            supervisor.resume()


def _group_is_empty(settings: Settings) -> bool:
    admin = make_admin(settings.kafka)
    found = admin.describe_consumer_groups([JOIN_GROUP])[JOIN_GROUP].result()
    return bool(found.state == ConsumerGroupState.EMPTY)


def _worker(settings: Settings) -> int | None:
    state = read_state(Home(settings.home))
    assert state is not None
    return next(part.pid for part in state.parts if part.name == "joiner")
