"""Departments' own clients, which share no code with us: what they can read and write with a credential."""

import threading
import time
from collections.abc import Iterable
from contextlib import ExitStack, closing
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition

from exchange.runtime.credentials.desk import Issued
from exchange.runtime.settings import Settings
from tests.running import servers_for_others
from tests.waiting import wait_for

FINE = ""
GUESSERS = 10


def options(stack: Settings, user: str, password: str) -> dict[str, Any]:
    """What a client of a department is told, as docs/how-to/credentials.md says."""
    return {
        "bootstrap.servers": servers_for_others(stack),
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": user,
        "sasl.password": password,
        "log_level": 0,
    }


def options_of(stack: Settings, issued: Issued) -> dict[str, Any]:
    """What the holder of a credential tells its client."""
    return options(stack, issued.credential.credential_id, issued.kafka_password)


def what_hinders_reading(told: dict[str, Any], topic: str, group: str) -> str:
    """Return the name of what hinders a client from reading a topic; nothing if nothing does."""
    reader = Reader(told, topic, group)
    with closing(reader.consumer):
        wait_for(f"an answer about {topic}", lambda: reader.heard_of() or reader.may_not_know_of_it())
    return reader.trouble


def what_hinders_writing(told: dict[str, Any], topic: str, value: bytes, key: str) -> str:
    """Return the name of what hinders a client from writing a message; nothing if it is on the log."""
    with closing(Writer(told)) as writer:
        return writer.write(topic, value, key)


def guess(told: dict[str, Any], number: int) -> None:
    """Log in with a wrong password so many times, over several connections, each as soon as it is let go."""
    failed: list[int] = []

    def hear(error: KafkaError) -> None:
        if error.code() == KafkaError._AUTHENTICATION:
            failed.append(error.code())

    at_once = {
        "reconnect.backoff.ms": 0,
        "reconnect.backoff.max.ms": 0,
        "group.id": "guess",
        "error_cb": hear,
    }
    with ExitStack() as ends:
        clients = [ends.enter_context(closing(Consumer({**told, **at_once}))) for _ in range(GUESSERS)]
        wait_for(
            "all to fail", lambda: [one.poll(0) for one in clients] and len(failed) >= number, limit_s=3000
        )


class Reader:
    """Reads one partition of a topic, from its beginning to its end and on."""

    def __init__(self, told: dict[str, Any], topic: str, group: str) -> None:
        self.trouble = FINE
        own = {"group.id": group, "enable.auto.commit": False, "enable.partition.eof": True}
        self.consumer = Consumer({**told, **own, "fetch.wait.max.ms": 200, "error_cb": self._hear})
        self.consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
        self.answers = 0
        self._topic = topic

    def heard_of(self) -> bool:
        """Look for an answer for a moment; say whether there is one."""
        message = self.consumer.poll(0.05)
        if message is not None and message.error() and message.error().code() != KafkaError._PARTITION_EOF:
            self.trouble = message.error().name()
        elif message is not None:
            self.answers += 1
        return message is not None or self.trouble != FINE

    def may_not_know_of_it(self) -> bool:
        """Ask whether the topic is there; say whether that was refused. Assigned readers wait in silence."""
        try:
            error = self.consumer.list_topics(self._topic, timeout=1).topics[self._topic].error
        except KafkaException:  # nobody answered: `_hear` is told why
            return False
        self.trouble = FINE if error is None else error.name()
        return error is not None

    def _hear(self, error: KafkaError) -> None:
        if error.code() == KafkaError._AUTHENTICATION:
            self.trouble = error.name()


class Writer:
    """Writes one message after the other, over one connection."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._trouble: list[str] = []
        self._producer = Producer(
            {**told, "enable.idempotence": True, "error_cb": self._hear, "message.timeout.ms": 20_000}
        )

    def write(self, topic: str, value: bytes, key: str) -> str:
        """Return what hinders a message from being on the log; nothing if it is there."""
        answer: list[str] = []

        def delivered(error: KafkaError | None, _message: Any) -> None:
            answer.append(FINE if error is None else error.name())

        try:
            self._producer.produce(topic, value, key, on_delivery=delivered)
        except KafkaException as refused:  # the client remembers that it was refused once
            return str(refused.args[0].name())
        wait_for("an answer", lambda: self._producer.poll(0.05) or answer or self._trouble, every_s=0)
        return next(iter([*answer, *self._trouble]))

    def close(self) -> None:
        """Stop coming back: whom the brokers do not know any more knocks again and again."""
        self._producer.close()

    def _hear(self, error: KafkaError) -> None:
        if error.code() == KafkaError._AUTHENTICATION:
            self._trouble.append(error.name())


class AtWork(threading.Thread):
    """Reads and writes over two open connections until both are refused, and notes when each was."""

    def __init__(self, told: dict[str, Any], reads: str, group: str, message: tuple[str, str, bytes]) -> None:
        super().__init__(daemon=True)
        self._reader, self._writer = Reader(told, reads, group), Writer(told)
        self._message = message
        self.written = 0
        self.refused_at: dict[str, float] = {}
        self.why: dict[str, str] = {}

    @property
    def is_at_work(self) -> bool:
        """Whether it has read to the end of its topic and has written something."""
        return self._reader.answers > 0 and self.written > 0

    def run(self) -> None:
        """See the class."""
        topic, key, value = self._message
        with closing(self._reader.consumer):
            while len(self.refused_at) < 2:
                if "write" not in self.refused_at:
                    trouble = self._writer.write(topic, value, key)
                    self._note("write", trouble)
                    self.written += trouble == FINE
                if "read" not in self.refused_at:
                    self._reader.heard_of()
                    self._note("read", self._reader.trouble)
        self._writer.close()

    def _note(self, what: str, trouble: str) -> None:
        if trouble != FINE:
            self.refused_at[what] = time.monotonic()
            self.why[what] = trouble


def line_of(name: str, waits_s: Iterable[float]) -> str:
    """How long something took, many times, as a line."""
    found = sorted(waits_s)
    return f"{name}: {len(found)}, median {found[len(found) // 2]:.2f} s, longest {found[-1]:.2f} s"
