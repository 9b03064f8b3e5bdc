"""Whether there is something new in somebody's queue: marks that say nothing of anybody."""

from collections.abc import Mapping
from typing import Final

from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.queue import QUEUE
from exchange.domain.case_disclosure import recipient_of
from topics.catalogue import CASES, matters_topic

_REACHED: Final = "SELECT topic, sum(next_offset)::bigint FROM read_model.positions GROUP BY topic"


def queue_topic(desk: Desk, asker: Asker) -> str:
    """Return the topic that tells what is new in the asker's queue: its department's, or that of all cases.

    Raises:
        NotAllowedError: the asker has no queue.
    """
    desk.require(asker, QUEUE, asker.kept_within)
    to = recipient_of(asker.kept_within, desk.policy)
    return CASES if to is None else matters_topic(to.name)


def read_marks(desk: Desk) -> Mapping[str, int]:
    """Return topic → a mark that grows with each message of it that the read model has.

    Raises:
        ExchangeError: the read model does not answer.
    """
    with desk.session() as session:
        return dict(session.connection.execute(_REACHED).fetchall())
