"""The parts of the benchmark by name: each measures one thing, without a stack or in the home of all."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from exchange.runtime.settings import Settings, load_settings
from tools.bench import bulk, measures
from tools.bench.bulk import Figures

RUNS: Final = 3
SECOND_PEOPLE, THIRD_PEOPLE, FOURTH_PEOPLE = 1_000_000, 1_200_000, 1_600_000
FIFTH_PEOPLE, SIXTH_PEOPLE = 1_700_000, 1_800_000


@dataclass(frozen=True)
class Size:
    """How much is measured: people and records, at which rates and with how many cases."""

    bulk_people: int = 4_000
    people: int = 15_000
    rates: tuple[int, ...] = (100, 200)
    latency_people: int = 3_000
    flood: int = 30_000
    sizes: tuple[int, ...] = (10_000, 40_000, 200_000)
    sample: int = 5_000


FULL: Final = Size()
QUICK: Final = Size(1_000, 3_000, (100, 200), 600, 6_000, (2_000, 4_000), 1_000)


@dataclass(frozen=True)
class BenchPart:
    """What is said when it begins, and what measures it.

    It needs the stack ``up``, a home that is ``down`` (it starts and stops the stack itself), or ``nothing``.
    """

    said: str
    measure: Callable[[Path, Size], Figures]
    needs: str = "up"


def _rules(_: Path, __: Size) -> Figures:
    done = subprocess.run([sys.executable, "-m", "tools.bench.rules"], stdout=subprocess.PIPE, check=True)
    found: Figures = json.loads(done.stdout)
    return found


def _start(home: Path, _: Size) -> Figures:
    return measures.warm_up(home, RUNS)


def _bulk(home: Path, size: Size) -> Figures:
    settings = load_settings(home)
    measures.fill(settings, range(SIXTH_PEOPLE, SIXTH_PEOPLE + size.bulk_people))
    return {**bulk.bulk(settings, RUNS), "memory": bulk.memory(settings)}


def _live(home: Path, size: Size) -> Figures:
    settings = load_settings(home)
    return {**measures.live(settings, range(size.people), RUNS), "memory": bulk.memory(settings)}


def _latency(home: Path, size: Size) -> Figures:
    people = range(SECOND_PEOPLE, SECOND_PEOPLE + size.latency_people)
    return measures.latency(load_settings(home), people, size.rates, RUNS)


def _flood(home: Path, size: Size) -> Figures:
    return measures.flood(
        load_settings(home),
        range(FOURTH_PEOPLE, FOURTH_PEOPLE + size.latency_people // 2),
        range(FIFTH_PEOPLE, FIFTH_PEOPLE + size.flood),
        size.rates[0],
    )


def _growth(home: Path, size: Size) -> Figures:
    return measures.growth(load_settings(home), size.sizes, THIRD_PEOPLE, size.sample, size.sizes[1])


def _recovery(home: Path, _: Size) -> Figures:
    settings: Settings = load_settings(home)
    return {**bulk.recovery(settings, RUNS), "memory": bulk.memory(settings)}


PARTS: Final[Mapping[str, BenchPart]] = {
    "rules": BenchPart("The rules alone …", _rules, needs="nothing"),
    "start": BenchPart("Start of the stack, warm …", _start, needs="down"),
    "bulk": BenchPart("Rebuild and replay, beside raw …", _bulk),
    "live": BenchPart("Throughput, live beside raw …", _live),
    "latency": BenchPart("Latency …", _latency),
    "flood": BenchPart("Latency of the others in a flood …", _flood),
    "growth": BenchPart("Growth and memory …", _growth),
    "recovery": BenchPart("Recovery …", _recovery),
}
"""In the order in which they are measured: ``recovery`` has whatever the others left in the log."""
