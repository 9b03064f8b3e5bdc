"""The notifier: tells the portal that the progress of a case has changed.

Shape: topic `cases` → schema `notifier` (`consumers.notifier.tables`) → POST to the portal, signed.
It runs where EXCHANGE_WEBHOOK_URL is set, and nowhere else.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from prometheus_client import Counter

from avro_schemas.catalogue import schema
from avro_schemas.typed_documents import CaseDocument
from consumers.log.copies import Connection
from consumers.log.copy_writer import ANSWER_LIMIT_S, CopyProgress, keep_following
from consumers.log.reader import LogReader
from consumers.notifier.dispatch import Dispatch
from consumers.notifier.reading import DecodeCase, read_of
from consumers.notifier.sending import Sending
from consumers.notifier.tables import opened, write
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, announce_ready
from exchange.runtime.logs import configure_logs, logger
from exchange.runtime.metrics import WEBHOOKS_DELIVERED, WEBHOOKS_FAILED
from exchange.runtime.monitor import Monitor
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from exchange.runtime.stopping import Stop
from exchange.runtime.webhook_endpoint import NOTIFIER, URL_VARIABLE, Endpoint, find_endpoint
from topics.catalogue import CASES

IDLE_S: Final = 0.1
"""How long a read waits at most, so how late an answer of the portal, or a stop, may be noticed."""

log = logger("notifier")


def run(settings: Settings) -> None:
    """Run the notifier until SIGTERM or SIGINT; the home's ready file says when it is at the end of the log.

    Raises:
        ExchangeError: no portal is to be told, or its address or the secret is not valid.
    """
    configure_logs(logging.INFO)
    stop = Stop()
    stop.listen()
    home, monitor = Home(settings.home), Monitor(NOTIFIER)
    endpoint = find_endpoint(home)
    if endpoint is None:
        raise ExchangeError(said("nobody_to_tell", variable=URL_VARIABLE), said("set_portal_address"))
    with Registry(settings.registry) as registry, monitor.serving(home):
        decode = Decoder[CaseDocument](schema("case"), registry.schema_by_id).decode
        notifier = Notifier(settings, endpoint, decode, lambda: announce_ready(home, NOTIFIER), monitor)
        keep_following(notifier.follow, stop, monitor)


@dataclass
class Notifier:
    """Follows the topic and tells the portal; `caught_up` is called when its end was reached."""

    settings: Settings
    endpoint: Endpoint
    decode: DecodeCase
    caught_up: Callable[[], None]
    monitor: Monitor
    _progress: CopyProgress = field(init=False)
    _delivered: Counter = field(init=False)
    _failed: Counter = field(init=False)

    def __post_init__(self) -> None:
        self._progress = CopyProgress(self.monitor)
        self._delivered = WEBHOOKS_DELIVERED.counter(self.monitor.registry)
        self._failed = WEBHOOKS_FAILED.counter(self.monitor.registry)

    def follow(self, stop: Stop) -> None:
        """Note what is new and tell it, until asked to stop.

        Raises:
            one of `copy_writer.PASSING`: begin again; nothing was half written.
        """
        policy = self.settings.city.webhooks
        partitions = self.settings.city.catalogue.by_name[CASES].partitions
        with (
            LogReader(self.settings.kafka, CASES, partitions, ANSWER_LIMIT_S) as reader,
            opened(self.settings, reader) as connection,
            Sending(self.endpoint, policy.timeout_seconds, policy.at_once) as sending,
        ):
            dispatch = Dispatch(connection, sending, policy, self._delivered, self._failed)
            try:
                self._work(connection, reader, dispatch, stop)
            finally:  # also if another part is away: what the portal has answered is not asked again
                dispatch.finish()

    def _work(self, connection: Connection, reader: LogReader, dispatch: Dispatch, stop: Stop) -> None:
        behind = True
        self.monitor.not_ready("catching_up")
        while not stop.asked:
            messages = reader.read(IDLE_S)
            self._progress.looked(reader.behind)
            dispatch.step(more=bool(messages) and self._take(connection, messages))
            if behind and reader.at_end:
                behind = False
                self.caught_up()
                self.monitor.ready()
                log.info("caught_up")

    def _take(self, connection: Connection, messages: Sequence[Any]) -> bool:
        """Note what messages change for families; say whether the portal is to be told anything."""
        city = self.settings.city
        told = write(connection, read_of(messages, self.decode, city.family, city.policy))
        self._progress.carried(len(messages))
        return told > 0
