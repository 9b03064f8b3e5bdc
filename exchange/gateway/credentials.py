"""The credentials as they stand on the log, looked at again whenever it has grown.

Shape: topic `credentials` → id → `Credential`, at most `LOOK_S` old while the brokers answer. While they do
not, what was known last counts: then nothing can be taken back either.
"""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from confluent_kafka import KafkaException

from exchange.domain.credentials import Credential
from exchange.runtime.credentials.log import CredentialLog
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.clients import make_consumer
from exchange.runtime.kafka.watermarks import watermarks
from exchange.runtime.logs import logger
from exchange.runtime.settings import Settings
from topics.catalogue import CREDENTIALS

LOOK_S: Final = 1.0
"""Revoked is refused within five seconds, on open streams as well."""
_PARTITION: Final = (CREDENTIALS, 0)

log = logger("gateway.credentials")


class KnownCredentials:
    """All credentials there are; a context manager that keeps looking in a thread of its own."""

    def __init__(self, settings: Settings) -> None:
        self._log = CredentialLog(settings)
        self._asker = make_consumer(settings.kafka, {"log_level": 0})
        self._known: Mapping[str, Credential] = MappingProxyType({})
        self._read_to = -1
        self._looking = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="credentials", daemon=True)

    def __enter__(self) -> "KnownCredentials":
        self.look()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._asker.close()

    def find(self, client_id: str) -> Credential | None:
        """Return a credential that works now; None if there is none of that name."""
        found = self._known.get(client_id)
        return found if found is not None and found.works(datetime.now(UTC)) else None

    def look(self) -> None:
        """Read the credentials if there may be something new.

        Raises:
            ExchangeError: the brokers do not answer.
        """
        with self._looking:
            try:
                _, end = watermarks(self._asker, [_PARTITION])[_PARTITION]
            except KafkaException as problem:
                raise ExchangeError(problem.args[0].name()) from None
            if end != self._read_to:
                self._known = MappingProxyType(dict(self._log.read()))
                self._read_to = end

    def look_again(self) -> None:
        """Look once more; where that does not work, what is known counts."""
        try:
            self.look()
        except Exception as problem:  # whatever it is, those who come in are not to be kept out for ever
            log.warning("credentials_unread", error=type(problem).__name__)

    def _keep_looking(self) -> None:
        while not self._stop.wait(LOOK_S):
            self.look_again()
