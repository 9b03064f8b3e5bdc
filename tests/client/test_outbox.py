"""The outbox on a real disk, in real processes: what is put is delivered, whoever dies or is away."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from life_events_client import AsyncClient, Client, Outbox
from tests.client import machine
from tests.client.gateway import REFUSED_NAME, SECRET, Gateway
from tests.client.served import served
from tests.client.test_publishing import record
from tests.docs.pages import ROOT
from tests.waiting import PATIENCE_S, wait_for

Opens = Callable[[str], Client]


@pytest.fixture
def opens(tmp_path: Path) -> Iterator[Opens]:
    """Opens a client that has one store, and tries again at once."""
    clients = []

    def open_one(url: str) -> Client:
        client = Client(url, "police.1", SECRET, store=tmp_path / "store.sqlite", patience_s=0.5)
        client.access.jitter = lambda most: most / 1000
        clients.append(client)
        return client

    yield open_one
    for client in clients:
        client.close()


def test_what_is_put_is_delivered_in_order_and_every_receipt_is_told(opens: Opens) -> None:
    """Good records go on beside one that is refused."""
    gateway, heard = Gateway(faults=iter(["cut", "", "lost", "503", "", "401", "part"])), list[str]()
    mine = [record(REFUSED_NAME if number == 3 else "王桂芳") for number in range(40)]
    good = [one.record_id for one in mine if one.name != REFUSED_NAME]
    with served(gateway) as url, Outbox(opens(url), lambda one: heard.append(one.record_id)) as outbox:
        outbox.put(*mine[:20])
        for one in mine[20:]:
            outbox.put(one)
        assert outbox.settled(PATIENCE_S)
        assert heard == [one.record_id for one in mine]
        assert outbox.counts() == {"ACCEPTED": 39, "REJECTED": 1}
        refused, taken = outbox.receipt(mine[3].record_id), outbox.receipt(mine[4].record_id)
        assert refused
        assert refused.refused
        assert taken
        assert taken.status == "ACCEPTED"
        assert [one.record.record_id for one in outbox.refused()] == [mine[3].record_id]
        outbox.discard(mine[3].record_id)
        assert not outbox.refused()
    assert gateway.log == good


def test_with_the_exchange_away_records_wait_over_restarts(
    opens: Opens, caplog: pytest.LogCaptureFixture
) -> None:
    """A clerk goes on working for days without the exchange, and nobody enters anything twice."""
    gateway, mine = Gateway(), [record() for _ in range(3)]
    with served(gateway) as url:
        port = int(url.rpartition(":")[2])
    with caplog.at_level(logging.WARNING):
        for one in mine[:2]:
            with Outbox(opens(url)) as outbox:
                outbox.put(one)
                wait_for("the outbox to see that nobody answers", lambda outbox=outbox: outbox.problem)
                assert not outbox.settled(0)
    assert "cannot be reached" in caplog.text
    assert mine[0].name not in caplog.text
    with served(gateway, port), Outbox(opens(url)) as outbox:
        outbox.put(mine[2])
        assert outbox.settled(PATIENCE_S)
        assert outbox.problem is None
    assert gateway.log == [one.record_id for one in mine]


def test_threads_that_put_at_once_share_what_the_disk_costs(opens: Opens) -> None:
    """Many windows write at once; each of them knows that its record is on the disk."""
    gateway = Gateway()
    with served(gateway) as url, Outbox(opens(url)) as outbox, ThreadPoolExecutor(8) as threads:
        mine = [record() for _ in range(80)]
        list(threads.map(outbox.put, mine))
        assert outbox.settled(PATIENCE_S)
    assert sorted(gateway.log) == sorted(one.record_id for one in mine)


def test_an_async_program_puts_without_waiting_for_the_disk_itself(tmp_path: Path) -> None:
    gateway, mine = Gateway(), record()

    async def work(url: str) -> None:
        async with AsyncClient(url, "police.1", SECRET, store=tmp_path / "store.sqlite") as client:
            with Outbox(client) as outbox:
                await outbox.aput(mine)
                assert await asyncio.to_thread(outbox.settled, PATIENCE_S)

    with served(gateway) as url:
        asyncio.run(work(url))
    assert gateway.log == [mine.record_id]


def start(url: str, store: Path, first: int, count: int) -> "subprocess.Popen[str]":
    """Start the program on the department's machine."""
    command = [sys.executable, "-m", machine.__name__, url, str(store), str(first), str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.process
def test_a_machine_that_is_killed_loses_nothing_and_sends_nothing_as_another(tmp_path: Path) -> None:
    """The power goes, three times, amid what a clerk enters: each entry counts, and counts once."""
    gateway, store, written = Gateway(), tmp_path / "store.sqlite", list[int]()
    with served(gateway) as url:
        for first in (0, 1000, 2000):
            with start(url, store, first, 1000) as killed:
                assert killed.stdout
                written += [int(killed.stdout.readline()) for _ in range(40)]
                wait_for("the machine to send something", lambda first=first: sent(gateway, first))
                killed.kill()
                written += [int(line) for line in killed.stdout if line.endswith("\n")]
        with start(url, store, 3000, 5) as last:
            assert last.wait(PATIENCE_S) == 0
    ids = {int(one["issuer_name"]): one["record_id"] for one in gateway.contents}
    assert set(written) | set(range(3000, 3005)) <= set(ids)
    assert len(ids) == len(set(gateway.log))
    assert list(ids) == sorted(ids)


def sent(gateway: Gateway, first: int) -> bool:
    """Whether something of what is numbered so has been sent."""
    return any(int(one["issuer_name"]) >= first for one in list(gateway.contents))


@pytest.mark.process
def test_of_two_processes_one_sends(tmp_path: Path) -> None:
    """A service that is started twice sends nothing twice."""
    gateway, store = Gateway(), tmp_path / "store.sqlite"
    with served(gateway) as url, start(url, store, 0, 150) as one, start(url, store, 1000, 150) as other:
        assert [one.wait(PATIENCE_S), other.wait(PATIENCE_S)] == [0, 0]
    assert len(gateway.log) == len(set(gateway.log)) == 300
