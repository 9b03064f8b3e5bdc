"""The whole exchange in memory: departments publish, cases tell each other, time passes. No brokers."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from avro_schemas.catalogue import Document
from exchange.domain.policy import Policy
from exchange.folding.memory_states import MemoryStates
from exchange.folding.outputs import Output
from exchange.folding.partitions import partition_of
from tests.cases import Given, accepted
from tests.made_log import CATALOGUE, WIRE, Log, Message, Wire, new_step
from topics.catalogue import CASE_STATES, CASES, CLOCK, MOVES, TASKS
from verification.records import Record
from verification.times import instant_text

BEGINNING = datetime(2026, 7, 2, tzinfo=UTC)
MOST_MOVES = 1000
AGAIN = 12
"""So many messages are delivered again after a restart."""


@dataclass(frozen=True)
class Published:
    """A record as the log took it; ``held`` is what acceptance says of it by itself."""

    record: Record
    held: tuple[str, ...]
    taken_at: str


class World:
    """Every output is kept, decoded, in the order in which it was published."""

    def __init__(self, policy: Policy | None = None, wire: Wire = WIRE) -> None:
        self.step = new_step(policy, wire)
        self.states = MemoryStates()
        self.log = Log(policy=policy, wire=wire)
        self.messages: list[Message] = []
        self.now = BEGINNING
        self.published: list[Published] = []
        self.receipts: list[Document] = []
        self.announcements: list[Document] = []
        self.quarantined: list[Document] = []
        self.tasks: dict[str, Document] = {}
        self.cases: dict[str, Document] = {}
        self.encoded: dict[str, bytes] = {}

    def publish(self, *records: Given) -> str:
        """Publish records before any move is made, then make all; return the first one's receipt's status."""
        messages = []
        for record in records:
            self.now += timedelta(seconds=1)
            verdict = accepted(record, self.step.policy, self.log.wire.catalogue)
            messages.append(self.log.message(record, verdict=verdict, at_ms=self._now_ms))
            if all(one.record.record_id != verdict.record.record_id for one in self.published):
                held = tuple(reason.code for reason in verdict.held)
                self.published.append(Published(verdict.record, held, instant_text(self.now)))
        before = len(self.receipts)
        self._take(*messages)
        return str(self.receipts[before]["status"])

    def take(self, message: Message) -> None:
        """Take a message that somebody else has put into the log."""
        self._take(message)

    def change_policy(self, policy: Policy) -> None:
        """Go on from the states that are there, by another policy."""
        self.step = new_step(policy, self.log.wire)

    def tick(self, at: datetime | None = None) -> None:
        """Let the clock say on every partition what time it is."""
        self.now = max(self.now, at or self.now)
        for place in range(CATALOGUE.by_name[CLOCK].partitions):
            value = self.log.wire.encoders[CLOCK]({"at": self.now})
            self._take(self.log.append(CLOCK, place, None, value, self._now_ms))

    def restart(self) -> None:
        """Deliver the last messages again, as after a crash before the offsets were committed."""
        for message in self.messages[-AGAIN:]:
            self._run(message)

    def replayed(self, until: datetime | None = None, policy: Policy | None = None) -> "World":
        """The log again, from nothing: the whole of it, or what it had taken by a moment."""
        other = World(policy, self.log.wire)
        for message in self.messages:
            if until is None or message.taken_at_ms <= until.timestamp() * 1000:
                other._run(message)
        return other

    def case_id(self, key: str) -> str:
        """The case id of a record's key."""
        return self.step.case_ids.of_key(key)

    def case(self, key: str) -> Document | None:
        """The case as last published."""
        return self.cases.get(self.case_id(key))

    def told(self, department: str) -> list[Document]:
        """What a department was told, in order."""
        return [one for one in self.announcements if one["department"] == department]

    @property
    def _now_ms(self) -> int:
        return int(self.now.timestamp() * 1000)

    def _take(self, *messages: Message) -> None:
        waiting, limit = deque(messages), len(self.messages) + MOST_MOVES
        while waiting:
            one = waiting.popleft()
            assert len(self.messages) < limit, "the cases do not come to rest"
            self.messages.append(one)
            waiting += (
                self.log.append(MOVES, move.partition, move.key, move.value, self._now_ms)
                for move in self._run(one)
            )

    def _run(self, message: Message) -> list[Output]:
        batch = self.step.run([message], self.states)
        self.states.apply(batch)
        for output in batch.outputs:
            self._keep(output)
        return [output for output in batch.outputs if output.topic == MOVES]

    def _keep(self, output: Output) -> None:
        document = self.log.wire.published(output.topic, output.value)
        family = output.topic.split(".")[0]
        if output.topic == CASES:
            self.cases[document["case_id"]] = document
            self.encoded[document["case_id"]] = output.value
        elif output.topic == TASKS:
            self.tasks[document["task_id"]] = document
        elif family == "matters":
            self.announcements.append(document)
        elif family == "receipts":
            self.receipts.append(document)
        elif family == "quarantine":
            self.quarantined.append(document)


def partition_of_key(key: str) -> int:
    """Where a person's records meet."""
    return partition_of(key, CATALOGUE.by_name[CASE_STATES].partitions)
