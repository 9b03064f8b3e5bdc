"""A case as it was known at a moment, and how it came to be what it is: both read from the log."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from avro_schemas.typed_documents import CaseDocument, TaskDocument
from consumers.history.case_fold import CaseFold
from consumers.history.changes import CaseChange, changes
from consumers.history.effects import Effect
from consumers.history.events import CaseEvent, history, place_of
from consumers.history.messages import CaseMessages
from consumers.history.published import DecodeOutput, read_published
from consumers.history.spots import NO_SPOTS, CaseSpots
from consumers.log.source import ReadsLog, Tell, silent
from exchange.folding.case_ids import MOVES_FOLLOWED
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said
from topics.catalogue import TASKS

PartitionsOf = Callable[[str, str], Sequence[int]]


@dataclass(frozen=True, slots=True)
class AsOf:
    """What was known at a moment.

    Attributes:
        moment: Whatever the log took by then counts, whenever it was recorded.
        case: The case then; None if nothing was known.
        now: The same case by the whole log; None if there is none at all.
        known_since: When the log took what was known first; None if there is no case.
        tasks: What was owed in the case then, or had been done by then, as the log tells it.
    """

    moment: datetime
    case: CaseDocument | None
    now: CaseDocument | None
    known_since: datetime | None = None
    tasks: tuple[TaskDocument, ...] = ()

    @property
    def changed_since(self) -> list[CaseChange]:
        """Return what is different now; see ``consumers.history.changes``."""
        return changes(self.case, self.now)


@dataclass(frozen=True, slots=True)
class FoldedCase:
    """A case folded again, message by message."""

    case_id: str
    effects: tuple[Effect, ...]

    @property
    def partitions(self) -> set[int]:
        """Return where it lives: one partition, or none while the log holds nothing of it."""
        return {effect.message.partition() for effect in self.effects}

    def known(self, moment: datetime | None = None) -> CaseDocument | None:
        """Return the case by all that the log had taken by a moment, or has by now."""
        cases = [effect.after for effect in self.effects if moment is None or effect.at <= moment]
        return cases[-1] if cases else None


class CasePast:
    """Reads the pasts of one exchange's cases (``consumers.history.live_past.new_past``).

    The log is read to its end and judged by the append times of its messages, not by the brokers' index of
    times: that finds the first message of a time, and if a broker's clock was set back, messages from before
    that time may follow it. The clock's ticks are left out: no case changes by them, and there are more of
    them than of anything else.

    Args:
        log: Reads the log.
        fold: Folds cases again.
        decode: Reads what the exchange has published.
        partitions_of: Says where to look, given a number or case id as it was asked, and its case id.
        spots: Knows where the log holds what belongs to a case, as far as that is known.
        tell: Hears how far the folding is; the log says the same of the reading.

    Raises:
        ExchangeError: from every method: the brokers do not answer.
    """

    def __init__(
        self,
        log: ReadsLog,
        fold: CaseFold,
        decode: DecodeOutput,
        partitions_of: PartitionsOf,
        spots: CaseSpots = NO_SPOTS,
        tell: Tell = silent,
    ) -> None:
        self._log = log
        step = fold.step
        self._messages = CaseMessages(log, step.catalogue, step.case_ids, step.decode, spots)
        self._spots = spots
        self._fold = fold
        self._decode = decode
        self._partitions_of = partitions_of
        self._tell = tell

    def as_of(self, asked: str, case_id: str, moment: datetime) -> AsOf:
        """Return the case as it was known then, followed to where it had moved by then.

        Args:
            asked: The number or case id as it was given; a number says by itself where to look.
            case_id: The case that it stands for.
            moment: When.
        """
        found = AsOf(moment, None, None)
        for folded in self._followed(asked, case_id, moment):
            case = folded.known(moment)
            # What has just moved may not have arrived: then it is still where it was.
            if case is not None or found.case is None:
                since = next((effect.at for effect in folded.effects if effect.after), None)
                found = AsOf(moment, case, folded.known(), since, self._tasks(folded, moment))
        return found

    def _tasks(self, folded: FoldedCase, moment: datetime) -> tuple[TaskDocument, ...]:
        told = read_published(
            self._log.read,
            self._fold.step.catalogue,
            self._decode,
            folded.case_id,
            folded.partitions,
            kinds=(TASKS,),
        )
        then: dict[str, TaskDocument] = {}
        for task in sorted(told.tasks, key=lambda task: task["at"]):
            if task["at"] <= moment:
                then[task["task_id"]] = task
        return tuple(sorted(then.values(), key=lambda task: (task["opened_at"], task["task_id"])))

    def history(self, asked: str, case_id: str, window: timedelta) -> list[CaseEvent]:
        """Return what happened to the case and to those to which it has moved, in the order of the log.

        Args:
            asked: The number or case id as it was given.
            case_id: The case that it stands for.
            window: Within it a new issue after a revocation is a correction.
        """
        events: list[CaseEvent] = []
        for folded in self._followed(asked, case_id):
            places = [place_of(effect.message) for effect in folded.effects]
            read = partial(self._log.read, known=self._spots.told(folded.case_id, places))
            told = read_published(
                read, self._fold.step.catalogue, self._decode, folded.case_id, folded.partitions, places
            )
            events += history(folded.case_id, folded.effects, told, self._fold.step, window)
        return sorted(events, key=lambda event: event.at)

    def _followed(self, asked: str, case_id: str, moment: datetime | None = None) -> Iterator[FoldedCase]:
        for _ in range(MOVES_FOLLOWED):
            messages = self._messages.of(case_id, self._partitions_of(asked, case_id))
            folded = FoldedCase(case_id, tuple(self._told(messages, self._fold.effects(case_id, messages))))
            yield folded
            case = folded.known(moment)
            if case is None or case["forwards_to"] is None:
                return
            asked = case_id = case["forwards_to"]
        raise ExchangeError(said("case_in_a_circle"), said("tell_the_operator"))

    def _told(self, messages: list[Any], effects: Iterable[Effect]) -> Iterator[Effect]:
        for done, effect in enumerate(effects, 1):
            self._tell(done, len(messages))
            yield effect
