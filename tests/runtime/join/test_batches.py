"""While a batch is written the next one is folded on top of it; only what was written counts."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from prometheus_client import generate_latest

from exchange.folding.errors import ReadAgainError
from exchange.folding.memory_states import MemoryStates
from exchange.folding.work import Batch, States
from exchange.runtime.home import Home
from exchange.runtime.join import batches
from exchange.runtime.join.batches import Join, Runner, TooManyFailuresError
from exchange.runtime.join.delivery import DeliveryFailedError, FencedError
from exchange.runtime.join.meters import Meters
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.monitor import Monitor, stops_of
from tests.made_log import CATALOGUE, Log, Message
from tests.runtime.join.small_rules import CASE, FAILS, READ_AGAIN, SmallRules, Stop, new_stop
from tests.waiting import PATIENCE_S, wait_for

TOPIC = "records.notary"


class Brokers:
    """Stands in for the delivery: takes a batch when a test lets it, or fails as a test wants."""

    def __init__(self, told: list[str]) -> None:
        self.told = told
        self.stops: dict[bytes, Stop] = {}
        self.fails: dict[bytes, Exception] = {}

    def stop_at(self, state: bytes) -> Stop:
        """Let the transaction that writes this state wait."""
        self.stops[state] = new_stop()
        return self.stops[state]

    def write(self, batch: Batch) -> dict[int, int]:
        """Commit, or not."""
        state = batch.states[0][CASE] or b""
        self.told.append(f"begin {state.decode()}")
        if stop := self.stops.get(state):
            stop.pass_by()
        if problem := self.fails.get(state):
            raise problem
        self.told.append(f"commit {state.decode()}")
        return {0: 0}


class Store(MemoryStates):
    """Stands in for the store, and tells when it takes a batch."""

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self.told = told

    def write(self, batch: Batch, _: dict[int, int]) -> None:
        """Keep what a batch has changed."""
        self.told.append(f"keep {(batch.states[0][CASE] or b'').decode()}")
        self.apply(batch)


class Made:
    """A join among stand-ins that tell what happens, in its order."""

    def __init__(self, folder: Path, failures_in_a_row: int = 3) -> None:
        self.told: list[str] = []
        self.rules, self.brokers, self.store = SmallRules(self.told), Brokers(self.told), Store(self.told)
        self.home, self.monitor = Home(folder), Monitor("joiner")
        self.home.create()
        meters = Meters(self.monitor, self.home, CATALOGUE)
        stand_ins: tuple[Any, Any, Any] = (self.rules, self.store, self.brokers)
        self.join = Join(*stand_ins, meters, failures_in_a_row)
        self.log, self.done = Log(), dict[Place, int]()

    def fetch(self, *values: bytes) -> list[Message]:
        """Records with these values, which follow one another in the log."""
        return [self.log.append(TOPIC, 0, b"k", value, 0) for value in values]

    def run(self, *fetches: list[Message]) -> None:
        """Make fetches take effect."""
        self.join.run(fetches, self.done)

    @property
    def counted(self) -> list[str]:
        """How many batches, and how many messages in them, were counted."""
        page = generate_latest(self.monitor.registry).decode()
        names = ("exchange_batch_records_count", "exchange_batch_records_sum")
        return [line.split()[-1] for name in names for line in page.splitlines() if line.startswith(name)]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A join that has taken nothing."""
    return Made(tmp_path / "home")


