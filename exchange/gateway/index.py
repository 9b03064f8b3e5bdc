"""The index of receipts and announcements: asked in threads, and waited for without asking all the time."""

import asyncio
import threading
from typing import Any, Final

import psycopg

from avro_schemas.catalogue import schema
from avro_schemas.typed_documents import AnnouncementDocument, ReceiptDocument
from consumers.read_model.tables import INDEX_CHANNEL
from exchange.runtime.logs import logger
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings

LOOK_S: Final = 1.0
"""How long to wait for news of a topic at most: a notification may be lost with its connection."""
_CONNECT_S: Final = 3

log = logger("gateway.index")


class IndexNews:
    """Says when the index has more of a topic; a context manager, within an event loop."""

    def __init__(self, settings: Settings) -> None:
        self._dsn = settings.postgres
        self._loop = asyncio.get_running_loop()
        self._awaited: dict[str, asyncio.Event] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_listening, name="news", daemon=True)

    def __enter__(self) -> "IndexNews":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def next(self, topic: str) -> asyncio.Event:
        """Return what is set with the topic's next news. Take it first, then look: so nothing is missed."""
        return self._awaited.setdefault(topic, asyncio.Event())

    def wake(self) -> None:
        """Set all that is waited for, as if there were news of every topic."""
        for topic in list(self._awaited):
            self._tell(topic)

    def _keep_listening(self) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._dsn, connect_timeout=_CONNECT_S, autocommit=True) as connection:
                    connection.execute(f"LISTEN {INDEX_CHANNEL}".encode())
                    self._listen(connection)
            except psycopg.Error as problem:
                log.warning("waits_and_tries_again", error=type(problem).__name__)
                self._stop.wait(LOOK_S)

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        while not self._stop.is_set():
            for told in connection.notifies(timeout=LOOK_S, stop_after=1):
                self._loop.call_soon_threadsafe(self._tell, told.payload)

    def _tell(self, topic: str) -> None:
        awaited = self._awaited.pop(topic, None)
        if awaited is not None:
            awaited.set()


class IndexDecoders:
    """How receipts and announcements are read."""

    def __init__(self, registry: Registry) -> None:
        self.receipt = Decoder[ReceiptDocument](schema("receipt"), registry.schema_by_id).decode
        self.announcement = Decoder[AnnouncementDocument](
            schema("announcement"), registry.schema_by_id
        ).decode
