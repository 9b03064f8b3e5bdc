"""The client. What it does is written once, in `publishing` and `following`, and done here in two ways."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from threading import Lock
from typing import Self

from life_events_client import publishing
from life_events_client.access import Access, Brokers
from life_events_client.answers import Announcement, Pending, Progress, Receipt
from life_events_client.assertions import signer
from life_events_client.async_runner import AsyncRunner
from life_events_client.bookmarks import ALL, Filter, Start
from life_events_client.model import Publishable
from life_events_client.over_http import OverHttp
from life_events_client.runner import Runner
from life_events_client.steps import Conversation
from life_events_client.store import Store, usual_path
from life_events_client.way import Way


class Connection:
    """What both clients are made of.

    Args:
        url: Where the exchange is: `https://…`, or `http://…` on this machine alone.
        client_id: The name of the credential, such as `civil_affairs.1`.
        client_secret: Its secret for HTTP.
        private_key: File of a private key (PEM) instead of it, where the credential was made with the public
            one; needs the extra `key`.
        brokers: Where Kafka is, to publish and follow over it; needs the extra `kafka`. For the rest the
            gateway at `url` is asked.
        ca: File of the certificate to trust, where the exchange has one of its own.
        store: File that keeps the outbox and how far announcements are read; usually in the user's own folder
            for such things, one for each department at each exchange.
        language: `zh` or `en`: in which the exchange explains what it refuses.
        patience_s: How long a request that fails is repeated before the caller is told.
    """

    def __init__(  # noqa: PLR0913 - all but the first are said by their names
        self,
        url: str,
        client_id: str,
        client_secret: str = "",
        *,
        private_key: str | Path | None = None,
        brokers: Brokers | None = None,
        ca: str | None = None,
        store: str | Path | None = None,
        language: str = "zh",
        patience_s: float = 60.0,
    ) -> None:
        sign = signer(client_id, private_key, url) if private_key else None
        self.access = Access(
            url, client_id, client_secret, sign, ca=ca, language=language, patience_s=patience_s
        )
        self.way: Way = _over_kafka(self.access, brokers) if brokers else OverHttp(self.access)
        self._path = Path(store) if store else usual_path(self.access)
        self._store: Store | None = None
        self._opening = Lock()
        self._connect()

    def _connect(self) -> None:
        raise NotImplementedError

    @property
    def store(self) -> Store:
        """What is kept on disk, opened when it is first needed."""
        with self._opening:
            self._store = self._store or Store(self._path)
            return self._store

    def _let_go(self) -> None:
        self.way.close()
        if self._store:
            self._store.close()

    def _follow(self, chosen: Filter, name: str, start: Start, anew: bool) -> Conversation[None]:
        return self.way.follow(self.store, chosen, name=name, start=start, anew=anew)


def _over_kafka(access: Access, brokers: Brokers) -> Way:
    # Imported here: who has HTTP alone has no Kafka client.
    from life_events_client.kafka_link import KafkaLink  # noqa: PLC0415
    from life_events_client.over_kafka import OverKafka  # noqa: PLC0415

    return OverKafka(access, KafkaLink(access, brokers, f"{access.principal}.client"))


class Client(Connection):
    """A department's way into the exchange. Any thread may use it; close it at the end, or use `with`."""

    def _connect(self) -> None:
        self._runner = Runner(self.access)

    def publish(self, record: Publishable, wait: float | None = None) -> Receipt | Pending:
        """Store one record; it cannot be lost once this returns.

        Args:
            record: It keeps its id, so that sending it again is harmless.
            wait: Seconds to wait for its receipt, at most 60.

        Returns:
            The receipt, or `Pending` if it has not come by then.

        Raises:
            RecordRefused: it is not taken, with the reasons.
            ExchangeAway, TooFast, NotAllowed: as `errors` says.
        """
        return self._runner.run(self.way.publish(record, wait))

    def send_many(
        self,
        records: Iterable[Publishable],
        *,
        progress: Callable[[Progress], None] = lambda _: None,
        on_receipt: Callable[[Receipt], None] | None = None,
    ) -> list[Receipt]:
        """Store any number of records and return one receipt for each, in their order.

        What was stored before a cut is not stored again, and what is refused keeps nothing else up.

        Args:
            records: Taken as they are needed.
            progress: Called as more is stored or answered.
            on_receipt: Called with each receipt, in order; the list is then empty.

        Raises:
            ReceiptsLate: all are stored, and some receipts do not come.
            ExchangeAway, TooFast, NotAllowed: as `errors` says.
        """
        receipts: list[Receipt] = []
        self._runner.run(publishing.send_many(self.way, records, progress, on_receipt or receipts.append))
        return receipts

    def receipts_of(self, record_id: str) -> tuple[Receipt, ...]:
        """Return all receipts of a record's id, the oldest first; none if there is none yet."""
        return self._runner.run(self.way.receipts_of(record_id))

    def announcements(
        self, chosen: Filter = ALL, *, name: str = "", start: Start = "start", anew: bool = False
    ) -> Iterator[Announcement]:
        """Yield what the department is told, each announcement once, for ever.

        One is taken once you ask for the next: if your program ends before, it comes again. How far you have
        come is kept on disk.

        Args:
            chosen: Which announcements; each choice is followed by itself.
            name: Of this follower; another one gets everything for itself.
            start: Where a new follower begins: with the first announcement, or with the next.
            anew: Forget how far it has come.

        Raises:
            PositionGone: the exchange no longer holds what comes next.
            NotAllowed: the credential has no right to them.
        """
        return self._runner.iterate(self._follow(chosen, name, start, anew))

    def close(self) -> None:
        """Close the connections and the file."""
        self._runner.close()
        self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClient(Connection):
    """The same for asyncio: `Client` says what each method does. It belongs to one event loop."""

    def _connect(self) -> None:
        self._runner = AsyncRunner(self.access)

    async def publish(self, record: Publishable, wait: float | None = None) -> Receipt | Pending:
        """Store one record; it cannot be lost once this returns."""
        return await self._runner.run(self.way.publish(record, wait))

    async def send_many(
        self,
        records: Iterable[Publishable],
        *,
        progress: Callable[[Progress], None] = lambda _: None,
        on_receipt: Callable[[Receipt], None] | None = None,
    ) -> list[Receipt]:
        """Store any number of records and return one receipt for each, in their order."""
        receipts: list[Receipt] = []
        await self._runner.run(
            publishing.send_many(self.way, records, progress, on_receipt or receipts.append)
        )
        return receipts

    async def receipts_of(self, record_id: str) -> tuple[Receipt, ...]:
        """Return all receipts of a record's id, the oldest first; none if there is none yet."""
        return await self._runner.run(self.way.receipts_of(record_id))

    def announcements(
        self, chosen: Filter = ALL, *, name: str = "", start: Start = "start", anew: bool = False
    ) -> AsyncIterator[Announcement]:
        """Yield what the department is told, each announcement once, for ever."""
        return self._runner.iterate(self._follow(chosen, name, start, anew))

    async def close(self) -> None:
        """Close the connections and the file."""
        await self._runner.close()
        await asyncio.to_thread(self._let_go)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