@pytest.fixture
def beside() -> Iterator[Callable[..., Any]]:
    """Starts something in another thread."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit


def test_the_next_batch_is_folded_before_the_last_one_is_committed(
    made: Made, beside: Callable[..., Any]
) -> None:
    """It sees the states as the last one leaves them, and is written when that one is kept, not before."""
    stop, folded = made.brokers.stop_at(b"a"), Event()

    def fetches() -> Iterator[list[Message]]:
        yield made.fetch(b"a")
        assert stop.reached.wait(PATIENCE_S)
        yield made.fetch(b"b", b"c")
        yield made.fetch(b"d")

    fold = made.rules.run

    def tell_when_folded(records: Sequence[Message], states: States) -> Batch:
        batch = fold(records, states)
        if made.told[-1] == "fold b c":
            folded.set()
        return batch

    made.rules.run = tell_when_folded  # type: ignore[method-assign]
    running = beside(made.join.run, fetches(), made.done)
    assert folded.wait(PATIENCE_S)
    assert (made.told, made.done, made.counted) == (["fold a", "begin a", "fold b c"], {}, ["0.0", "0.0"])
    stop.left.set()
    running.result(PATIENCE_S)
    order = [one for one in made.told if not one.startswith("fold")]
    assert order == [
        f"{what} {state}" for state in ("a", "abc", "abcd") for what in ("begin", "commit", "keep")
    ]
    assert (made.done, made.counted) == ({(TOPIC, 0): 4}, ["3.0", "4.0"])


def test_nothing_is_held_back_until_more_comes(made: Made, beside: Callable[..., Any]) -> None:
    """A record that comes alone is written at once: its batch waits for no other."""
    asked_for_more, stop = new_stop(), made.brokers.stop_at(b"a")

    def fetches() -> Iterator[list[Message]]:
        yield made.fetch(b"a")
        asked_for_more.pass_by()

    running = beside(made.join.run, fetches(), made.done)
    assert stop.reached.wait(PATIENCE_S)
    stop.left.set()
    asked_for_more.left.set()
    running.result(PATIENCE_S)
    assert made.told == ["fold a", "begin a", "commit a", "keep a"]


@pytest.mark.parametrize("problem", [FencedError("x"), DeliveryFailedError("x"), BufferError("x")])
def test_what_was_folded_on_a_batch_that_fails_is_thrown_away(made: Made, problem: Exception) -> None:
    """It is not written, kept, marked or counted; the worker stops for the reason that there is."""
    made.brokers.fails[b"ab"] = problem
    with pytest.raises(type(problem)):
        made.run(made.fetch(b"a"), made.fetch(b"b"), made.fetch(b"c"))
    assert {"begin ab", "fold c"} <= set(made.told)
    assert "begin abc" not in made.told
    assert made.store.kept[0] == {CASE: b"a"}
    assert (made.done, made.counted) == ({(TOPIC, 0): 1}, ["1.0", "1.0"])
    assert sum(stops_of(made.home, "joiner").values()) == 1


def test_after_a_failure_nothing_is_in_flight(made: Made) -> None:
    """Partitions that are owned anew begin from what is kept."""
    made.brokers.fails[b"a"] = FencedError("x")
    with pytest.raises(FencedError):
        made.run(made.fetch(b"a"), made.fetch(b"b"))
    made.run(made.fetch(b"c"))
    assert made.store.kept[0] == {CASE: b"c"}


def test_a_fold_that_cannot_go_on_does_the_batch_in_flight_no_harm(
    made: Made, beside: Callable[..., Any]
) -> None:
    """The registry is away: what was folded before that takes effect, whole, and is marked."""
    stop = made.brokers.stop_at(b"a")
    running = beside(made.run, made.fetch(b"a"), made.fetch(READ_AGAIN))
    assert stop.reached.wait(PATIENCE_S)
    wait_for("the fold", lambda: "fold read again" in made.told)
    stop.left.set()
    with pytest.raises(ReadAgainError):
        running.result(PATIENCE_S)
    assert made.told[-2:] == ["commit a", "keep a"]
    assert (made.done, made.counted) == ({(TOPIC, 0): 1}, ["1.0", "1.0"])


def test_reading_that_fails_does_the_batch_in_flight_no_harm(made: Made) -> None:
    """Nor does any other fault at that moment."""

    def fetches() -> Iterator[list[Message]]:
        yield made.fetch(b"a")
        raise RuntimeError("reading failed")

    with pytest.raises(RuntimeError, match="reading failed"):
        made.join.run(fetches(), made.done)
    assert (made.store.kept[0], made.done) == ({CASE: b"a"}, {(TOPIC, 0): 1})


def test_failures_of_a_batch_that_is_thrown_away_are_not_counted(made: Made) -> None:
    """They come again: counted twice, they would stop a worker that only lost its brokers."""
    made.brokers.fails[b"a"] = DeliveryFailedError("x")
    for _ in range(3):
        with pytest.raises(DeliveryFailedError):
            made.run(made.fetch(b"a"), made.fetch(FAILS, FAILS))
    made.run(made.fetch(FAILS, FAILS))
    assert made.store.kept[0] == {CASE: FAILS * 2}


def test_rules_that_fail_stop_the_worker_after_what_went_before_them(made: Made) -> None:
    """The batch in flight takes effect; the one in which the rules failed once too often does not."""
    with pytest.raises(TooManyFailuresError):
        made.run(made.fetch(FAILS), made.fetch(FAILS, FAILS))
    assert (made.store.kept[0], made.done) == ({CASE: FAILS}, {(TOPIC, 0): 1})


class Queue:
    """Stands in for the feed: gives what waits, and nothing when all was taken."""

    def __init__(self, *fetches: list[Message]) -> None:
        self.waiting = list(fetches)
        self.timeouts: list[float] = []
        self.least: list[int] = []

    def fetch(self, timeout_s: float, least: int = 1) -> list[Message]:
        """Give the next fetch."""
        self.timeouts.append(timeout_s)
        self.least.append(least)
        return self.waiting.pop(0) if self.waiting else []

    def assign(self, _: object) -> None:
        """Read nothing."""


def test_a_run_takes_what_waits_and_waits_for_nothing_more(made: Made) -> None:
    """Then the loop comes by: offsets are committed, and partitions may go."""
    queue: Any = Queue(made.fetch(b"a"), made.fetch(b"b"))
    runner = Runner(made.join, queue, lambda: None)
    asyncio.run(runner.run_once(0.5))
    assert (queue.timeouts, runner.done) == ([0.5, 0, 0], {(TOPIC, 0): 2})
    assert queue.least == [1, batches.BEHIND, batches.BEHIND]  # a few more are not worth a transaction
    assert made.told[-1] == "keep ab"


def test_a_run_ends_though_records_still_wait(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else partitions that are to go would never go."""
    monkeypatch.setattr(batches, "RUN_S", 0)
    queue: Any = Queue(made.fetch(b"a"), made.fetch(b"b"))
    runner = Runner(made.join, queue, lambda: None)
    asyncio.run(runner.run_once(0.5))
    assert (made.told[-1], runner.done) == ("keep a", {(TOPIC, 0): 1})


