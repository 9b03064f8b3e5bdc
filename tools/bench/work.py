"""Queues and searches of a whole city's cases: how long twenty people at work wait for them.

The cases are in a database of their own.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from random import Random
from statistics import median
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from consumers.log.connection_pool import connection_pool
from consumers.log.copies import READ_MODEL
from consumers.log.copy_session import OurDatabase
from consumers.read_model.assignments import LAYOUT
from consumers.read_model.queue_reader import QueueCursor, QueueQuery, QueueReader
from consumers.read_model.search_keys import SearchKeys
from consumers.read_model.search_reader import SearchReader
from consumers.read_model.tables import ReadModelTables
from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.databases import ADMINISTRATOR, dsn
from tools.bench.bulk import Figures
from tools.bench.load import id_number
from tools.bench.made_cases import fill, name_of
from tools.bench.rules import Rules

PAGE: Final = 50
DEEP: Final = 100
"""How many pages deep a deep page lies, or as deep as half of the queue."""
USERS: Final = 20
EVERY_S: Final = 1.0
"""How often each of them asks."""
ALONE: Final = 50
"""How often each question is asked with nobody else there."""

_DEPARTMENTS: Final = "SELECT department, count(*) FROM read_model.matter_facts GROUP BY 1 ORDER BY 1"


def work(settings: Settings, cases: int, seconds: float) -> Figures:
    """Return milliseconds of each question, and what the rows cost.

    Args:
        settings: of a home whose own PostgreSQL runs.
        cases: how many are made.
        seconds: for how long the people ask.
    """
    rules, keys = Rules(), SearchKeys(b"s" * 32)
    tables = ReadModelTables(rules.city, keys)
    with _database(settings) as address:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(LAYOUT)
            tables.writer.make(connection, READ_MODEL.name, tables.writer.made_with, {})
            began, used = time.perf_counter(), time.process_time()
            fill(connection, tables, rules, cases)
            wrote = {"rows_s": time.perf_counter() - began, "rows_cpu_s": time.process_time() - used}
            tables.writer.mark_complete(connection)
            connection.execute("VACUUM ANALYZE")
            kept = connection.execute(_DEPARTMENTS).fetchall()
        with connection_pool(replace(settings, postgres=address)) as pool:
            asked = _asked(pool, [name for name, _ in kept], rules, keys, cases, seconds)
    return {"cases": cases, "matters": sum(count for _, count in kept), **wrote, **asked}


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """Make a database of its own, so that the exchange's stays as it is."""
    port = int(str(conninfo_to_dict(settings.postgres)["port"]))
    address, name = dsn(Home(settings.home), port, ADMINISTRATOR), "work_of_the_benchmark"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield make_conninfo(address, dbname=name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


BenchQuestion = Callable[[Random], object]


def _asked(
    pool: OurDatabase, departments: Sequence[str], rules: Rules, keys: SearchKeys, cases: int, seconds: float
) -> dict[str, Any]:
    """Return what each question takes while people ask, and asked by one alone."""
    queues, search = QueueReader(pool, rules.city.policy.working_days), SearchReader(pool, keys)
    asked = {name: QueueQuery((name,), told=True) for name in departments}
    day = date(2026, 6, 1)
    sizes = {name: sum(queues.counts(one, day).by_state.values()) for name, one in asked.items()}
    busy = [name for name in departments if sizes[name] > PAGE] or departments
    deep = {name: _deep(queues, asked[name], sizes[name]) for name in busy}

    def first(chance: Random) -> object:
        return queues.page(asked[chance.choice(busy)], None, PAGE)

    def further(chance: Random) -> object:
        name = chance.choice(busy)
        return queues.page(asked[name], deep[name], PAGE)

    def counts(chance: Random) -> object:
        return queues.counts(asked[chance.choice(busy)])

    def by_number(chance: Random) -> object:
        return search.find("number", id_number(chance.randrange(cases)))

    def by_name(chance: Random) -> object:
        return search.find("name", name_of(chance.randrange(cases)))

    questions = {"first": first, "deep": further, "counts": counts, "number": by_number, "name": by_name}
    found = together(questions, seconds)
    alone = _by_turns(questions)
    return {
        "users": USERS,
        "longest_queue": max(sizes.values()),
        "ms": {name: spread(sorted(times)) for name, times in found.items()},
        "alone_ms": alone,
        "ratio_deep": alone["deep"] / alone["first"],
    }


def _deep(queues: QueueReader, query: QueueQuery, size: int) -> QueueCursor | None:
    cursor = None
    for _ in range(min(DEEP, size // PAGE // 2)):
        cursor = queues.page(query, cursor, PAGE).next
    return cursor


def together(questions: Mapping[str, BenchQuestion], seconds: float) -> dict[str, list[float]]:
    """Return milliseconds of each question, asked by all people for so long, each at a steady rate."""
    times: dict[str, list[float]] = {name: [] for name in questions}
    end = time.perf_counter() + seconds

    def person(number: int) -> None:
        chance = Random(number)  # noqa: S311
        names = list(questions)
        at = time.perf_counter() + number * EVERY_S / USERS
        while at < end:
            time.sleep(max(0.0, at - time.perf_counter()))
            name = chance.choice(names)
            questions[name](chance)
            times[name].append((time.perf_counter() - at) * 1000)
            at += EVERY_S

    with ThreadPoolExecutor(USERS) as people:
        list(people.map(person, range(USERS)))
    return times


def _by_turns(questions: Mapping[str, BenchQuestion]) -> dict[str, float]:
    """Return the median of milliseconds of each question, asked by one person alone."""
    taken: dict[str, list[float]] = {name: [] for name in questions}
    for number in range(ALONE):
        for name, ask in questions.items():
            began = time.perf_counter()
            ask(Random(number))  # noqa: S311
            taken[name].append((time.perf_counter() - began) * 1000)
    return {name: median(times) for name, times in taken.items()}


def spread(times: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile of times, which are sorted."""
    return {"p50": median(times), "p95": times[int(len(times) * 0.95)]}
