"""Folds the whole log again and compares what it comes to with what is there, however much goes on meanwhile.

There is one process for each group of partitions; each folds up to the same ends, and compares once the live
join has taken as much. ADR 0018 says why that is sound with a live system.
"""

import multiprocessing
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from confluent_kafka import TopicPartition

from consumers.log.scan import log_bounds, saying_that_the_log_is_away
from consumers.replay.compared_entries import Side
from consumers.replay.comparison import Findings
from consumers.replay.differences import Difference
from consumers.replay.group_fold import PUBLISHED
from consumers.replay.group_process import Compare, Failed, Fold, Passed, serve
from consumers.replay.latest_moves import Subject
from consumers.replay.partition_groups import balanced_groups
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.clients import make_consumer
from exchange.runtime.kafka.moving_leaders import asked_again
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from topics.catalogue import JOIN_GROUP

ROUNDS: Final = 20
TAKEN_WITHIN_S: Final = 600.0
_ASK_S: Final = 10.0
_POLL_S: Final = 0.5
_END_S: Final = 10.0

TellStage = Callable[[str, int, int], None]
"""Hears the stage, how many offsets were passed and of how many; 0 where nobody knows."""


@dataclass
class VerificationResult:
    """What a verification has found.

    Attributes:
        differences: What is not as the log says.
        unsettled: Cases that never stood still long enough to be judged.
        counted: Kind → how many things were compared.
        messages: How many records, moves, redeliveries and ticks were read.
    """

    differences: list[Difference] = field(default_factory=list)
    unsettled: frozenset[str] = frozenset()
    counted: dict[str, int] = field(default_factory=dict)
    messages: int = 0

    @property
    def equal(self) -> bool:
        """Whether everything is as the log says, and all of it could be judged."""
        return not self.differences and not self.unsettled


