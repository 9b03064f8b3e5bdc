"""Access records, written before anything is shown. No record, no view."""

import asyncio

from consumers.privacy.access_log import Access, access_document, access_headers, access_key
from exchange.gateway.problems import away
from exchange.gateway.writers import Writers
from exchange.runtime.kafka.sender import NotTakenError
from exchange.runtime.settings import Settings
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
        document = access_document(access, self._principal)
        value = await asyncio.to_thread(self._codec.encode, ACCESS, document)  # it may ask the registry
        writer, key = self._writers.own(), access_key(access).encode()
        try:
            await (await writer.write(ACCESS, value, key, access_headers(access)))
        except NotTakenError as problem:
            raise away(f"kafka: {problem}") from None
