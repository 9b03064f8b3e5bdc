"""Folds the log of some partitions again, with the join's own rules but with states of its own.

Shape: the join's inputs of these partitions, each in the order of the log's time → what they come to, noted
beside what the exchange has published (``ComparedEntries``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from consumers.history.published import DecodeOutput
from consumers.log.reader import TopicsReader
from consumers.log.scan import log_bounds
from consumers.read_model.announcement_table import announcement_row
from consumers.read_model.receipt_table import receipt_row
from consumers.read_model.task_table import task_row
from consumers.replay import compared_content
from consumers.replay.compared_entries import ComparedEntries, Side, SideEntry
from consumers.replay.latest_moves import Said
from consumers.replay.present_cases import PresentCases
from consumers.replay.time_order import TimeOrder
from exchange.folding.errors import SerdeError
from exchange.folding.state_files import StateFiles
from exchange.folding.step import Step
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.memory import give_memory_back
from topics.catalogue import CASES, CLOCK, MOVES, TASKS

BATCH_MESSAGES: Final = 500
GIVEN_BACK_EVERY: Final = 32
"""How many batches pass before memory is given back, which otherwise would grow for long with the log."""
MATTERS, RECEIPTS = "matters", "receipts"
PUBLISHED: Final = frozenset({CASES, TASKS, MATTERS, RECEIPTS})
"""The kinds of topics of which the read model has rows to be compared."""

TellFolded = Callable[[int, int], None]
"""Hears how many more offsets were passed, and how many more messages were taken."""


class GroupFold:
    """The fold of some partitions, in a folder that it fills.

    Args:
        kafka: how the brokers are reached.
        step: the rules, with outputs encoded as the live join's are.
        decode: reads what the exchange publishes.
        partitions: which.
        folder: for states and sides.
        passed: hears how far it has come.
    """

    def __init__(
        self,
        kafka: KafkaAccess,
        step: Step,
        decode: DecodeOutput,
        partitions: Iterable[int],
        folder: Path,
        passed: TellFolded,
    ) -> None:
        self._kafka = kafka
        self._passed = passed
        self.step = step
        self.decode = decode
        self.present = PresentCases(partial(decode, CASES), step.outputs.encoders[CASES])
        self.partitions = frozenset(partitions)
        self.states = StateFiles(folder / "states")
        self.sides = ComparedEntries(folder / "sides")
        self.derived, self.logged = Said(), Said()
        self.positions: dict[Place, int] = {}
        self.taken: dict[Place, int] = {}
        """Topic and partition → the offset after the last message that was folded."""
        for partition in self.partitions:
            self.states.open(partition)

    def fold(self, ends: Mapping[Place, int]) -> None:
        """Take what the log has up to these offsets, from where the last call ended.

        Only the clock's last tick counts: the latest time decides what time changes for a case.
        """
        ticks: dict[int, Any] = {}
        for messages in self._read(ends):
            for message in messages:
                self.taken[message.topic(), message.partition()] = message.offset() + 1
                if message.topic() == CLOCK:
                    ticks[message.partition()] = message
                elif message.topic() == MOVES:
                    self._hear_move(message)
            self._run([message for message in messages if message.topic() != CLOCK])
        self._run(list(ticks.values()))

    def published(self, ends: Mapping[Place, int]) -> None:
        """Note what the exchange has published up to these offsets, from where the last call ended."""
        for messages in self._read(ends):
            for message in messages:
                self.taken[message.topic(), message.partition()] = message.offset() + 1
            self.sides.note(entry for message in messages for entry in self._said_live(message))

    def close(self) -> None:
        """Close the files."""
        for partition in self.partitions:
            self.states.shut(partition)
        self.sides.close()

    def _read(self, ends: Mapping[Place, int]) -> Iterator[list[Any]]:
        fresh = [place for place in ends if place not in self.positions]
        if fresh:
            first, _ = log_bounds(self._kafka, fresh)
            self.positions |= first
        stretches = {place: (self.positions[place], end) for place, end in ends.items()}
        by_name = self.step.catalogue.by_name
        topics = {topic: by_name[topic].partitions for topic, _ in ends}
        with TopicsReader(self._kafka, topics) as reader:
            order, before = TimeOrder(reader, stretches), 0
            for count, messages in enumerate(order.batches(BATCH_MESSAGES), 1):
                yield messages
                if count % GIVEN_BACK_EVERY == 0:
                    give_memory_back()
                self._passed(order.passed - before, len(messages))
                before = order.passed
            self._passed(order.passed - before, 0)
        self.positions |= {place: max(self.positions[place], end) for place, end in ends.items()}

    def _run(self, messages: list[Any]) -> None:
        if not messages:
            return
        batch = self.step.run(messages, self.states)
        self.states.write(batch, dict.fromkeys(batch.states, 0))
        entries: list[SideEntry] = []
        for output in batch.outputs:
            if output.topic == MOVES:
                self.derived.take(output.document, output.partition)
            elif output.topic == CASES:
                entries.append(compared_content.of_folded_case(output.key.decode(), output.partition))
            else:
                entries += self._said_of("log", output.topic, output.document)
        self.sides.note(entries)

    def _hear_move(self, message: Any) -> None:
        try:
            self.logged.take(self.decode(MOVES, message.value() or b""), message.partition())
        except (SerdeError, msgspec.DecodeError):
            return  # no case has heard it either

    def _said_live(self, message: Any) -> Iterable[SideEntry]:
        topic, value = message.topic(), message.value()
        if topic == CASES:
            present = None if value is None else self.present.rewritten(value)
            return compared_content.of_case("live", (message.key() or b"").decode(errors="replace"), present)
        try:
            document = self.decode(topic, value or b"")
        except SerdeError:
            return ()  # nobody who follows the topic can read it
        return (*self._said_of("live", topic, document), *self._row(message, document))

    def _row(self, message: Any, document: Any) -> Iterable[SideEntry]:
        """Return what the read model's row of a message holds."""
        topic = self.step.catalogue.by_name[message.topic()]
        if topic.kind == TASKS:
            return compared_content.of_task_row("live", task_row(None, document))
        row_of = receipt_row if topic.kind == RECEIPTS else announcement_row
        row: Any = row_of(topic.department or "", message, document)
        return compared_content.of_index_row("live", row._asdict())

    def _said_of(self, side: Side, topic: str, document: Any) -> Iterable[SideEntry]:
        if topic == TASKS:
            return compared_content.of_task(side, document)
        is_told = self.step.catalogue.by_name[topic].kind == MATTERS
        return compared_content.of_announcement(side, document) if is_told else ()