def test_between_two_batches_nothing_is_in_flight(made: Made) -> None:
    """Whoever stops, or takes partitions away, finds all that was folded written, and marked."""
    stop = made.brokers.stop_at(b"a")
    queue: Any = Queue(made.fetch(b"a"), made.fetch(b"b"))

    async def pause_while_it_runs() -> list[str]:
        runner = Runner(made.join, queue, lambda: None)
        running = asyncio.ensure_future(runner.run_once(0.5))
        await asyncio.to_thread(stop.reached.wait, PATIENCE_S)
        asking = asyncio.ensure_future(runner.idle().acquire())
        stop.left.set()
        await asking
        told, done = made.told[:], dict(runner.done)
        runner.idle().release()
        await running
        return [*told, *map(str, done.values())]

    assert asyncio.run(pause_while_it_runs())[-4:] == ["begin ab", "commit ab", "keep ab", "2"]


def test_what_took_effect_before_an_error_may_be_committed(made: Made) -> None:
    """The worker that comes after it need not answer those records again."""
    queue: Any = Queue(made.fetch(b"a"), made.fetch(READ_AGAIN))
    runner = Runner(made.join, queue, lambda: None)
    with pytest.raises(ReadAgainError):
        asyncio.run(runner.run_once(0.5))
    assert runner.done == {(TOPIC, 0): 1}
