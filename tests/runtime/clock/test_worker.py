"""Time passes on every partition, whatever becomes of the clock, the machine and the brokers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from avro_schemas.catalogue import schema
from exchange.runtime.clock.tick_log import TickLog, TicksAwayError, open_tick_log
from exchange.runtime.clock.worker import Clock, keep_ticking, moment_of, untold
from exchange.runtime.errors import RegistryRefusedError
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.monitor import Monitor
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder, Encoder
from exchange.runtime.settings import Settings
from exchange.runtime.stack.ports import Claims
from exchange.runtime.stopping import Stop
from tests.journeys.log_tools import messages_of
from tests.nowhere import NO_BROKERS, NO_REGISTRY
from tests.waiting import PATIENCE_S, wait_for
from topics.catalogue import CLOCK, load_catalogue

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PARTITIONS = 3
EVERYWHERE = range(PARTITIONS)

Told = list[tuple[int, datetime]]


class MemoryTicks(TickLog):
    """A log in memory; a tell that is to fail reaches the first partition alone."""

    def __init__(self) -> None:
        self.ticks: Told = []
        self.failures = 0
        self.opened = 0

    def __enter__(self) -> "MemoryTicks":
        self.opened += 1
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def partitions(self) -> range:
        """It is as many as the topic on the brokers has."""
        return EVERYWHERE

    def last_told(self, _: Stop) -> dict[int, datetime]:
        """What came last."""
        return dict(self.ticks)

    def tell(self, moment: datetime, partitions: Any, _: Stop) -> None:
        """Note it."""
        failing, self.failures = self.failures > 0, max(0, self.failures - 1)
        self.ticks += [(partition, moment) for partition in list(partitions)[: 1 if failing else None]]
        if failing:
            raise TicksAwayError("_TIMED_OUT")


class AskedSoon(Stop):
    """A stop that comes after it was looked at this many times."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    @property
    def asked(self) -> bool:
        """Whether it has come."""
        self.looks -= 1
        return self.looks < 0


class Place:
    """Where a test's clocks tick: a way to open the log, and all that it holds."""

    def __init__(self, open_ticks: Callable[[], TickLog], history: Callable[[], Told]) -> None:
        self.open = open_ticks
        self.history = history
        self.now = NOON
        self.looks = 0
        self.monitor = Monitor("clock")

    def time(self) -> datetime:
        """The machine's clock."""
        self.looks += 1
        return self.now

    def is_now(self, moment: datetime) -> None:
        """Set the machine's clock; return once the clock has seen it and done what it does then."""
        self.now, before = moment, self.looks
        wait_for("three more looks at the time", lambda: self.looks > before + 3)

    def holds(self, *moments: datetime) -> bool:
        """Whether each partition holds these moments, in this order, and nothing else."""
        found = self.history()
        return all([at for p, at in found if p == partition] == [*moments] for partition in EVERYWHERE)

    @contextmanager
    def ticking(self) -> Iterator[None]:
        """A clock that runs meanwhile, by this place's time, once it is ready."""
        stop, ready = Stop(), threading.Event()
        running = threading.Thread(
            target=keep_ticking,
            args=(
                self.open,
                lambda ticks: Clock(ticks, MINUTE, ready.set, self.monitor, self.time),
                stop,
                self.monitor,
            ),
        )
        running.start()
        try:
            assert ready.wait(PATIENCE_S)
            yield
        finally:
            stop.asked = True
            running.join(PATIENCE_S)
        assert not running.is_alive()

    def awaits(self, *moments: datetime) -> None:
        """Wait until each partition holds just these."""
        wait_for("the ticks in the log", lambda: self.holds(*moments), seen=self.history)


@pytest.fixture
def memory() -> Place:
    """A log in memory."""
    log = MemoryTicks()
    return Place(lambda: log, lambda: log.ticks)


@pytest.fixture
def brokers(stack: Settings) -> Place:
    """A topic of the test's own on real brokers: nobody else's limits may run out by its ticks."""
    name = f"test-clock-{uuid4().hex}"
    admin = AdminClient(stack.kafka.client_options())
    admin.create_topics([NewTopic(name, PARTITIONS, 1)])[name].result(PATIENCE_S)
    topic = replace(load_catalogue().by_name[CLOCK], name=name, partitions=PARTITIONS)
    encode = Encoder(schema("clock_tick"), 1).encode
    decode = Decoder(schema("clock_tick"), lambda _: schema("clock_tick")).decode

    def history() -> Told:
        return [(m.partition(), decode(m.value())["at"]) for m in messages_of(stack, name, PARTITIONS)]

    place = Place(lambda: TickLog(stack.kafka, topic, encode, decode), history)
    place.kafka, place.topic = stack.kafka, name
    return place


@pytest.fixture(params=["memory", pytest.param("brokers", marks=pytest.mark.stack)])
def place(request: pytest.FixtureRequest) -> Place:
    """Either: what a clock does is the same."""
    found: Place = request.getfixturevalue(request.param)
    return found


@given(st.datetimes(timezones=st.just(UTC)), st.integers(1, 86_400))
def test_two_clocks_say_the_same_moments_whenever_they_were_started(now: datetime, seconds: int) -> None:
    """Moments are whole multiples of the interval; the one that counts is the last that has come."""
    every = timedelta(seconds=seconds)
    moment = moment_of(now, every)
    assert moment <= now < moment + every
    assert (moment - datetime(1970, 1, 1, tzinfo=UTC)) % every == timedelta()
    assert moment_of(moment, every) == moment


