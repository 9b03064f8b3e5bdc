"""Both clients against a gateway on a real port: the same is done, and nobody's name gets out."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from life_events_client import AsyncClient, Client, ExchangeAway, Receipt, RecordRefused, over_http
from life_events_client.bookmarks import ALL
from tests.client.gateway import REFUSED_NAME, SECRET, Gateway
from tests.client.served import served
from tests.client.test_following import announced
from tests.client.test_publishing import record
from tests.waiting import wait_for

LISTENS = "GET /v1/announcements"
Opens = Callable[..., Client]


@pytest.fixture
def gateway() -> Gateway:
    """A gateway without faults."""
    return Gateway()


@pytest.fixture
def opens(gateway: Gateway, tmp_path: Path) -> Iterator[Opens]:
    """Opens a client of either kind that is not patient in vain."""
    with served(gateway) as url:

        def open_one(kind: Any = Client, secret: str = SECRET) -> Any:
            client = kind(url, "police.1", secret, store=tmp_path / "store.sqlite")
            client.access.jitter = lambda most: most / 100
            return client

        yield open_one


def test_a_client_publishes_sends_many_and_follows_over_broken_connections(
    gateway: Gateway, opens: Opens
) -> None:
    """What the pure part promises holds on a real network."""
    gateway.faults = iter(["cut", "", "lost", "503", "", "401", "part", "", "500"])
    gateway.announcements = [announced(number) for number in range(30)]
    gateway.cuts = iter(10 * [2])
    mine = [record() for _ in range(20)]
    with opens() as client:
        one = client.publish(mine[0], wait=5)
        many = client.send_many(mine[1:])
        told = list(islice(client.announcements(), 30))
        assert [receipt.status for receipt in client.receipts_of(mine[5].record_id)] == ["ACCEPTED"]
    assert isinstance(one, Receipt)
    assert [one.status, *(receipt.status for receipt in many)] == 20 * ["ACCEPTED"]
    assert list(dict.fromkeys(gateway.log)) == [each.record_id for each in mine]
    assert [each.id for each in told] == [f"id {number}" for number in range(30)]


def test_an_async_client_does_the_same(gateway: Gateway, opens: Opens) -> None:
    gateway.faults = iter(["cut", "", "lost", "503", "", "401", "part", "", "500"])
    gateway.announcements = [announced(number) for number in range(30)]
    gateway.cuts = iter(10 * [2])
    mine = [record() for _ in range(20)]

    async def work() -> tuple[Any, list[Receipt], list[str]]:
        async with opens(AsyncClient) as client:
            one = await client.publish(mine[0], wait=5)
            many = await client.send_many(mine[1:])
            assert len(await client.receipts_of(mine[5].record_id)) == 1
            return one, many, [each.id async for each in first(client.announcements(), 30)]

    one, many, told = asyncio.run(work())
    assert [one.status, *(receipt.status for receipt in many)] == 20 * ["ACCEPTED"]
    assert list(dict.fromkeys(gateway.log)) == [each.record_id for each in mine]
    assert told == [f"id {number}" for number in range(30)]


async def first(endless: Any, count: int) -> AsyncIterator[Any]:
    """The first few of what never ends."""
    async with aclosing(endless):
        for _ in range(count):
            yield await anext(endless)


def test_an_async_client_that_is_cancelled_lets_go(gateway: Gateway, opens: Opens) -> None:
    """A service that is stopped while it waits for an announcement stops at once."""

    async def work() -> None:
        async with opens(AsyncClient) as client:
            waits = asyncio.create_task(anext(client.announcements()))
            await asyncio.to_thread(wait_for, "it to listen", lambda: LISTENS in gateway.asked)
            assert not waits.done()
            waits.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waits

    asyncio.run(work())


def test_receipts_are_called_back_in_order(opens: Opens) -> None:
    mine, heard = [record() for _ in range(9)], list[str]()
    with opens() as client:
        assert client.send_many(mine, on_receipt=lambda receipt: heard.append(receipt.record_id)) == []
    assert heard == [each.record_id for each in mine]


def test_an_exchange_that_is_away_is_told_as_that() -> None:
    with (
        Client("http://127.0.0.1:9", "police.1", SECRET, patience_s=0.1) as lost,
        pytest.raises(ExchangeAway, match="ConnectError"),
    ):
        lost.publish(record())


def test_an_exchange_that_answers_too_late_is_asked_again(
    gateway: Gateway, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that hangs hangs alone, and what came of it late does no harm."""
    monkeypatch.setattr(over_http, "SLOWEST_S", 0.3)
    hangs, mine = Event(), record()
    gateway.holds = iter([None, hangs])
    with opens() as client:
        published = client.publish(mine, wait=0.1)
        hangs.set()
        wait_for("the late answer", lambda: len(gateway.log) == 2)
    assert isinstance(published, Receipt)
    assert published.status == "ACCEPTED"


def test_a_secret_never_travels_in_the_clear() -> None:
    """Whoever listens on a city's network hears no credential."""
    with pytest.raises(ValueError, match="https"):
        Client("http://exchange.example.gov.cn", "police.1", SECRET)


def test_neither_a_new_credential_nor_another_port_leaves_an_outbox_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What waits on disk is still found after the yearly change of secrets."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    paths = set()
    for url, name in (("https://exchange:1", "police.1"), ("https://exchange:2", "police.2")):
        with Client(url, name, SECRET) as client:
            paths.add(client.store.path)
    assert len(paths) == 1
    [path] = paths
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_person_is_in_no_url_header_log_or_error(
    gateway: Gateway, opens: Opens, caplog: pytest.LogCaptureFixture
) -> None:
    """Who reads the logs of a department's machine learns of nobody."""
    seen: list[str] = []
    answer = gateway.answer

    def watching(method: str, target: str, headers: Any, body: bytes) -> Any:
        seen.append(f"{method} {target} {headers}")
        return answer(method, target, headers, body)

    gateway.answer = watching  # type: ignore[method-assign]
    gateway.faults = iter(["", "503", "lost"])
    gateway.announcements = [announced(0)]
    mine = [record(), record(REFUSED_NAME)]
    with caplog.at_level(logging.DEBUG), opens() as client:
        client.send_many(mine)
        with pytest.raises(RecordRefused) as raised:
            client.publish(mine[1], wait=5)
        told = next(client._runner.iterate(client._follow(ALL, "", "start", False)))
    said = "\n".join([*seen, caplog.text, repr(raised.value), repr(mine), repr(client.access), repr(told)])
    assert len(seen) > 5
    for hidden in ("王", REFUSED_NAME, "620503", SECRET):
        assert hidden not in said
