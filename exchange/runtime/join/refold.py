"""Asks the join to work out cases anew by its present rules, and to publish them.

Shape: case ids → topic `moves`, every partition (a case lives on one, the others pass it over), key case id,
``exchange.events.PersonMove`` of kind REFOLD. It is an event like any other: a replay does the same.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from exchange.folding.cloud_events import Headers, cloud_event
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.sender import NotTakenError, Sender
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.topic_encoders import topic_encoder
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from topics.catalogue import MOVES
from verification.times import instant_text

SOURCE: Final = "/exchange/refold"
ANSWER_LIMIT_S: Final = 30.0


def ask_to_refold(settings: Settings, case_ids: Iterable[str], told: Callable[[int], None]) -> None:
    """Return once the brokers hold the request for every case; `told` hears how many were handed over.

    Raises:
        ExchangeError: they did not take all; asking again does no harm.
    """
    topic = settings.city.catalogue.by_name[MOVES]
    with Registry(settings.registry) as registry:
        encode = topic_encoder(registry, topic).encode
    sender = Sender(settings.kafka, limit_s=ANSWER_LIMIT_S)
    try:
        for count, case_id in enumerate(case_ids, 1):
            value = encode({"kind": "REFOLD", "from_case_id": case_id, "to_case_id": case_id, "body": b""})
            for partition in range(topic.partitions):
                sender.send(MOVES, value, case_id, _headers(), partition)
            told(count)
        sender.finish()
    except NotTakenError as problem:
        raise ExchangeError(said("requests_not_taken", problem=problem), said("refold_again")) from None


def _headers() -> Headers:
    at = instant_text(datetime.now(UTC))
    return cloud_event("exchange.events.person_move", str(uuid4()), SOURCE, at)
