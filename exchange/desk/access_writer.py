"""Writes access records before anything is shown."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from exchange.desk.access_records import Access, AccessMessage, access_message
from exchange.runtime.errors import ExchangeError, RegistryRefusedError
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import brokers_answer
from exchange.runtime.kafka.kept_sender import KeptSender
from exchange.runtime.kafka.moving_leaders import MOVED_WITHIN_S
from exchange.runtime.kafka.sender import NotTakenError
from exchange.runtime.sentences import said
from topics.catalogue import ACCESS

EncodeValue = Callable[[str, Mapping[str, Any]], bytes]
"""Topic and value → framed bytes."""
ACKNOWLEDGED_WITHIN_S: Final = 5.0


class AccessWriter:
    """Writes access records; threads may share it. It comes to the brokers with the first record.

    Args:
        kafka: how the brokers are reached.
        encode: writes values of the topic; it may raise ``RegistryRefusedError``.
    """

    def __init__(self, kafka: KafkaAccess, encode: EncodeValue) -> None:
        self._kafka = kafka
        self._encode_value = encode
        self._sender = KeptSender(kafka, ACKNOWLEDGED_WITHIN_S)

    def note(self, access: Access) -> None:
        """Return once the brokers hold the record; the caller shows nothing before that.

        Raises:
            ExchangeError: it could not be noted, so nothing may be shown.
        """
        message = access_message(access, self._kafka.user)
        value, limit = self._encode(message), time.monotonic() + MOVED_WITHIN_S
        while True:
            try:
                return self._sender.send(ACCESS, value, message.key, message.headers)
            except NotTakenError as problem:
                # Written twice under one id, it is still one access.
                if time.monotonic() < limit and self._leaders_move(problem):
                    continue
                raise ExchangeError(said("access_unnoted"), said("access_refused", problem=problem)) from None

    def _leaders_move(self, problem: NotTakenError) -> bool:
        """Say whether brokers are there but took too long: what a dead one led has no leader for a while."""
        return problem.took_too_long and brokers_answer(self._kafka)

    def _encode(self, message: AccessMessage) -> bytes:
        try:
            return self._encode_value(ACCESS, message.document)
        except RegistryRefusedError as problem:
            raise ExchangeError(said("access_unnoted"), problem.hint) from None
