"""Following announcements, over cuts, repeats and restarts: each comes to the caller once, by its id."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies

from life_events_client.answers import Announcement
from life_events_client.bookmarks import ALL, Filter, Start
from life_events_client.errors import NotAllowed
from life_events_client.following import EventReader
from life_events_client.store import Store
from tests.client.gateway import Gateway
from tests.client.memory import Clock, MemoryRunner
from tests.client.ways import Kind, over_both_ways, way_to

IN_A_LINE = strategies.characters(codec="utf-8", exclude_characters="\r\n")


def announced(number: int, **more: Any) -> dict[str, Any]:
    """One announcement, as the gateway says it."""
    said = {"id": f"id {number}", "case_id": f"case {number % 7}", "matter": 8, "transition": "READY"}
    return {**said, "draft": {"name": {"value": "王\u2028芳", "state": "prefilled", "source": None}}, **more}


def followed(
    gateway: Gateway,
    store: Store,
    kind: Kind = "http",
    chosen: Filter = ALL,
    start: Start = "start",
    *,
    anew: bool = False,
) -> Iterator[Announcement]:
    """What a follower is given."""
    clock = Clock()
    way = way_to(kind, gateway, clock)
    conversation = way.follow(store, chosen, name="", start=start, anew=anew)
    return MemoryRunner(gateway, clock).iterate(conversation)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = Store(tmp_path / "store.sqlite")
    yield opened
    opened.close()


@over_both_ways
def test_over_fifty_cuts_each_announcement_comes_once_and_in_order(kind: Kind, store: Store) -> None:
    """Nobody is paid twice, or not at all, because a line was bad."""
    told = [announced(number) for number in range(500)]
    repeats = [one for number, one in enumerate(told) for one in [one] * (1 + (number % 10 == 3))]
    gateway = Gateway(announcements=repeats, cuts=iter(50 * [7]))
    came = list(islice(followed(gateway, store, kind), 500))
    assert [one.id for one in came] == [one["id"] for one in told]
    if kind == "http":
        assert gateway.asked.count("GET /v1/announcements") >= 50
    assert came[0].draft["name"]["value"] == "王\u2028芳"


@over_both_ways
def test_one_that_was_not_taken_comes_again_after_a_restart(kind: Kind, store: Store) -> None:
    """A program that fails while it works on one has it again; what it had done before, it has not."""
    gateway = Gateway(announcements=[announced(number) for number in range(5)])
    first = followed(gateway, store, kind)
    assert [next(first).id for _ in range(3)] == ["id 0", "id 1", "id 2"]
    first.close()  # type: ignore[attr-defined]
    assert [one.id for one in islice(followed(gateway, store, kind), 3)] == ["id 2", "id 3", "id 4"]


def test_over_kafka_the_position_kept_is_the_one_behind_what_was_taken(store: Store) -> None:
    """It is written as the gateway writes it, of each partition the next one to read."""
    gateway = Gateway(announcements=[announced(number) for number in range(5)])
    assert len(list(islice(followed(gateway, store, "kafka"), 5))) == 5
    assert store.vector("?") == "0:2,1:1,2:1"


@over_both_ways
def test_one_that_the_exchange_repeats_after_a_restart_is_known(kind: Kind, store: Store) -> None:
    """The exchange may say a thing twice, after a crash of its own."""
    gateway = Gateway(announcements=[announced(number) for number in range(3)])
    assert len(list(islice(followed(gateway, store, kind), 3))) == 3
    gateway.announcements += [announced(1), announced(0), announced(3)]
    assert [one.id for one in islice(followed(gateway, store, kind), 2)] == ["id 2", "id 3"]


@over_both_ways
def test_each_choice_is_followed_by_itself_and_may_begin_anew(kind: Kind, store: Store) -> None:
    gateway = Gateway(announcements=[announced(number) for number in range(3)])
    assert len(list(islice(followed(gateway, store, kind), 3))) == 3
    assert next(followed(gateway, store, kind, Filter(matter=8))).id == "id 0"
    assert next(followed(gateway, store, kind, anew=True)).id == "id 0"


def test_who_begins_now_loses_nothing_to_a_cut_before_the_first(store: Store) -> None:
    """What is announced while a line is down was not announced before somebody began to listen."""
    gateway = Gateway(announcements=[announced(0)], cuts=iter([0]))
    clock = Clock()
    way = way_to("http", gateway, clock)
    conversation = way.follow(store, ALL, name="", start="now", anew=False)
    runner = MemoryRunner(gateway, clock)
    stream = gateway._stream

    def announces_while_it_breaks(after: int) -> Iterator[bytes]:
        if len(gateway.announcements) == 1:
            gateway.announcements.append(announced(1))
            return iter(())
        return stream(after)

    gateway._stream = announces_while_it_breaks  # type: ignore[method-assign]
    assert next(runner.iterate(conversation)).id == "id 1"


def test_where_a_proxy_holds_streams_back_pages_are_asked_for(store: Store) -> None:
    """An office behind an old proxy is told a little later, and is told all of it."""
    gateway = Gateway(announcements=[announced(number) for number in range(8)], silent=True)
    assert [one.id for one in islice(followed(gateway, store), 8)] == [f"id {number}" for number in range(8)]
    assert [one.id for one in islice(followed(gateway, store), 1)] == ["id 7"]


def test_a_follower_whose_credential_is_taken_back_is_told(store: Store) -> None:
    gateway = Gateway(announcements=[announced(0)])
    follower = followed(gateway, store)
    next(follower)
    gateway.suspended = True
    with pytest.raises(NotAllowed):
        next(follower)


@given(
    data=strategies.lists(strategies.text(IN_A_LINE), max_size=6),
    cut=strategies.integers(1, 20),
    end=strategies.sampled_from(["\n", "\r\n"]),
)
def test_events_are_read_however_the_network_cuts_them(data: list[str], cut: int, end: str) -> None:
    """Neither the border of a packet nor a mark within a text is the end of a line."""
    lines = (
        f": keep-alive{end}{end}id: {number}{end}event: announcement{end}data: {text}{end}{end}"
        for number, text in enumerate(data)
    )
    sent = "".join(lines).encode()
    reader = EventReader()
    bits = (sent[at : at + cut] for at in range(0, len(sent), cut))
    read = [event for bit in bits for event in reader.read(bit)]
    assert [(one.id, one.name, one.data) for one in read] == [
        (str(number), "announcement", text) for number, text in enumerate(data)
    ]
