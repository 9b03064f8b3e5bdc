"""The console over a whole city's cases: pages, what is new, open streams and actions, as people have them.

The stack is whole, and each look leaves its access record. Of the cases in the read model the log knows
nothing; those that are acted upon were published.
"""

import asyncio
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from shutil import copy
from typing import Any, Final
from uuid import uuid4

import httpx2
import psutil
import psycopg

from consumers.read_model.search_keys import SearchKeys
from consumers.read_model.tables import ReadModelTables
from exchange.runtime.city import City, city_files
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.principals import ADMIN, CONSOLE
from exchange.runtime.registry.client import subject_ids
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.stack.state import read_state
from exchange.runtime.waiting import wait_until
from producers.publisher import Publisher
from tools.bench.bulk import Figures
from tools.bench.load import DEATH, PENSION, id_number, record_of
from tools.bench.made_cases import fill
from tools.bench.measures import LIMIT_SECONDS
from tools.bench.office import DEPARTMENT, BenchOffice
from tools.bench.rules import Rules
from tools.bench.stack import running
from tools.bench.work import USERS, spread, together
from topics.city_folder import VARIABLE

MATTER: Final = 4
"""The department's, of which an application asks."""
STREAMS_EACH: Final = 8
"""As many as an account may have."""
NEWCOMERS: Final = 1_900_000
"""From this number on people are in the log, too."""
_PROJECTOR: Final = "projector"
_QUIET_S: Final = 0.5
_ROOMY: Final = (
    (r"(?m)^  (\w+): \d+$", r"  \1: null"),  # nobody looks in a day at so many people as here in a minute
    (r"(?m)^totp_for: .*$", "totp_for: []"),
    (r"(?m)^requests: .*$", "requests: {at_once: 10_000, per_second: 10_000}"),  # nor asks one so often
    (r"free: \d+", "free: 100"),  # the console may not know the newest account yet
)
_APPLICANT: Final = {"name": "高小军", "id_number": id_number(NEWCOMERS - 1), "relation": "子女"}


def console(home: Path, cases: int, seconds: float, actions: int, streams: int) -> Figures:
    """Return milliseconds of each page, of news and of actions; CPU and memory of the console's process.

    Args:
        home: an empty folder.
        cases: how many are made.
        seconds: for how long people work, and for how long nothing happens while streams are open.
        actions: how many deaths are published one by one, and how many matters accepted.
        streams: how many are open.
    """
    with _roomy_city(home / "city"), running(home / "home"):
        settings = load_settings(home / "home", ADMIN)
        _fill(settings, cases)
        office, process = BenchOffice(settings), psutil.Process(_pid(settings))
        pages = together(office.questions(cases), seconds)
        deaths = range(NEWCOMERS, NEWCOMERS + actions)
        _publish(settings, (_input(PENSION, record_of(PENSION, person)) for person in deaths))
        with _listening(office, streams) as news, _counting(office) as count:
            arrivals = [_arrival_ms(settings, news, count, person) for person in deaths]
            used, began = sum(process.cpu_times()[:2]), time.perf_counter()
            time.sleep(seconds)
            spent = (sum(process.cpu_times()[:2]) - used) / (time.perf_counter() - began)
        return {
            "cases": cases,
            "users": USERS,
            "ms": {name: spread(sorted(times)) for name, times in pages.items()},
            "arrival_ms": spread(sorted(arrivals)),
            "effect_ms": spread(sorted(_effects_ms(settings, office, deaths))),
            "streams": streams,
            "streams_per_cent": spent * 100,
            "memory_mb": process.memory_info().rss / 1e6,
        }


@contextmanager
def _roomy_city(folder: Path) -> Iterator[None]:
    """Let accounts look at as many people as they like, and sign in by password alone, in the block."""
    folder.mkdir()
    for name in city_files():
        copy(City().path_of(name), folder)
    accounts = folder / "accounts.yaml"
    text = accounts.read_text(encoding="utf-8")
    for found, instead in _ROOMY:
        text = re.sub(found, instead, text)
    accounts.write_text(text, encoding="utf-8")
    before = os.environ.get(VARIABLE, "")
    os.environ[VARIABLE] = str(folder)
    try:
        yield
    finally:
        os.environ[VARIABLE] = before


def _fill(settings: Settings, cases: int) -> None:
    """Write the cases where the projector writes, and as it does."""
    address = load_settings(settings.home, _PROJECTOR).postgres
    tables = ReadModelTables(settings.city, SearchKeys.of_home(Home(settings.home)))
    options = "-c search_path=read_model"
    with psycopg.connect(address, autocommit=True, options=options) as connection:
        fill(connection, tables, Rules(), cases, subject_ids(settings))
        connection.execute("VACUUM ANALYZE")


def _pid(settings: Settings) -> int:
    state = read_state(Home(settings.home))
    pids = [part.pid for part in state.parts if part.name == CONSOLE and part.pid] if state else []
    if not pids:
        raise ExchangeError("The console is gone.")
    return pids[0]


