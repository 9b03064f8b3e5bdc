"""Access records, written before anything is shown. No record, no view."""

import asyncio

from exchange.desk.access_records import Access, access_message
from exchange.gateway.writers import Writers
from exchange.runtime.kafka.sender import NotTakenError
from exchange.runtime.settings import Settings
from exchange.serving.problems import away
from producers.codec import Codec
from topics.catalogue import ACCESS


class AccessNotes:
    """Writes access records as the gateway itself."""

    def __init__(self, settings: Settings, codec: Codec, writers: Writers) -> None:
        self._principal = settings.kafka.user
        self._codec = codec
        self._writers = writers

    async def write(self, access: Access) -> None:
        """Return once the brokers hold the record; the caller shows nothing before that.

        Raises:
            ProblemError: it could not be noted.
            ExchangeError: the registry is away.
        """
        message = access_message(access, self._principal)
        # It may ask the registry.
        value = await asyncio.to_thread(self._codec.encode, ACCESS, message.document)
        writer = self._writers.own()
        try:
            await (await writer.write(ACCESS, value, message.key.encode(), message.headers))
        except NotTakenError as problem:
            raise away(f"kafka: {problem}") from None
