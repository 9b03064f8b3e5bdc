"""One process of a verification: folds and compares one group of partitions, as ordered over a pipe.

Shape: ``Fold`` and ``Compare`` in; ``Passed`` now and then, ``FoldDone``, ``Findings`` or ``Failed`` out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from consumers.history.published import output_decoder
from consumers.replay.comparison import Comparison
from consumers.replay.group_fold import GroupFold
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.memory import settle_memory
from exchange.runtime.registry.client import Registry
from exchange.runtime.rules import make_step
from exchange.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Fold:
    """Fold the log up to these offsets."""

    ends: Mapping[Place, int]


@dataclass(frozen=True, slots=True)
class Compare:
    """Compare these cases, or all if none are named, with what the outputs hold by now."""

    outputs: list[Place]
    inputs: list[Place]
    only: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """How many more offsets were passed, and how many more messages were taken."""

    offsets: int
    messages: int


@dataclass(frozen=True, slots=True)
class FoldDone:
    """Topic and partition → the offset after the last message that was folded."""

    taken: Mapping[Place, int]


@dataclass(frozen=True, slots=True)
class Failed:
    """What went wrong, as an ``ExchangeError`` says it."""

    message: str
    hint: str


def serve(pipe: Connection, settings: Settings, partitions: frozenset[int]) -> None:
    """Do what the pipe orders until it is closed."""
    with TemporaryDirectory(prefix="exchange-verify-") as folder, Registry(settings.registry) as registry:
        step, decode = (
            make_step(settings, registry),
            output_decoder(settings.city.catalogue, registry.schema_by_id),
        )
        settle_memory()
        fold = GroupFold(
            settings.kafka,
            step,
            decode,
            partitions,
            Path(folder),
            lambda offsets, messages: pipe.send(Passed(offsets, messages)),
        )
        try:
            _obey(pipe, fold, Comparison(settings, fold))
        except ExchangeError as problem:
            pipe.send(Failed(problem.message, problem.hint))
        except BrokenPipeError:
            pass  # whoever ordered this has gone
        finally:
            fold.close()


def _obey(pipe: Connection, fold: GroupFold, comparison: Comparison) -> None:
    while True:
        try:
            order = pipe.recv()
        except EOFError:
            return
        if isinstance(order, Fold):
            fold.fold(order.ends)
            pipe.send(FoldDone(dict(fold.taken)))
        else:
            pipe.send(comparison.compare(order.outputs, order.inputs, order.only))
