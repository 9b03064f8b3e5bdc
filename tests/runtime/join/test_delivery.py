"""What a batch comes to is written whole, of each partition, and only by the partition's owner."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka.admin import NewTopic

from exchange.folding.outputs import Output
from exchange.folding.work import Batch
from exchange.runtime.join import delivery as module
from exchange.runtime.join.delivery import Delivery, DeliveryFailedError, FencedError
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.settings import Settings
from tests.journeys.log_tools import messages_of
from tests.nowhere import NO_BROKERS

PARTITIONS = 3
ALL = tuple(range(PARTITIONS))
TOLD = "told"
New = Callable[..., Delivery]
Content = list[tuple[str, int, bytes | None]]


@pytest.fixture
def topics(stack: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """Topics of the test's own: one that is told things, and a changelog."""
    names = (f"{TOLD}-{uuid4().hex}", f"states-{uuid4().hex}")
    admin = make_admin(stack.kafka)
    for future in admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in names]).values():
        future.result(30)
    monkeypatch.setattr(module, "CASE_STATES", names[1])
    yield names
    for future in admin.delete_topics(list(names)).values():
        future.result(30)


@pytest.fixture
def owner(stack: Settings, topics: tuple[str, str]) -> Iterator[New]:
    """Makes one owner of partitions after the other."""
    with ExitStack() as ends:

        def new(*partitions: int) -> Delivery:
            made = ends.enter_context(closing(Delivery(stack.kafka, topics[1], PARTITIONS)))
            made.own(partitions)
            return made

        yield new


def saying(topics: tuple[str, str], word: bytes, *partitions: int) -> Batch:
    """A batch that tells each partition a word, and keeps it as a state."""
    batch = Batch(states={partition: {"case": word} for partition in partitions})
    for partition in partitions:
        batch.tell(partition, Output(topics[0], partition, b"case", word, [], {}))
    return batch


def held(settings: Settings, topics: tuple[str, str]) -> Content:
    """All that readers see in both topics."""
    messages = [m for name in topics for m in messages_of(settings, name, PARTITIONS)]
    return sorted((m.topic().split("-")[0], m.partition(), m.value()) for m in messages)


def both(word: bytes, partition: int) -> Content:
    """What such a batch leaves on one partition."""
    return [("states", partition, word), (TOLD, partition, word)]


def test_outputs_and_states_are_there_and_where_the_last_state_stands_is_known(
    stack: Settings, topics: tuple[str, str], owner: New
) -> None:
    """The local store goes on from there."""
    mine = owner(*ALL)
    assert mine.write(saying(topics, b"one", 0, 1)) == {0: 0, 1: 0}
    assert mine.write(saying(topics, b"two", 1)) == {1: 2}, "a transaction's mark takes an offset"
    assert mine.write(Batch()) == {}
    expected = both(b"one", 0) + both(b"one", 1) + both(b"two", 1)
    assert held(stack, topics) == sorted(expected)


def test_workers_side_by_side_write_each_on_its_own(
    stack: Settings, topics: tuple[str, str], owner: New
) -> None:
    """Neither fences the other, whoever came last."""
    first, second = owner(0), owner(1)
    assert first.write(saying(topics, b"one", 0)) == {0: 0}
    assert second.write(saying(topics, b"two", 1)) == {1: 0}
    first.write(saying(topics, b"three", 0))
    assert held(stack, topics) == sorted(both(b"one", 0) + both(b"three", 0) + both(b"two", 1))


def test_one_who_owns_some_writes_their_shares_side_by_side(
    stack: Settings, topics: tuple[str, str], owner: New
) -> None:
    """A batch on several partitions is a transaction for each; all of it is there."""
    some = owner(0, 1)
    assert some.write(saying(topics, b"one", 0, 1)) == {0: 0, 1: 0}
    assert held(stack, topics) == sorted(both(b"one", 0) + both(b"one", 1))


@pytest.mark.parametrize(
    ("owned_before", "owned_after"), [((0,), (0,)), (ALL, (0,)), ((0,), ALL), (ALL, ALL)]
)
def test_a_former_owner_writes_nothing_over_its_successor(
    stack: Settings,
    topics: tuple[str, str],
    owner: New,
    owned_before: tuple[int, ...],
    owned_after: tuple[int, ...],
) -> None:
    """A worker that was paused past its session goes on as if nothing had been: nobody hears it.

    That holds whether it, or its successor, owns a share or all.
    """
    former = owner(*owned_before)
    former.write(saying(topics, b"before", 0))
    successor = owner(*owned_after)
    successor.write(saying(topics, b"mine", 0))
    with pytest.raises(FencedError):
        former.write(saying(topics, b"late", *owned_before))
    successor.write(saying(topics, b"more", 0))
    assert held(stack, topics) == sorted(both(b"before", 0) + both(b"mine", 0) + both(b"more", 0))


@pytest.mark.parametrize("owned_before", [(0,), ALL])
def test_what_a_former_owner_had_begun_is_undone(
    stack: Settings, topics: tuple[str, str], owner: New, owned_before: tuple[int, ...]
) -> None:
    """No announcement without the state that remembers it: killed between the two, both are gone."""
    former = owner(*owned_before)
    producer = former._writers[0]
    producer.begin_transaction()
    producer.produce(topics[0], b"half", b"case", 0)
    producer.flush(30)
    successor = owner(0)
    successor.write(saying(topics, b"whole", 0))
    assert held(stack, topics) == sorted(both(b"whole", 0))


@pytest.mark.parametrize("first", [(0,), ALL])
@pytest.mark.parametrize("second", [(0,), ALL])
@pytest.mark.parametrize("steps", [1, 2])
def test_of_two_who_take_over_at_once_at_most_one_is_heard(
    stack: Settings,
    topics: tuple[str, str],
    owner: New,
    monkeypatch: pytest.MonkeyPatch,
    first: tuple[int, ...],
    second: tuple[int, ...],
    steps: int,
) -> None:
    """One is slow, and its group has given its partitions to another, who begins and ends in between."""
    take_over, left = Delivery._take_over, [steps]

    def interrupted(self: Delivery, id_end: str) -> Any:
        left[0] -= 1
        if left[0] == 0:
            owned.append(owner(*second))
        return take_over(self, id_end)

    owned: list[Delivery] = []
    monkeypatch.setattr(Delivery, "_take_over", interrupted)
    slow = owner(*first)
    heard = 0
    for one in (owned[0], slow):
        with suppress(FencedError):
            one.write(saying(topics, b"mine", 0))
            heard += 1
    assert heard <= 1, "neither, where each has fenced the other: both begin anew"
    assert held(stack, topics) == sorted(both(b"mine", 0) * heard)


def test_brokers_that_do_not_answer_are_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the worker stops, and begins again from what the log holds."""
    monkeypatch.setattr(module, "PATIENCE_S", 1.0)
    with (
        closing(Delivery(NO_BROKERS, "nobody", PARTITIONS)) as alone,
        pytest.raises(DeliveryFailedError),
    ):
        alone.own([0])
