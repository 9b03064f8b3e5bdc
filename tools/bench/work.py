"""Queues and searches of a whole city's cases: how long twenty people at work wait for them.

The cases are made without a log: each is one of the sample city's at some moment of its life, with another
person and other days, and goes through the projector's own row functions into a database of its own.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from statistics import median
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from avro_schemas.catalogue import schema
from avro_schemas.typed_documents import CaseDocument, FormFieldDocument, TaskDocument
from consumers.log.connection_pool import connection_pool
from consumers.log.copies import READ_MODEL
from consumers.log.copy_session import OurDatabase
from consumers.log.projection import Changes
from consumers.read_model.assignments import LAYOUT
from consumers.read_model.queue_reader import QueueCursor, QueueQuery, QueueReader
from consumers.read_model.search_keys import SearchKeys
from consumers.read_model.search_reader import SearchReader
from consumers.read_model.tables import ReadModelTables
from exchange.folding.memory_states import MemoryStates
from exchange.runtime.home import Home
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings
from exchange.runtime.stack.databases import ADMINISTRATOR, dsn
from producers.sample.city import sample_city
from tools.bench.bulk import Figures
from tools.bench.load import id_number
from tools.bench.rules import START_MS, BenchMessage, Rules
from topics.catalogue import CASES, TASKS

PAGE: Final = 50
DEEP: Final = 100
"""How many pages deep a deep page lies, or as deep as half of the queue."""
USERS: Final = 20
EVERY_S: Final = 1.0
"""How often each of them asks."""
ALONE: Final = 50
"""How often each question is asked with nobody else there."""
AT_ONCE: Final = 500
SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN: Final = "建国秀兰志强桂英文军玉珍海燕永福淑芬德明春梅"
APPLICANTS: Final = 1_000_000
"""From this number on people are applicants."""

_TOLD: Final = """
INSERT INTO read_model.announcements
SELECT department, 0, place, md5(place::text), case_id, matter, instance, handled_in, transition,
    now(), now(), NULL, decode(repeat(md5(place::text), 60), 'hex')
FROM (
    SELECT *, row_number() OVER () AS place FROM read_model.matter_facts,
        unnest(ARRAY['READY', 'APPLIED']) AS of (transition)
    WHERE state NOT IN ('WAITING', 'NOT_APPLICABLE')
) AS each
"""
"""What departments were told of the matters: twice of each, about as many bytes as an announcement has."""
_DEPARTMENTS: Final = "SELECT department, count(*) FROM read_model.matter_facts GROUP BY 1 ORDER BY 1"


@dataclass(frozen=True)
class Moment:
    """A case of the sample city as it was at one moment, its bytes, and its tasks."""

    case: CaseDocument
    value: bytes
    tasks: tuple[TaskDocument, ...]


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
            _fill(connection, tables, _moments(rules), cases)
            connection.execute(_TOLD)
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


def _moments(rules: Rules) -> list[Moment]:
    """Return every case of the sample city at every moment at which it changed."""
    city = sample_city(rules.city.sample, rules.city.policy)
    read = Decoder[CaseDocument](schema("case"), {n: schema("case") for n in range(100)}.get).decode
    step, states = rules.step(), MemoryStates()
    tasks: dict[str, dict[str, TaskDocument]] = defaultdict(dict)
    found = list[Moment]()
    for message in rules.log((line["type"], line["record"]) for line in city.lines):
        batch = step.run([message], states)
        states.apply(batch)
        told = [output for outputs in batch.told.values() for output in outputs]
        for one in told:
            if one.topic == TASKS:
                tasks[one.document["case_id"]][one.document["task_id"]] = one.document
        for one in told:
            if one.topic == CASES and one.value:
                case = read(one.value)
                if not case["forwards_to"]:
                    found.append(Moment(case, one.value, tuple(tasks[case["case_id"]].values())))
    return found


def _fill(connection: Any, tables: ReadModelTables, moments: Sequence[Moment], cases: int) -> None:
    rows = {one.topic: one.row for one in tables.projections}
    chance = Random(cases)  # noqa: S311 - made-up data, not a secret
    for first in range(0, cases, AT_ONCE):
        changes: dict[str, Changes] = {CASES: Changes(), TASKS: Changes()}
        for number in range(first, min(first + AT_ONCE, cases)):
            moment = chance.choice(moments)
            message = BenchMessage(CASES, 0, number, b"", moment.value, START_MS + number)
            case, tasks = _lived(moment, number, timedelta(seconds=chance.randrange(200 * 86_400)))
            changes[CASES].rows[number] = rows[CASES](message, case)
            for task in tasks:
                changes[TASKS].rows[task["task_id"]] = rows[TASKS](message, task)
        tables.write(connection, changes, {})


def _lived(moment: Moment, number: int, later: timedelta) -> tuple[CaseDocument, list[TaskDocument]]:
    """Return the same life of somebody else, at another time."""
    found, case_id = moment.case, f"{number:032x}"
    said = {"id_number": id_number(number), "name": name_of(number)}
    case: CaseDocument = {
        **found,
        "case_id": case_id,
        "form": {**found["form"], "deceased": _of(found["form"]["deceased"], said)},
        "records": [{**one, "recorded_at": one["recorded_at"] + later} for one in found["records"]],
        "applications": [
            {
                **one,
                "recorded_at": one["recorded_at"] + later,
                "applicant": _of(one["applicant"], {"id_number": id_number(APPLICANTS + number)}),
            }
            for one in found["applications"]
        ],
        "matters": [
            {
                **one,
                "due": one["due"] and one["due"] + later,
                "results": [
                    {**result, "recorded_at": result["recorded_at"] + later} for result in one["results"]
                ],
            }
            for one in found["matters"]
        ],
    }
    tasks: list[TaskDocument] = [
        {**one, "case_id": case_id, "task_id": f"{number}-{nth}"} for nth, one in enumerate(moment.tasks)
    ]
    return case, tasks


def _of(fields: Mapping[str, FormFieldDocument], said: Mapping[str, str]) -> dict[str, FormFieldDocument]:
    """Return the fields of a form with other values where there are some."""
    return {
        name: {**one, "value": said[name]} if name in said and one["value"] else one
        for name, one in fields.items()
    }


def name_of(number: int) -> str:
    """Return a made-up name; so many people have few of them."""
    rest, family = divmod(number, len(SURNAMES))
    rest, first = divmod(rest, len(GIVEN))
    return SURNAMES[family] + GIVEN[first] + GIVEN[rest % len(GIVEN)]


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
    found = _together(questions, seconds)
    alone = _by_turns(questions)
    return {
        "users": USERS,
        "longest_queue": max(sizes.values()),
        "ms": {name: _spread(sorted(times)) for name, times in found.items()},
        "alone_ms": alone,
        "ratio_deep": alone["deep"] / alone["first"],
    }


def _deep(queues: QueueReader, query: QueueQuery, size: int) -> QueueCursor | None:
    cursor = None
    for _ in range(min(DEEP, size // PAGE // 2)):
        cursor = queues.page(query, cursor, PAGE).next
    return cursor


def _together(questions: Mapping[str, BenchQuestion], seconds: float) -> dict[str, list[float]]:
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


def _spread(times: Sequence[float]) -> dict[str, float]:
    return {"p50": median(times), "p95": times[int(len(times) * 0.95)]}