def test_a_partition_lacks_a_moment_until_it_was_told_that_or_a_later_one() -> None:
    """Nothing is said twice, and time on a partition never goes back."""
    told = {0: NOON - MINUTE, 1: NOON, 2: NOON + MINUTE}
    assert untold(range(4), told, NOON) == [0, 3]


def test_each_moment_is_told_once_on_every_partition(place: Place) -> None:
    """A limit runs out within a minute, on whatever partition the person is."""
    with place.ticking():
        assert place.holds(NOON)
        place.now = NOON + MINUTE + timedelta(seconds=20)
        place.awaits(NOON, NOON + MINUTE)
        place.now = NOON + 2 * MINUTE
        place.awaits(NOON, NOON + MINUTE, NOON + 2 * MINUTE)


def test_a_clock_started_again_does_not_repeat_what_the_log_holds(place: Place) -> None:
    """A restart within the minute is ready at once and says nothing new."""
    with place.ticking():
        pass
    place.now = NOON + timedelta(seconds=59)
    with place.ticking():
        assert place.holds(NOON)
        place.now = NOON + MINUTE
        place.awaits(NOON, NOON + MINUTE)


def test_a_partition_that_missed_a_moment_is_told_it_and_the_others_are_not(place: Place) -> None:
    """A clock that died half way left some partitions behind."""
    with place.open() as ticks:
        ticks.tell(NOON, [1], Stop())
    with place.ticking():
        assert place.holds(NOON)


def test_moments_that_passed_while_no_clock_ran_are_not_made_up_for(place: Place) -> None:
    """After a night of maintenance one tick says all that the night's would have said."""
    with place.ticking():
        pass
    place.now = NOON + 600 * MINUTE
    with place.ticking():
        assert place.holds(NOON, NOON + 600 * MINUTE)


def test_a_machine_set_back_tells_nothing_until_it_has_caught_up(place: Place) -> None:
    """What was late stays late: a wrong clock that is set right must not undo it."""
    with place.ticking(), capture_logs() as logs:
        place.is_now(NOON - 60 * MINUTE)
        place.is_now(NOON - 30 * MINUTE)
        place.is_now(NOON + MINUTE)
        place.awaits(NOON, NOON + MINUTE)
    assert [(line["event"], line["seconds"]) for line in logs] == [("clock_set_back", 3600.0)]


def test_a_clock_behind_the_log_is_ready_and_warns(place: Place) -> None:
    """Started on a machine whose time is wrong, the exchange comes up, and its log says why nothing ticks."""
    with place.open() as ticks:
        ticks.tell(NOON + MINUTE, EVERYWHERE, Stop())
    with capture_logs() as logs, place.ticking():
        assert place.holds(NOON + MINUTE)
    assert ("clock_set_back", 60.0) in [(line["event"], line["seconds"]) for line in logs]


def test_a_machine_set_right_by_a_moment_is_no_news(memory: Place) -> None:
    """Time servers do it every day."""
    with memory.ticking(), capture_logs() as logs:
        memory.is_now(NOON - timedelta(milliseconds=500))
        memory.is_now(NOON + MINUTE)
        memory.awaits(NOON, NOON + MINUTE)
    assert logs == []


def test_brokers_that_go_away_are_waited_for_and_nothing_is_told_twice(memory: Place) -> None:
    """An outage ends by itself; what did get through before is known from the log."""
    log = memory.open()
    with capture_logs() as logs, memory.ticking():
        log.failures = 2
        memory.now = NOON + MINUTE
        memory.awaits(NOON, NOON + MINUTE)
        wait_for("the third opening of the log", lambda: log.opened == 3)
    warnings = [line for line in logs if line["log_level"] == "warning"]
    assert [(line["event"], line["code"]) for line in warnings] == [
        ("waits_and_tries_again", "_TIMED_OUT")
    ] * 2


def test_bytes_that_are_no_tick_do_not_stop_the_clock(brokers: Place) -> None:
    """Whoever wrote them, that partition's time goes on like the others'."""
    with brokers.open() as ticks:
        ticks.tell(NOON, EVERYWHERE, Stop())
    producer = Producer(brokers.kafka.client_options())
    producer.produce(brokers.topic, b"no tick", partition=0)
    assert producer.flush(PATIENCE_S) == 0
    brokers.now = NOON + MINUTE
    with capture_logs() as logs, brokers.ticking(), brokers.open() as ticks:
        assert ticks.last_told(Stop()) == dict.fromkeys(EVERYWHERE, NOON + MINUTE)
    assert [line["partition"] for line in logs if line["event"] == "not_a_tick"] == [0]


@pytest.mark.parametrize("ask", ["last_told", "tell"])
def test_a_stop_is_heard_while_brokers_are_being_waited_for(ask: str) -> None:
    """Whoever stops the exchange during an outage need not wait for an answer that does not come."""
    topic, claims = load_catalogue().by_name[CLOCK], Claims()
    with TickLog(
        KafkaAccess(f"127.0.0.1:{claims.claim(29_192)}", "nobody", "0f"), topic, lambda _: b"", lambda _: {}
    ) as ticks:
        question = {"last_told": ticks.last_told, "tell": partial(ticks.tell, NOON, [0, 1])}[ask]
        assert not question(AskedSoon(looks=3))
    claims.release()


def test_a_registry_without_the_schema_is_told_to_the_operator() -> None:
    """Waiting would not help: the schemas are to be deployed."""
    nothing = httpx.MockTransport(lambda _: httpx.Response(404, json={"message": "none"}))
    with (
        Registry(NO_REGISTRY, nothing) as registry,
        pytest.raises(RegistryRefusedError, match="clock-value") as told,
    ):
        open_tick_log(NO_BROKERS, load_catalogue(), registry)
    assert "exchange deploy" in told.value.hint
