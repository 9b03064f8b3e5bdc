"""Whether there is something new in somebody's queue: a mark that says nothing of anybody."""

from typing import Final

from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.queue import QUEUE
from exchange.domain.case_disclosure import recipient_of
from topics.catalogue import CASES, matters_topic

_REACHED: Final = "SELECT coalesce(sum(next_offset), 0) FROM read_model.positions WHERE topic = %s"


def queue_mark(desk: Desk, asker: Asker) -> str:
    """Return a mark that changes with what the asker's department is told, or else with any case.

    Raises:
        ExchangeError: the asker may not, or the read model does not answer.
    """
    desk.require(asker, QUEUE, asker.kept_within)
    to = recipient_of(asker.kept_within, desk.policy)
    topic = CASES if to is None else matters_topic(to.name)
    with desk.session() as session:
        row = session.connection.execute(_REACHED, (topic,)).fetchone()
    return str(row[0]) if row else ""
