"""The departments' way in for programs: publishes records and tells what became of each, in order.

    with Publisher(load_settings(None), department="health") as publisher:
        for receipt in publisher.publish(records):
            ...

A record turned away at admission never reaches its topic: its bytes go to quarantine. One that is let in is
answered by the join; its receipt is recognised by the place that the log gave the record.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any, Final, Self
from uuid import uuid4

from confluent_kafka import KafkaException

from exchange.folding.case_ids import CaseIds
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_producer
from exchange.runtime.registry.client import Registry
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from producers.admission import Admission, TurnedAway
from producers.answers import Answers, Pending
from producers.codec import Codec
from producers.receipts import REJECTED, Receipt
from producers.refused import refusal_messages
from producers.submissions import Input, Submission, submission_of
from producers.tail import ReceiptTail

MOST_UNDER_WAY: Final = 5_000
"""The most inputs sent but not yet answered, which bounds the memory."""
PATIENCE_S: Final = 90.0
_LOOK_EVERY: Final = 100
_WAIT_S: Final = 0.05
_CONNECT_S: Final = 15.0
_CLOSE_S: Final = 10.0

TellPublished = Callable[[int, int], None]
"""Called with how many inputs were sent and how many are answered."""


class Publisher:
    """Publishes for one department, or for each record's own; a context manager, for one thread.

    Args:
        settings: the exchange.
        department: the publisher; None: every record goes as its type's owner.
        patience_s: how long nothing at all may happen before that is an error.
    """

    def __init__(
        self, settings: Settings, department: str | None = None, *, patience_s: float = PATIENCE_S
    ) -> None:
        catalogue, policy = settings.city.catalogue, settings.city.policy
        self._registry = Registry(settings.registry)
        self._bureau = catalogue.bureau
        self._codec = Codec(catalogue, self._registry)
        self._admission = Admission(
            catalogue, policy, CaseIds(settings.case_key), self._codec.encode, department
        )
        self._producer = _connect(settings.kafka, patience_s)
        self._tail = ReceiptTail(settings.kafka, catalogue, self._codec.decode_receipt)
        self._answers = Answers()
        self._patience_s = patience_s
        self._idle_s = 0.0
        self._run = uuid4()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Send what is under way and close the connections."""
        self._producer.flush(_CLOSE_S)
        self._tail.close()
        self._registry.close()

    def publish(self, inputs: Iterable[Input], progress: TellPublished | None = None) -> Iterator[Receipt]:
        """Publish inputs and yield exactly one receipt for each, in their order.

        Publishing goes on as receipts are taken: a caller that stops taking them stops the publishing.

        Raises:
            ExchangeError: Kafka or the registry is away, or the join does not answer. What was sent is in the
                log; publishing it again is answered with DUPLICATE.
        """
        under_way: deque[Pending] = deque()
        sent = answered = 0
        for sent, value in enumerate(inputs, 1):
            under_way.append(self._send(submission_of(value, sent)))
            if sent % _LOOK_EVERY == 0:
                self._look(0)
            while len(under_way) >= MOST_UNDER_WAY and not under_way[0].receipt:
                self._wait(len(under_way))
            for receipt in _told(under_way):
                answered += 1
                yield receipt
            if progress and sent % _LOOK_EVERY == 0:
                progress(sent, answered)
        while under_way:
            self._wait(len(under_way))
            for receipt in _told(under_way):
                answered += 1
                yield receipt
            if progress:
                progress(sent, answered)

    def _send(self, submission: Submission) -> Pending:
        verdict = self._admission.admit(submission)
        if isinstance(verdict, TurnedAway):
            return self._refuse(submission, verdict)
        pending = self._answers.expect(submission.number)
        self._tail.follow(verdict.department)
        self._produce(verdict, verdict.value, partial(self._answers.delivered, pending))
        return pending

    def _refuse(self, submission: Submission, verdict: TurnedAway) -> Pending:
        """Keep the input's bytes; its receipt counts once the brokers have them."""
        receipt = Receipt(submission.number, verdict.record_id, REJECTED, verdict.reasons, (), None)
        now = datetime.now(UTC)
        messages = list(refusal_messages(submission, verdict, self._run, now, self._bureau))
        pending = self._answers.expect(submission.number, receipt, len(messages))
        for message in messages:
            value = self._codec.encode(message.topic, message.value)
            self._produce(message, value, partial(self._answers.delivered, pending))
        return pending

    def _produce(self, message: Any, value: bytes, told: Callable[[Any, Any], None]) -> None:
        """Hand a message to the client, waiting while its queue is full."""
        while True:
            try:
                self._producer.produce(
                    message.topic, value, message.key, headers=message.headers, on_delivery=told
                )
            except BufferError:
                self._wait(1)
            except KafkaException as error:
                raise _delivery_error(error.args[0].name()) from None
            else:
                return

    def _look(self, timeout_s: float) -> None:
        """Take in what brokers and join have told; wait up to the timeout for something to come."""
        self._producer.poll(0 if self._answers.awaits_join else timeout_s)
        for event in self._tail.read(timeout_s if self._answers.awaits_join else 0):
            self._answers.received(event)
        if self._answers.crowded:
            self._producer.flush(self._patience_s)
        if self._answers.failure:
            raise _delivery_error(self._answers.failure)

    def _wait(self, waiting: int) -> None:
        """Look until something has come.

        Raises:
            ExchangeError: nothing has, for longer than the patience.
        """
        before, began = self._answers.count, time.monotonic()
        self._look(_WAIT_S)
        if self._answers.count != before:
            self._idle_s = 0.0
            return
        self._idle_s += time.monotonic() - began
        if self._idle_s > self._patience_s:
            raise ExchangeError(said("joiner_silent", waiting=waiting), said("nothing_lost"))


def _told(under_way: deque[Pending]) -> Iterator[Receipt]:
    """Take all that are answered from the front."""
    while under_way and under_way[0].receipt:
        receipt = under_way.popleft().receipt
        if receipt:
            yield receipt


def _delivery_error(name: str) -> ExchangeError:
    return ExchangeError(said("kafka_refused", problem=name), said("what_to_start"))


def _connect(kafka: KafkaAccess, patience_s: float) -> Any:
    """A producer that knows the topics; otherwise the first message waits a second for the client's timers.

    Raises:
        ExchangeError: no broker answers.
    """
    producer = make_producer(kafka, _own_settings(patience_s))
    try:
        producer.list_topics(timeout=_CONNECT_S)
    except KafkaException as error:
        problem = error.args[0].name()
        raise ExchangeError(said("kafka_away", problem=problem), said("what_to_start")) from None
    return producer


def _own_settings(patience_s: float) -> dict[str, Any]:
    return {
        "linger.ms": 5,
        "compression.type": "lz4",
        "message.max.bytes": 4 << 20,
        "queue.buffering.max.kbytes": 64 << 10,
        "message.timeout.ms": int(patience_s * 1000),
        "log_level": 0,
    }
