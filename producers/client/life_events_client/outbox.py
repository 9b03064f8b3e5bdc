"""The outbox: records are on disk when `put` returns, and are delivered behind, however long that takes."""

import asyncio
import logging
import time
from collections.abc import Callable
from threading import Condition, Lock, Thread
from typing import Final, Self

from life_events_client.answers import Receipt
from life_events_client.backlog import Backlog, Refused
from life_events_client.carrier import Carrier
from life_events_client.client import Connection
from life_events_client.errors import ClientError
from life_events_client.http import Closed
from life_events_client.model import Publishable
from life_events_client.runner import Runner
from life_events_client.store import SenderLock

LOOK_S: Final = 0.2
"""How often it is looked for what other processes have put or settled."""
CLOSING_S: Final = 5.0
"""How long a closing outbox waits for an answer; what was stored without it is recognised when sent again."""
TRY_AGAIN_S: Final = 30.0
"""How long nothing is tried where trying again at once would be of no use."""
log = logging.getLogger(__name__)


class Outbox:
    """Delivers records in the order in which they were put: over cuts, restarts, days without the exchange.

    Of all processes that have the same store open, one delivers; the others put, and take over when it ends.
    Two threads of it deliver: one sends, one fetches receipts. Records that are taken are erased here.

    Args:
        client: Whose credential and whose store; it stays open for as long as the outbox.
        on_receipt: Called with each receipt, in order, if this process delivers; after a crash maybe again.
    """

    def __init__(self, client: Connection, on_receipt: Callable[[Receipt], None] = lambda _: None) -> None:
        self._problems: dict[str, Exception] = {}
        self._access = client.access
        self._backlog = Backlog(client.store)
        self._backlog.forget_old()
        self._runner = Runner(client.access)
        self._sender, self._choosing = SenderLock(client.store.path), Lock()
        self._news = Condition()
        carrier = Carrier(client.way, self._backlog, self._runner, on_receipt)
        work = (carrier.send, carrier.collect)
        self._threads = [Thread(target=self._go_on, args=[one], daemon=True) for one in work]
        for thread in self._threads:
            thread.start()

    def put(self, *records: Publishable) -> None:
        """Write records down; they are on the disk when this returns, all or none. Put many at once.

        Raises:
            RecordDiffers: another record with one of these ids waits already.
            sqlite3.Error: the disk did not take them.
        """
        self._backlog.put(records)
        self._tell()

    async def aput(self, *records: Publishable) -> None:
        """Do the same without keeping the event loop waiting for the disk."""
        await asyncio.to_thread(self.put, *records)

    def receipt(self, record_id: str) -> Receipt | None:
        """Return a record's receipt, if it has come; receipts are kept for thirty days."""
        return self._backlog.receipt(record_id)

    def refused(self) -> list[Refused]:
        """Return what the exchange did not take, with the reasons, until it is discarded."""
        return self._backlog.refused()

    def discard(self, record_id: str) -> None:
        """Erase a refused record, once it has been corrected and put as a new one."""
        self._backlog.discard(record_id)

    def counts(self) -> dict[str, int]:
        """Return how many records have which status; `WAITING` are those without a receipt."""
        return self._backlog.counts()

    def settled(self, timeout_s: float | None = None) -> bool:
        """Wait until every record has its receipt, or so long; return whether it is so."""
        until = float("inf") if timeout_s is None else time.monotonic() + timeout_s
        with self._news:
            while not (done := self._backlog.is_settled()) and time.monotonic() < until:
                self._news.wait(LOOK_S)
        return done

    def close(self) -> None:
        """Deliver no longer; what waits is on the disk, and is delivered when the outbox is opened again."""
        self._runner.closing.set()
        self._tell()
        for thread in self._threads:
            thread.join(CLOSING_S)
        self._runner.close()
        self._sender.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def problem(self) -> Exception | None:
        """Why nothing is delivered now; None if nothing is wrong."""
        return next(iter(self._problems.values()), None)

    def _go_on(self, work: Callable[[], bool]) -> None:
        """Do one kind of work for as long as the outbox is open. Whatever goes wrong is tried again."""
        while not self._runner.closing.is_set():
            try:
                worked = self._delivers() and work()
            except Closed:
                return
            except Exception as problem:  # a full disk, say: it must not end the delivery for good
                self._problems[work.__name__] = problem
                said = str(problem) if isinstance(problem, ClientError) else type(problem).__name__
                log.warning("The outbox cannot go on, and tries again: %s", said)
                self._runner.closing.wait(self._access.jitter(TRY_AGAIN_S))
                continue
            self._problems.pop(work.__name__, None)
            if worked:
                self._tell()
            else:
                self._look_again()

    def _delivers(self) -> bool:
        with self._choosing:
            return self._sender.take()

    def _look_again(self) -> None:
        with self._news:
            self._news.wait(LOOK_S)

    def _tell(self) -> None:
        with self._news:
            self._news.notify_all()
