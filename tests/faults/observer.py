"""Stands outside the exchange: sends, and writes down what the brokers acknowledged and when."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from exchange.runtime.kafka.clients import make_producer
from exchange.runtime.settings import Settings
from tests.faults.load import Load, Sent
from tests.journeys.log_tools import messages_in

Position = tuple[str, int, int]
FLUSH_LIMIT_S = 300.0


class Noted(NamedTuple):
    """A message that was acknowledged; `at_ms` is when the log took it."""

    sent: Sent
    at_ms: int


@dataclass
class Observer:
    """Sends a load at a steady rate in a thread of its own; a context manager, which waits for the end.

    Attributes:
        acknowledged: place in the log → what was sent.
        failed: what the brokers did not take, by error; whoever sends knows of it and sends again.
        unplaced: what they took and one died before it told where; at the end it is looked for in the log.
    """

    settings: Settings
    load: Load
    rate_per_s: float
    client: Mapping[str, object] = field(default_factory=dict)
    acknowledged: dict[Position, Noted] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    unplaced: list[Sent] = field(default_factory=list)
    sent: int = 0

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._send)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    @property
    def share(self) -> float:
        """How much of the load has been sent."""
        return self.sent / len(self.load.messages)

    def _send(self) -> None:
        producer = make_producer(self.settings.kafka, {"linger.ms": 5, "log_level": 0, **self.client})
        began = time.monotonic()
        for turn, sent in enumerate(self.load.messages):
            producer.poll(max(0.0, began + turn / self.rate_per_s - time.monotonic()))
            producer.produce(sent.topic, sent.value, sent.key, on_delivery=self._noting(sent))
            self.sent += 1
        if producer.flush(FLUSH_LIMIT_S):
            self.failed.append("never answered")
        if self.unplaced:
            self._place()

    def _place(self) -> None:
        for message in messages_in(self.settings, {one.topic for one in self.unplaced}):
            place = (message.topic(), message.partition(), message.offset())
            same = (one for one in self.unplaced if (one.topic, one.value) == (place[0], message.value()))
            if place not in self.acknowledged and (sent := next(same, None)):
                self.acknowledged[place] = Noted(sent, message.timestamp()[1])
                self.unplaced.remove(sent)
        self.failed += ["nowhere in the log" for _ in self.unplaced]

    def _noting(self, sent: Sent) -> Any:
        def note(error: Any, message: Any) -> None:
            if error is None and message.offset() is None:
                self.unplaced.append(sent)
            elif error is None:
                place = (message.topic(), message.partition(), message.offset())
                self.acknowledged[place] = Noted(sent, message.timestamp()[1])
            else:
                self.failed.append(error.name())

        return note