class Verification:
    """One verification of one exchange.

    Args:
        settings: the exchange.
        processes: how many, at most one for each partition.
        tell: hears how far it has come.
    """

    def __init__(self, settings: Settings, processes: int, tell: TellStage) -> None:
        catalogue = settings.city.catalogue
        self._settings = settings
        self._most_processes = processes
        self._tell = tell
        self._groups: list[frozenset[int]] = []
        self._inputs = catalogue.join_inputs
        self._outputs = [t.name for t in catalogue.topics if t.kind in PUBLISHED]
        self._pipes: list[Connection] = []

    def verify(self) -> VerificationResult:
        """Return what differs.

        Raises:
            ExchangeError: the brokers, the registry or the read model do not answer, or the live join does
                not take what is in the log.
        """
        verdict, only = VerificationResult(), None
        with saying_that_the_log_is_away(), self._processes():
            self._fold("fold", verdict)
            for _ in range(ROUNDS):
                self._await_the_join(self._fold("settle", verdict))
                found = self._compare(only)
                moves = _move_differences(found)
                verdict.differences += (one for part in found for one in part.differences)
                verdict.unsettled = _union(part.unsettled for part in found) | moves.keys() & _union(
                    part.touched for part in found
                )
                if only is None:
                    verdict.counted = dict(sum((Counter(part.counted) for part in found), Counter[str]()))
                if not verdict.unsettled:
                    break
                only = verdict.unsettled
        settled = (one for case in sorted(moves.keys() - verdict.unsettled) for one in moves[case])
        verdict.differences = list(dict.fromkeys((*verdict.differences, *settled)))
        return verdict

    def _balanced(self) -> list[frozenset[int]]:
        """Return the partitions that each process takes, by what the log holds of them now."""
        catalogue = self._settings.city.catalogue
        partitions = range(catalogue.records[0].partitions)
        first, end = log_bounds(self._settings.kafka, self._places(self._inputs, partitions))
        held = dict.fromkeys(partitions, 0)
        for place, offset in end.items():
            held[place[1]] += offset - first[place]
        return balanced_groups(held, self._most_processes)

    def _fold(self, stage: str, verdict: VerificationResult) -> dict[Place, int]:
        """Fold up to where the log now ends; return the offset after the last message of each place."""
        partitions = [partition for group in self._groups for partition in group]
        _, ends = log_bounds(self._settings.kafka, self._places(self._inputs, partitions))
        orders = [Fold({at: end for at, end in ends.items() if at[1] in group}) for group in self._groups]
        taken: dict[Place, int] = {}
        total = sum(ends.values())
        for folded in self._ask(orders, stage, total, verdict):
            taken |= {at: offset for at, offset in folded.taken.items() if at in ends}
        return taken

    def _compare(self, only: frozenset[str] | None) -> list[Findings]:
        orders = [
            Compare(self._places(self._outputs, group), self._places(self._inputs, group), only)
            for group in self._groups
        ]
        found: list[Findings] = self._ask(orders, "compare", 0, VerificationResult())
        return found

    def _await_the_join(self, taken: Mapping[Place, int]) -> None:
        """Return when the live join has taken, and let take effect, what was folded.

        Before the join commits something, it has taken effect and what came of it is in the log.
        """
        with closing(make_consumer(self._settings.kafka, {"group.id": JOIN_GROUP})) as consumer:
            places = [TopicPartition(*place) for place in taken]

            def taken_by_the_join() -> bool:
                committed = asked_again(lambda: consumer.committed(places, _ASK_S)) if places else ()
                return all(one.offset >= taken[one.topic, one.partition] for one in committed)

            if not wait_until(taken_by_the_join, TAKEN_WITHIN_S, _POLL_S):
                raise ExchangeError(said("join_behind"), said("see_join"))

    def _places(self, topics: Iterable[str], partitions: Iterable[int]) -> list[Place]:
        return [(topic, partition) for topic in topics for partition in partitions]

    def _ask(
        self, orders: Iterable[object], stage: str, total: int, verdict: VerificationResult
    ) -> list[Any]:
        """Give every process its order and return their answers; meanwhile tell how far they have come."""
        for one, order in zip(self._pipes, orders, strict=True):
            _send(one, order)
        answers: list[Any] = []
        passed = messages = 0
        while len(answers) < len(self._pipes):
            for pipe in wait(self._pipes):
                answer = _received(pipe)
                if isinstance(answer, Passed):
                    passed, messages = passed + answer.offsets, messages + answer.messages
                    self._tell(stage, passed, total)
                else:
                    answers.append(answer)
        verdict.messages += messages
        return answers

    @contextmanager
    def _processes(self) -> Iterator[None]:
        """Run one process for each group while the block lasts."""
        self._groups = self._balanced()
        context = multiprocessing.get_context("spawn")
        with ExitStack() as ends:
            for group in self._groups:
                ours, theirs = context.Pipe()
                process = context.Process(target=serve, args=(theirs, self._settings, group), daemon=True)
                with _uninterrupted():
                    process.start()
                theirs.close()
                ends.callback(_end, process)
                ends.callback(ours.close)  # first, since it tells the process to end
                self._pipes.append(ours)
            yield
        self._pipes.clear()


def _send(pipe: Any, order: object) -> None:
    try:
        pipe.send(order)
    except BrokenPipeError:
        raise _dead() from None


def _received(pipe: Any) -> Any:
    """Return what a process says.

    Raises:
        ExchangeError: it says that it failed, or has died.
    """
    try:
        answer = pipe.recv()
    except EOFError:
        raise _dead() from None
    if isinstance(answer, Failed):
        raise ExchangeError(answer.message, answer.hint)
    return answer


def _dead() -> ExchangeError:
    return ExchangeError(said("verifier_died"), said("free_memory"))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let processes start that Ctrl-C does not reach: this process ends them, without a traceback."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _end(process: Any) -> None:
    process.join(_END_S)
    if process.is_alive():
        process.terminate()
        process.join()


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)


def _move_differences(found: Iterable[Findings]) -> dict[str, list[Difference]]:
    """Return, by the case that should have said it, what cases told each other wrongly or not at all."""
    derived: dict[Subject, tuple[str, ...]] = {}
    logged: dict[Subject, tuple[str, ...]] = {}
    for part in found:
        derived |= part.derived
        logged |= part.logged
    differences: dict[str, list[Difference]] = {}
    for subject in derived.keys() | logged.keys():
        if derived.get(subject) != logged.get(subject):
            missing: tuple[Side, ...] = (
                *(("log",) if subject not in derived else ()),
                *(("live",) if subject not in logged else ()),
            )
            case_id, to, about = subject
            one = Difference(
                case_id, "move", f"{to}/{about}", ("log", "live"), missing, () if missing else ("records",)
            )
            differences.setdefault(case_id, []).append(one)
    return differences
