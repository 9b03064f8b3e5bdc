"""Where the tasks end in the log: once the read model is there, it shows what an action opened and closed."""

import threading
from typing import Any, Final

from confluent_kafka import KafkaException

from consumers.log.copies import Connection
from consumers.log.scan import offsets_of
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.sentences import said
from topics.catalogue import TASKS

_ANSWER_S: Final = 5.0
_REACHED: Final = "SELECT next_offset >= %s FROM read_model.positions WHERE topic = %s AND partition = %s"
_MARK: Final = 1
"""The end of a transaction takes an offset, too, of which the read model may hear half a second later."""


class TaskEnds:
    """Asks over a connection that is kept; threads may share it."""

    def __init__(self, kafka: KafkaAccess) -> None:
        self._kafka = kafka
        self._connecting = threading.Lock()
        self._admin: Any = None

    def of(self, partition: int) -> int:
        """Return where a partition's tasks end for those who read what is committed.

        Raises:
            ExchangeError: the brokers do not say.
        """
        place = (TASKS, partition)
        try:
            return offsets_of(self._connected(), [place], _ANSWER_S)[place]
        except KafkaException as problem:
            problem_name = problem.args[0].name()
            raise ExchangeError(said("kafka_away", problem=problem_name), said("what_to_start")) from None

    def _connected(self) -> Any:
        with self._connecting:
            if self._admin is None:
                self._admin = make_admin(self._kafka)
                self._admin.list_topics(TASKS, timeout=_ANSWER_S)  # else it looks for the leaders after 3 s
        return self._admin


def tasks_shown(connection: Connection, partition: int, end: int) -> bool:
    """Say whether the read model has all tasks of a partition up to there."""
    row = connection.execute(_REACHED, (end - _MARK, TASKS, partition)).fetchone()
    return row == (True,)
