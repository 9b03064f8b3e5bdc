"""The door measured: intake beside the publisher's, `?wait` beside the join's latency, the outbox alone."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import uuid4

import httpx2
import orjson
import psutil

from exchange.domain.credentials import CredentialRequest, Holder
from exchange.runtime.credentials.desk import open_desk
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.principals import ADMIN
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.stack.state import read_addresses, read_state
from exchange.runtime.waiting import wait_until
from life_events_client import Client, Outbox, PlainRecord
from producers.publisher import Publisher
from tools.bench.bulk import Figures
from tools.bench.latency import Paced, percentile
from tools.bench.load import DEATH, Newcomers, record_of
from tools.bench.log_ends import LogEnds
from tools.bench.measures import LIMIT_SECONDS
from tools.bench.stack import running

DEPARTMENT: Final = "health"
"""It owns what is published here."""
RATE_PER_SECOND: Final = 20
WAIT_S: Final = 30
_AT_ONCE: Final = 32
_SINGLY, _HUNDREDS = 1_000, 20_000
_NOBODY: Final = "http://127.0.0.1:9"
_NDJSON: Final = {"content-type": "application/x-ndjson"}


def door(home: Path, newcomers: Newcomers, intake: int, lines: int, waits: int, runs: int) -> Figures:
    """What the gateway and its client cost, by turns with what they stand beside.

    Args:
        home: an empty one.
        newcomers: of whom records are published.
        intake: records of each turn, at most as many as the publisher sends before it waits for receipts.
        lines: of the batch after which the gateway's memory is looked at.
        waits: records of which each turn waits for the receipt, one by one.
        runs: turns.
    """
    with running(home):
        settings = load_settings(home, ADMIN)
        with _signed_in(settings) as http:
            return {
                "intake": _intake(settings, http, newcomers, intake, runs),
                "memory": _memory(settings, http, newcomers.take(lines)),
                "wait": _wait(settings, http, newcomers, waits, runs),
                "outbox_per_second": _outbox(newcomers),
            }


@contextmanager
def _signed_in(settings: Settings) -> Iterator[httpx2.Client]:
    desk = open_desk(settings)
    request = CredentialRequest("bench", datetime.now(UTC), ADMIN, "make bench")
    issued = desk.create(Holder(DEPARTMENT), request)
    user = (issued.credential.credential_id, issued.client_secret)
    url = read_addresses(Home(settings.home))["gateway"]
    with httpx2.Client(base_url=url, timeout=LIMIT_SECONDS, auth=_SignedIn(*user)) as http:
        if not wait_until(lambda: http.get("/v1/catalogue").is_success, LIMIT_SECONDS):
            raise ExchangeError("The gateway does not know the credential.")
        yield http


class _SignedIn(httpx2.Auth):
    """Asks for a token, and for the next one as soon as it has ended."""

    requires_response_body = True

    def __init__(self, client_id: str, secret: str) -> None:
        self._client_id, self._secret = client_id, secret
        self._token, self._until = "", 0.0

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response]:
        if time.monotonic() > self._until:
            form = {"grant_type": "client_credentials", "client_id": self._client_id}
            url = request.url.join("/oauth/token")
            given = yield httpx2.Request("POST", url, data={**form, "client_secret": self._secret})
            if given.is_success:
                self._token, self._until = given.json()["access_token"], time.monotonic() + 240
        request.headers["authorization"] = f"Bearer {self._token or None}"
        yield request


def _intake(settings: Settings, http: httpx2.Client, newcomers: Newcomers, count: int, runs: int) -> Figures:
    """Records per second until the brokers hold them all: one batch of lines, and the publisher."""
    batch, publisher = [], []
    for _ in range(runs):
        with _answered(settings, count):
            publisher.append(count / _publisher_seconds(settings, _lines(newcomers.take(count))))
        with _answered(settings, count):
            batch.append(count / _batch_seconds(http, _lines(newcomers.take(count))))
    return {
        "records_per_second": median(batch),
        "publisher_per_second": median(publisher),
        "ratio": median(a / b for a, b in zip(batch, publisher, strict=True)),
    }


def _memory(settings: Settings, http: httpx2.Client, people: range) -> Figures:
    with _answered(settings, len(people)):
        seconds = _batch_seconds(http, _lines(people))
        state = read_state(Home(settings.home))
        pid = next(part.pid for part in state.parts if part.name == "gateway") if state else None
        return {
            "lines": len(people),
            "records_per_second": len(people) / seconds,
            "gateway_mb": psutil.Process(pid).memory_info().rss / 1e6,
        }


def _wait(settings: Settings, http: httpx2.Client, newcomers: Newcomers, waits: int, runs: int) -> Figures:
    """Milliseconds from `POST …?wait` to the receipt, and from publishing to the announcement."""
    paced = Paced(settings, newcomers)
    paced.warm_up(RATE_PER_SECOND)
    receipts, announcements = [], []
    for _ in range(runs):
        announcements.append(paced.delays_ms((DEATH,), waits, RATE_PER_SECOND))
        receipts.append(sorted(_wait_ms(http, newcomers.take(waits))))
    return {
        **{f"p{p}_ms": median(percentile(p, one) for one in receipts) for p in (50, 99)},
        **{f"join_p{p}_ms": median(percentile(p, one) for one in announcements) for p in (50, 99)},
        "ratio_p99": median(
            percentile(99, a) / percentile(99, b) for a, b in zip(receipts, announcements, strict=True)
        ),
        "rate_per_second": RATE_PER_SECOND,
    }


def _wait_ms(http: httpx2.Client, people: range) -> list[float]:
    began = time.perf_counter()

    def publish(number: int, person: int) -> float:
        time.sleep(max(0.0, began + number / RATE_PER_SECOND - time.perf_counter()))
        sent = time.perf_counter()
        url, record = f"/v1/records/{DEATH}", record_of(DEATH, person)
        answer = http.post(url, params={"wait": WAIT_S}, json=record)
        if answer.status_code != httpx2.codes.OK:
            raise ExchangeError(f"The gateway answered {answer.status_code} rather than with the receipt.")
        return (time.perf_counter() - sent) * 1000

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [*pool.map(publish, range(len(people)), people)]


def _outbox(newcomers: Newcomers) -> Figures:
    """Records per second that an outbox has on its disk, put singly and by hundreds. Nobody takes them."""
    with TemporaryDirectory(prefix="exchange-bench-") as folder:
        client = Client(_NOBODY, f"{DEPARTMENT}.1", "none", store=Path(folder) / "outbox.sqlite")
        with client, Outbox(client) as outbox:
            return {
                "singly": _puts_per_second(outbox.put, newcomers.take(_SINGLY), 1),
                "in_hundreds": _puts_per_second(outbox.put, newcomers.take(_HUNDREDS), 100),
            }


def _puts_per_second(put: Callable[..., None], people: range, at_once: int) -> float:
    records = [PlainRecord(DEATH, record_of(DEATH, person)) for person in people]
    began = time.perf_counter()
    for first in range(0, len(records), at_once):
        put(*records[first : first + at_once])
    return len(records) / (time.perf_counter() - began)


def _lines(people: range) -> list[bytes]:
    return [orjson.dumps({"type": DEATH, "record": record_of(DEATH, person)}) for person in people]


@contextmanager
def _answered(settings: Settings, count: int) -> Iterator[None]:
    """Leave the block once the join has answered that many records more: it is idle when the next begins."""
    ends = LogEnds(settings)
    yield
    ends.wait_for_receipts(count, LIMIT_SECONDS)
    ends.close()


def _publisher_seconds(settings: Settings, lines: Sequence[bytes]) -> float:
    """Seconds until it has handed the last one to Kafka; what is then under way is there in milliseconds."""
    sent_s = 0.0

    def note(sent: int, _: int) -> None:
        nonlocal sent_s
        if sent == len(lines):
            sent_s = sent_s or time.perf_counter() - began

    with Publisher(settings, DEPARTMENT) as publisher:
        began = time.perf_counter()
        for _ in publisher.publish(lines, note):
            pass
    return sent_s


def _batch_seconds(http: httpx2.Client, lines: Sequence[bytes]) -> float:
    content = b"\n".join(lines)
    began = time.perf_counter()
    answer: Any = http.put(f"/v1/batches/{uuid4()}", content=content, headers=_NDJSON)
    seconds = time.perf_counter() - began
    if answer.status_code != httpx2.codes.ACCEPTED or answer.json()["stored"] != len(lines):
        raise ExchangeError(f"The gateway did not store the batch: {answer.status_code}.")
    return seconds
