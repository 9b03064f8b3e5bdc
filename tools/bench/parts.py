"""The parts of the benchmark by name: each measures one thing, without a stack or in the home of all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from exchange.runtime.principals import ADMIN
from exchange.runtime.settings import Settings, load_settings
from producers.sample.city import PEOPLE
from tools.bench import bulk, console, door, engine, latency, measures, whole_stack, work
from tools.bench.bulk import Figures
from tools.bench.child import answer_of
from tools.bench.load import Newcomers

RUNS: Final = 3
SECOND_PEOPLE, THIRD_PEOPLE, FOURTH_PEOPLE = 1_000_000, 1_200_000, 1_600_000
FIFTH_PEOPLE = 1_800_000


@dataclass(frozen=True)
class Size:
    """How much is measured: people, records and events, at which rates, with how many cases, for how long."""

    bulk_people: int = 4_000
    people: int = 15_000
    events: int = 60_000
    rates: tuple[int, ...] = (100, 200)
    latency_people: int = 400
    flood_people: int = 750
    flood: int = 30_000
    sizes: tuple[int, ...] = (10_000, 40_000, 200_000)
    sample: int = 5_000
    city_people: int = PEOPLE
    settle_s: float = 60.0
    idle_s: float = 60.0
    intake: int = 5_000
    door_lines: int = 100_000
    waits: int = 200
    cases: int = 100_000
    work_s: float = 60.0
    actions: int = 60
    streams: int = 200


FULL: Final = Size()
QUICK: Final = Size(
    bulk_people=1_000,
    people=3_000,
    events=6_000,
    latency_people=100,
    flood_people=150,
    flood=6_000,
    sizes=(2_000, 4_000),
    sample=1_000,
    city_people=60,
    settle_s=5.0,
    idle_s=15.0,
    intake=2_000,
    door_lines=6_000,
    waits=60,
    cases=5_000,
    work_s=10.0,
    actions=10,
    streams=40,
)


@dataclass(frozen=True)
class BenchPart:
    """What is said when it begins, and what measures it.

    It is measured in the home of all, with the bare stack up; or ``alone``, in an empty home of its own, in
    which it starts what it needs.
    """

    said: str
    measure: Callable[[Path, Size], Figures]
    alone: bool = False


def _rules(_: Path, __: Size) -> Figures:
    found: Figures = answer_of("tools.bench.rules")
    return found


def _start(home: Path, _: Size) -> Figures:
    return whole_stack.warm_up(home, RUNS)


def _idle(home: Path, size: Size) -> Figures:
    return whole_stack.idle(home, size.settle_s, size.idle_s)


def _sample(home: Path, size: Size) -> Figures:
    return whole_stack.sample(home, size.city_people, RUNS)


def _door(home: Path, size: Size) -> Figures:
    return door.door(home, Newcomers(0), size.intake, size.door_lines, size.waits, RUNS)


def _engine(home: Path, size: Size) -> Figures:
    return engine.engine(home, size.events, RUNS)


def _bulk(home: Path, size: Size) -> Figures:
    settings = load_settings(home, ADMIN)
    measures.fill(settings, range(FIFTH_PEOPLE, FIFTH_PEOPLE + size.bulk_people))
    return {**bulk.bulk(settings, RUNS), "memory": bulk.memory(settings)}


def _live(home: Path, size: Size) -> Figures:
    settings = load_settings(home, ADMIN)
    return {**measures.live(settings, range(size.people), RUNS), "memory": bulk.memory(settings)}


def _latency(home: Path, size: Size) -> Figures:
    newcomers = Newcomers(SECOND_PEOPLE)
    return latency.latency(load_settings(home, ADMIN), newcomers, size.latency_people, size.rates, RUNS)


def _flood(home: Path, size: Size) -> Figures:
    newcomers = Newcomers(FOURTH_PEOPLE)
    return latency.flood(load_settings(home, ADMIN), newcomers, size.flood_people, size.flood, size.rates[0])


def _growth(home: Path, size: Size) -> Figures:
    return measures.growth(load_settings(home, ADMIN), size.sizes, THIRD_PEOPLE, size.sample, size.sizes[1])


def _desk(home: Path, size: Size) -> Figures:
    return work.work(load_settings(home, ADMIN), size.cases, size.work_s)


def _console(home: Path, size: Size) -> Figures:
    return console.console(home, size.cases, size.work_s, size.actions, size.streams)


def _recovery(home: Path, _: Size) -> Figures:
    settings: Settings = load_settings(home, ADMIN)
    return {**bulk.recovery(settings, RUNS), "memory": bulk.memory(settings)}


PARTS: Final[Mapping[str, BenchPart]] = {
    "rules": BenchPart("The rules alone …", _rules, alone=True),
    "start": BenchPart("Start of the stack, warm …", _start, alone=True),
    "idle": BenchPart("The stack idle …", _idle, alone=True),
    "sample": BenchPart("The sample city, published and answered …", _sample, alone=True),
    "door": BenchPart("The gateway and its client …", _door, alone=True),
    "console": BenchPart("The console over a whole city …", _console, alone=True),
    "engine": BenchPart("The engine with next to no rule, beside raw …", _engine, alone=True),
    "bulk": BenchPart("Rebuild and replay, beside raw …", _bulk),
    "live": BenchPart("Throughput, live beside raw …", _live),
    "latency": BenchPart("Latency, live beside raw …", _latency),
    "flood": BenchPart("Latency of the others in a flood …", _flood),
    "growth": BenchPart("Growth and memory …", _growth),
    "desk": BenchPart("Queues and searches of a whole city …", _desk),
    "recovery": BenchPart("Recovery …", _recovery),
}
"""In the order in which they are measured: ``recovery`` has whatever the others left in the log."""
