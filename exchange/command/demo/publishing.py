"""Publishes the city through the gateway, as each department would, and keeps what became of each line."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from exchange.command.terminal.console import PEOPLE, say
from exchange.domain.credentials import CredentialRequest, Holder
from exchange.runtime.city import City
from exchange.runtime.credentials.desk import Issued, open_desk
from exchange.runtime.home import Home
from exchange.runtime.principals import ADMIN
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.stack.state import read_addresses
from life_events_client import Client
from life_events_client.answers import Reason as ClientReason
from life_events_client.answers import Receipt as ClientReceipt
from producers.admission import publisher_told
from producers.receipts import Receipt
from producers.sample.clerk import SampleLine
from producers.sample.people import Person
from verification.reasons import Reason

PLAIN_STEPS = 4


@dataclass(frozen=True)
class PublishedCity:
    """The lines and their receipts, in the order of the lines."""

    lines: tuple[SampleLine, ...]
    receipts: tuple[Receipt, ...]
    seconds: float

    @property
    def kept(self) -> dict[str, set[str]]:
        """Case id → ids of the records that must be in that case."""
        found: dict[str, set[str]] = {}
        for receipt in self.receipts:
            if receipt.case_id is not None and receipt.record_id is not None:
                found.setdefault(receipt.case_id, set()).add(receipt.record_id)
        return found

    def case_of(self, person: Person) -> str:
        """The person's case id, as any receipt about one of their records tells it; empty if none does."""
        told = (
            receipt.case_id
            for line, receipt in zip(self.lines, self.receipts, strict=True)
            if receipt.case_id and line["record"].get("id_number") == person.number
        )
        return next(told, "")


@dataclass(frozen=True, slots=True)
class _HandedIn:
    """A line as the client takes it."""

    line: SampleLine

    @property
    def type(self) -> str:
        return str(self.line["type"])

    @property
    def record_id(self) -> str:
        return str(self.line["record"].get("record_id", ""))

    def as_json(self) -> dict[str, Any]:
        return dict(self.line["record"])


def publish_city(settings: Settings, lines: Sequence[SampleLine]) -> PublishedCity:
    """Publish every line through the gateway, each as its own department would, and wait for every receipt.

    Raises:
        ExchangeError: a part does not answer.
        ClientError: the gateway does not.
    """
    senders = [sender_of(line, settings.city) for line in lines]
    issued = _credentials(settings, sorted(set(senders)))
    receipts: dict[int, Receipt] = {}
    began = time.monotonic()
    with _progress(len(lines), issued) as tell, ThreadPoolExecutor(len(issued)) as pool:
        under_way = [
            pool.submit(_publish_as, settings, one, _of_sender(lines, senders, department), receipts, tell)
            for department, one in issued.items()
        ]
        for running in under_way:
            running.result()
    for department, one in issued.items():
        _tell(settings.city, one, (receipts[number] for number, _ in _of_sender(lines, senders, department)))
    return PublishedCity(
        tuple(lines), tuple(receipts[number] for number in sorted(receipts)), time.monotonic() - began
    )


def _tell(city: City, issued: Issued, receipts: Iterable[Receipt]) -> None:
    """Say in a line what came back to a department."""
    counts = Counter(receipt.status for receipt in receipts)
    department = city.catalogue.departments[issued.credential.holder.department]
    told = ", ".join(f"{status} {count}" for status, count in sorted(counts.items()))
    name = f"{department.name_zh} {department.name_en} ({issued.credential.credential_id})"
    say(f"  {name}: {counts.total()} → {told}")


def sender_of(line: SampleLine, city: City) -> str:
    """Return the department that hands a line in: the window, where it names nobody who publishes."""
    told = publisher_told(line["type"], line["record"], city.catalogue, city.policy)
    return next((code for code in city.catalogue.publishers if code == told), city.catalogue.window)


def _of_sender(
    lines: Sequence[SampleLine], senders: Sequence[str], department: str
) -> list[tuple[int, SampleLine]]:
    """Return a department's lines in their order, each with its number from 1."""
    numbered = zip(lines, senders, strict=True)
    return [(number, line) for number, (line, sender) in enumerate(numbered, 1) if sender == department]


def _credentials(settings: Settings, departments: Iterable[str]) -> dict[str, Issued]:
    """Issue a credential to each department."""
    desk = open_desk(load_settings(settings.home, ADMIN))
    say(said("demo_credentials"))
    request = CredentialRequest("demo", datetime.now(UTC), ADMIN, "exchange demo")
    return {name: desk.create(Holder(name), request) for name in departments}


def _publish_as(
    settings: Settings,
    issued: Issued,
    lines: Sequence[tuple[int, SampleLine]],
    receipts: dict[int, Receipt],
    tell: Callable[[], None],
) -> None:
    """Publish one department's lines, and note their receipts under their numbers."""
    numbers = iter([number for number, _ in lines])

    def note(answer: ClientReceipt) -> None:
        number = next(numbers)
        receipts[number] = _as_ours(answer, number)
        tell()

    url = read_addresses(Home(settings.home))["gateway"]
    with (
        tempfile.TemporaryDirectory() as folder,
        Client(url, issued.credential.credential_id, issued.client_secret, store=Path(folder, "s")) as client,
    ):
        client.send_many([_HandedIn(line) for _, line in lines], on_receipt=note)


def _as_ours(answer: ClientReceipt, number: int) -> Receipt:
    """Return what a client was answered as the tables take it."""

    def ours(found: Iterable[ClientReason]) -> tuple[Reason, ...]:
        return tuple(Reason(one.code, one.field, one.message, one.message_en) for one in found)

    return Receipt(
        number,
        answer.record_id or None,
        answer.status,
        ours(answer.reasons),
        ours(answer.warnings),
        answer.case_id,
    )


@contextmanager
def _progress(total: int, issued: Collection[str]) -> Iterator[Callable[[], None]]:
    say(said("demo_publishing", total=total, departments=len(issued)))
    lock, answered = Lock(), 0
    with _bar(total) if PEOPLE.is_terminal else _lines(total) as show:

        def tell() -> None:
            nonlocal answered
            with lock:
                answered += 1
                show(answered)

        yield tell


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    columns = (TextColumn("  answered"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=PEOPLE) as progress:
        task = progress.add_task("answered", total=total)
        yield lambda answered: progress.update(task, completed=answered)


@contextmanager
def _lines(total: int) -> Iterator[Callable[[int], None]]:
    told = 0

    def tell(answered: int) -> None:
        nonlocal told
        before, told = told, answered
        if before * PLAIN_STEPS // total != answered * PLAIN_STEPS // total:
            say(f"  {answered}/{total}")

    yield tell
