"""Replays the whole log, message by message in the order of its time, with what came of each."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from avro_schemas.typed_documents import ReceiptDocument
from consumers.history.causation import CausedOutputs
from consumers.history.events import About, CaseEvent, about_of
from consumers.log.reader import TopicsReader
from consumers.log.scan import log_bounds
from consumers.log.source import Tell, silent
from consumers.replay.time_order import TimeOrder, all_in_one
from exchange.folding.errors import SerdeError
from exchange.folding.log_time import taken_at_of
from exchange.folding.redelivered import Redelivered
from exchange.folding.state_files import StateFiles
from exchange.folding.step import Step
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.watermarks import Place
from topics.catalogue import CLOCK, MOVES, RECORDS, REDELIVERIES, TASKS, Topic

BATCH_MESSAGES: Final = 500


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are wanted; all of them if nothing is said."""

    first: datetime | None = None
    last: datetime | None = None
    record_type: str | None = None

    def wants(self, topic: Topic, at: datetime) -> bool:
        """Say whether what came of a message of this topic and time is to be shown."""
        if self.record_type is not None and (topic.kind != RECORDS or topic.schema != self.record_type):
            return False
        return self.first is None or at >= self.first

    def covers(self, event: CaseEvent) -> bool:
        """Say whether an event is to be shown."""
        if self.record_type is not None and event.about.get("type") != self.record_type:
            return False
        return (self.first is None or event.at >= self.first) and (self.last is None or event.at <= self.last)


class WholeLog:
    """Replays the log of one exchange, with the join's own rules but with states of its own.

    Args:
        kafka: how the brokers are reached.
        step: the rules; nobody reads the cases among their outputs.
        folder: for the states; it is filled.
        tell: hears how many offsets were passed, and of how many.
    """

    def __init__(self, kafka: KafkaAccess, step: Step, folder: Path, tell: Tell = silent) -> None:
        self._kafka = kafka
        self._step = step
        self._tell = tell
        self._states = StateFiles(folder)

    def events(self, wanted: EventFilter) -> Iterator[CaseEvent]:
        """Yield what happened, in the order of the log's time, up to where the log ends now.

        What came before is folded but not shown: what a message comes to depends on it. Messages that change
        nothing, such as most ticks, are left out.

        Raises:
            LogAwayError, KafkaException: the brokers do not answer.
        """
        catalogue = self._step.catalogue
        topics = {name: catalogue.by_name[name].partitions for name in catalogue.join_inputs}
        places: list[Place] = [(name, at) for name, count in topics.items() for at in range(count)]
        first, end = log_bounds(self._kafka, places)
        for partition in range(catalogue.records[0].partitions):
            self._states.open(partition)
        with TopicsReader(self._kafka, topics) as reader:
            order = TimeOrder(reader, {place: (first[place], end[place]) for place in places}, all_in_one)
            for messages in order.batches(BATCH_MESSAGES):
                yield from self._events(messages, wanted)
                self._tell(order.passed, order.total)

    def close(self) -> None:
        """Close the files."""
        for partition in self._states.partitions:
            self._states.shut(partition)

    def _events(self, messages: list[Any], wanted: EventFilter) -> Iterator[CaseEvent]:
        unseen: list[Any] = []
        for message in messages:
            if wanted.last is not None and taken_at_of(message) > wanted.last:
                continue
            if not wanted.wants(self._step.catalogue.by_name[message.topic()], taken_at_of(message)):
                unseen.append(message)
                continue
            self._fold(unseen)
            unseen = []
            yield from self._came_of(message)
        self._fold(unseen)

    def _fold(self, messages: list[Any]) -> list[tuple[str, Any]]:
        """Take messages together; return the kind and the content of what they come to."""
        if not messages:
            return []
        batch = self._step.run(messages, self._states)
        self._states.write(batch, dict.fromkeys(batch.states, 0))
        if len(messages) > 1:
            return []
        kinds = {output.topic: output.topic.partition(".")[0] for output in batch.outputs}
        told = [output for output in batch.outputs if kinds[output.topic] in {"receipts", "matters", TASKS}]
        return [(kinds[output.topic], output.document) for output in told]

    def _came_of(self, message: Any) -> Iterator[CaseEvent]:
        found = self._fold([message])
        receipt: ReceiptDocument | None = next((one for kind, one in found if kind == "receipts"), None)
        by_case: dict[str, CausedOutputs] = defaultdict(CausedOutputs)
        for kind, document in found:
            if kind != "receipts":
                own = by_case[document["case_id"]]
                (own.tasks if kind == TASKS else own.announcements).append(document)
        if message.topic() not in {CLOCK, MOVES}:
            case_id = (receipt and receipt["case_id"]) or ""
            yield self._event(case_id, message, "record", receipt, by_case.pop(case_id, CausedOutputs()))
        for case_id, own in by_case.items():
            kind = "move" if message.topic() == MOVES else "time"
            yield self._event(case_id, message, kind, None, own)

    def _event(
        self,
        case_id: str,
        message: Any,
        kind: Any,
        receipt: ReceiptDocument | None,
        own: CausedOutputs,
    ) -> CaseEvent:
        return CaseEvent(
            case_id,
            taken_at_of(message),
            kind,
            message,
            About() if kind == "time" else self._about(self._original(message)),
            receipt,
            told=tuple(own.announcements),
            tasks=tuple(own.tasks),
        )

    def _about(self, message: Any) -> About:
        return about_of(message, self._step.catalogue.by_name[message.topic()], self._step.decode)

    def _original(self, message: Any) -> Any:
        """Return the record that a redelivery brings once more, else the message."""
        if message.topic() != REDELIVERIES:
            return message
        try:
            found = Redelivered.of(self._step.decode(REDELIVERIES, message.value()), message.partition())
        except SerdeError:
            return message
        return found if found.record_topic in self._step.catalogue.by_name else message