def _input(kind: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what somebody publishes now."""
    new = {"record_id": str(uuid4()), "recorded_at": datetime.now(UTC).isoformat()}
    return {"type": kind, "record": {**record, **new}}


def _publish(settings: Settings, inputs: Iterable[dict[str, Any]]) -> list[str]:
    """Publish records, and return their cases once all are accepted."""
    with Publisher(settings) as publisher:
        receipts = list(publisher.publish(list(inputs)))
    if any(one.status != "ACCEPTED" for one in receipts):
        raise ExchangeError("Not all records of the benchmark were accepted.")
    return [one.case_id or "" for one in receipts]


@contextmanager
def _listening(office: BenchOffice, streams: int) -> Iterator["SimpleQueue[float]"]:
    """Hold streams open while the block runs; give the moments at which the first tells of something new."""
    opened, news, stop = SimpleQueue[None](), SimpleQueue[float](), threading.Event()
    accounts = [
        office.account("department_handler", {"department": DEPARTMENT})[0]
        for _ in range(-(-streams // STREAMS_EACH))
    ]
    cookies = [
        f"session={office.token(accounts[number // STREAMS_EACH], 'console')}" for number in range(streams)
    ]
    listening = threading.Thread(target=lambda: asyncio.run(_listen(office.url, cookies, opened, news, stop)))
    listening.start()
    try:
        for _ in cookies:
            opened.get(timeout=LIMIT_SECONDS)
        yield news
    finally:
        stop.set()
        listening.join()


async def _listen(
    url: str,
    cookies: Sequence[str],
    opened: "SimpleQueue[None]",
    news: "SimpleQueue[float]",
    stop: threading.Event,
) -> None:
    async def follow(cookie: str) -> None:
        async with http.stream("GET", "/queue/events", headers={"Cookie": cookie}) as answer:
            answer.raise_for_status()
            opened.put(None)
            async for line in answer.aiter_lines():
                if cookie == cookies[0] and line == "event: changed":
                    news.put(time.perf_counter())

    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(base_url=url, timeout=None, limits=limits) as http:
        following = [asyncio.create_task(follow(cookie)) for cookie in cookies]
        await asyncio.to_thread(stop.wait)
        for one in following:
            one.cancel()
        await asyncio.gather(*following, return_exceptions=True)


@contextmanager
def _counting(office: BenchOffice) -> Iterator[Callable[[], int]]:
    """Give what counts a department's queue while the block runs."""
    handler, _ = office.account("department_handler", {"department": DEPARTMENT})
    token = {"Authorization": f"Bearer {office.token(handler, 'api')}"}
    with httpx2.Client(base_url=f"{office.url}/desk/v1", timeout=LIMIT_SECONDS, headers=token) as http:
        yield lambda: sum(http.get("/queue/counts").raise_for_status().json()["by_state"].values())


def _arrival_ms(
    settings: Settings, news: "SimpleQueue[float]", count: Callable[[], int], person: int
) -> float:
    """Return how long after its publishing a browser is told of a death whose rows are there by then."""
    _drain(news)
    before = count()
    with Publisher(settings) as publisher:
        began = time.perf_counter()
        list(publisher.publish([_input(DEATH, record_of(DEATH, person))]))
        while True:
            told = news.get(timeout=LIMIT_SECONDS)
            if count() > before:
                return (told - began) * 1000


def _drain(news: "SimpleQueue[float]") -> None:
    while True:
        try:
            news.get(timeout=_QUIET_S)
        except Empty:
            return


def _effects_ms(settings: Settings, office: BenchOffice, deaths: range) -> list[float]:
    """Return how long it takes from opening a form until its matter is accepted, one after the other."""
    asked = {"applicant": _APPLICANT, "matters": [MATTER]}
    people = [{"id_number": id_number(person), "name": record_of(DEATH, person)["name"]} for person in deaths]
    cases = _publish(settings, [_input("application", {**person, **asked}) for person in people])
    handler, _ = office.account("department_handler", {"department": DEPARTMENT})
    with httpx2.Client(
        base_url=f"{office.url}/desk/v1",
        timeout=LIMIT_SECONDS,
        headers={"Authorization": f"Bearer {office.token(handler, 'api')}"},
    ) as http:
        return [_accepted_ms(http, case_id) for case_id in cases]


def _accepted_ms(http: httpx2.Client, case_id: str) -> float:
    asked = {"action": "accept", "subject": {"matter": MATTER}}
    path = f"/cases/{case_id}/forms"
    wait_until(lambda: http.post(path, json=asked).is_success, LIMIT_SECONDS)
    began = time.perf_counter()
    form = http.post(path, json=asked).raise_for_status().json()["form"]
    body = {**{name: form[name] for name in ("action", "recorded_at", "subject")}, "answers": {}}
    version = {"If-Match": f'"{form["version"]}"'}
    sent = http.put(f"{path}/{form['record_id']}", json=body, headers=version).raise_for_status()
    if sent.json()["status"] != "ACCEPTED":
        raise ExchangeError("A matter was not accepted.")
    return (time.perf_counter() - began) * 1000
