"""A worker loses its partitions while a transaction is in flight and a batch is folded on top of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka.admin import NewTopic

from exchange.folding.work import Batch, States
from exchange.runtime.home import Home
from exchange.runtime.join import delivery as delivery_module
from exchange.runtime.join import store as store_module
from exchange.runtime.join.batches import Join
from exchange.runtime.join.delivery import Delivery, FencedError
from exchange.runtime.join.meters import Meters
from exchange.runtime.join.store import StateStore
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.monitor import Monitor
from exchange.runtime.settings import Settings
from tests.journeys.log_tools import messages_of
from tests.made_log import CATALOGUE, Log, Message
from tests.runtime.join.small_rules import CASE, SmallRules, Stop, new_stop
from tests.waiting import PATIENCE_S

PARTITIONS = 2
TOPIC = "records.notary"
SHARES = [(0,), (0, 1)]
"""Of some a worker writes a transaction for each; of all, one for all."""


class HeldProducer:
    """A producer that waits before it commits; everything is at the brokers by then."""

    def __init__(self, producer: Any, stop: Stop) -> None:
        self._producer = producer
        self._stop = stop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._producer, name)

    def commit_transaction(self, limit_s: float) -> None:
        """Commit when a test allows it."""
        self._producer.flush(limit_s)
        self._stop.pass_by()
        self._producer.commit_transaction(limit_s)


class Worker:
    """A join on real brokers and a real store, with small rules; it does something while it folds a value."""

    def __init__(self, store: StateStore, delivery: Delivery, home: Home) -> None:
        home.create()
        self.told: list[str] = []
        self.rules, self.store, self.delivery = SmallRules(self.told), store, delivery
        parts: Any = (self, store, delivery)
        self._join = Join(*parts, Meters(Monitor("joiner"), home, CATALOGUE))
        self.own, self.done = self._join.own, dict[Place, int]()
        self.meanwhile: dict[bytes, Callable[[], object]] = {}

    def run(self, records: list[Message], states: States) -> Batch:
        """Fold, and let happen what a test wants to happen meanwhile."""
        batch = self.rules.run(records, states)
        for record in records:
            self.meanwhile.get(record.value() or b"", lambda: None)()
        return batch

    def take(self, *fetches: list[Message]) -> None:
        """Make fetches take effect."""
        self._join.run(fetches, self.done)

    def hold_commits(self) -> Stop:
        """Let every commit from now on wait."""
        stop, writers = new_stop(), self.delivery._writers
        held = {one: HeldProducer(one, stop) for one in set(writers.values())}
        self.delivery._writers = {partition: held[one] for partition, one in writers.items()}
        return stop


@pytest.fixture
def changelog(stack: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A changelog of the test's own."""
    name, admin = f"states-{uuid4().hex}", make_admin(stack.kafka)
    admin.create_topics([NewTopic(name, PARTITIONS, 1)])[name].result(30)
    for module in (delivery_module, store_module):
        monkeypatch.setattr(module, "CASE_STATES", name)
    yield name
    admin.delete_topics([name])[name].result(30)


@pytest.fixture
def worker(stack: Settings, changelog: str, tmp_path: Path) -> Iterator[Callable[[str], Worker]]:
    """Makes workers by name; each has its own store."""
    with ExitStack() as ends:

        def new(name: str) -> Worker:
            store = ends.enter_context(closing(StateStore(tmp_path / name / "states", stack.kafka)))
            delivery = ends.enter_context(closing(Delivery(stack.kafka, changelog, PARTITIONS)))
            return Worker(store, delivery, Home(tmp_path / name))

        yield new


def fetches_of(owned: tuple[int, ...], *values: bytes) -> list[list[Message]]:
    """A fetch for each value, which has it on each partition."""
    log = Log()
    return [[log.append(TOPIC, partition, b"k", value, 0) for partition in owned] for value in values]


def kept(worker: Worker, owned: tuple[int, ...]) -> set[bytes]:
    """What the worker's store holds as the cases."""
    return {worker.store.load(partition, [CASE]).get(CASE, b"") for partition in owned}


def logged(settings: Settings, changelog: str) -> set[bytes | None]:
    """Every state that readers of the changelog see."""
    return {message.value() for message in messages_of(settings, changelog, PARTITIONS)}


@pytest.mark.parametrize("owned", SHARES)
def test_who_is_fenced_meanwhile_leaves_nothing_of_either_batch(
    stack: Settings, changelog: str, worker: Callable[[str], Worker], owned: tuple[int, ...]
) -> None:
    """Its successor reads both again, and each takes effect once."""
    first, second = worker("first"), worker("second")
    first.own(owned)
    before, in_flight, ahead = fetches_of(owned, b"a", b"b", b"c")
    first.take(before)
    stop = first.hold_commits()

    def lose() -> None:
        try:
            assert stop.reached.wait(PATIENCE_S)
            second.own(owned)
        finally:
            stop.left.set()

    first.meanwhile[b"c"] = lose
    with pytest.raises(FencedError):
        first.take(in_flight, ahead)
    assert (kept(first, owned), logged(stack, changelog)) == ({b"a"}, {b"a"})
    assert first.done == {(TOPIC, partition): 1 for partition in owned}
    second.take(in_flight, ahead)
    assert (kept(second, owned), logged(stack, changelog)) == ({b"abc"}, {b"a", b"ab", b"abc"})


@pytest.mark.parametrize("owned", SHARES)
def test_who_dies_between_commit_and_store_finds_the_batch_and_not_what_was_ahead(
    stack: Settings, changelog: str, worker: Callable[[str], Worker], owned: tuple[int, ...]
) -> None:
    """The changelog has what was committed; the store of its next life is brought up to that."""
    first, second = worker("first"), worker("second")
    first.own(owned)
    in_flight, ahead = fetches_of(owned, b"a", b"b")

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    first.store.write = die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        first.take(in_flight, ahead)
    assert (len(first.told), first.done, logged(stack, changelog)) == (2, {}, {b"a"})
    second.own(owned)
    assert kept(second, owned) == {b"a"}


@pytest.mark.parametrize("owned", SHARES)
def test_the_brokers_have_both_batches_in_their_order(
    stack: Settings, changelog: str, worker: Callable[[str], Worker], owned: tuple[int, ...]
) -> None:
    """The second is begun when the first is committed and kept."""
    one = worker("one")
    one.own(owned)
    one.take(*fetches_of(owned, *(b"%d" % turn for turn in range(10))))
    told = [m.value() for m in messages_of(stack, changelog, PARTITIONS) if m.partition() == 0]
    assert told == [b"0123456789"[: length + 1] for length in range(10)]
    assert (kept(one, owned), one.done[TOPIC, 0]) == ({b"0123456789"}, 10)
