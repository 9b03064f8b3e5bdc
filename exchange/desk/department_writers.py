"""Writes departments' records for a desk: of each department as the principal that writes for it alone."""

import threading
from typing import TYPE_CHECKING

from exchange.runtime.kafka.department_access import TAKEN_WITHIN_S, department_access
from exchange.runtime.kafka.kept_sender import KeptSender
from exchange.runtime.kafka.sender import NotTakenError
from exchange.runtime.settings import Settings

if TYPE_CHECKING:  # the rules of admission, which most who look do without
    from producers.admission import Admitted


class DepartmentWriters:
    """A kept connection for each department, made with its first record; threads may share them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._making = threading.Lock()
        self._made: dict[str, KeptSender] = {}

    def write(self, record: "Admitted") -> str:
        """Return the id of the receipt that the record will have, once the brokers hold it.

        Raises:
            NotTakenError: they do not, or nobody knows; sent again, it is one record.
        """
        sender = self._sender(record.department)
        partition, offset = sender.send(record.topic, record.value, record.key, record.headers)
        if offset is None:
            raise NotTakenError("place unknown")
        return f"{record.topic}/{partition}/{offset}"

    def _sender(self, department: str) -> KeptSender:
        with self._making:
            if department not in self._made:
                access = department_access(self._settings, department)
                self._made[department] = KeptSender(access, TAKEN_WITHIN_S)
            return self._made[department]
