"""Publishes the city through the departments' own way in, and keeps what became of each line."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from exchange.command.terminal.console import PEOPLE, say
from exchange.runtime.settings import Settings
from producers.publisher import Publisher, TellPublished
from producers.receipts import Receipt
from producers.sample.clerk import SampleLine
from producers.sample.people import Person
from topics.catalogue import Catalogue

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


def publish_city(settings: Settings, lines: Sequence[SampleLine]) -> PublishedCity:
    """Publish every line, each as its own department, and wait for every receipt.

    Raises:
        ExchangeError: a part does not answer.
    """
    began = time.monotonic()
    with Publisher(settings) as publisher, _progress(len(lines), settings.city.catalogue) as tell:
        receipts = tuple(publisher.publish(lines, tell))
    return PublishedCity(tuple(lines), receipts, time.monotonic() - began)


@contextmanager
def _progress(total: int, catalogue: Catalogue) -> Iterator[TellPublished]:
    types, departments = len(catalogue.owners), len(catalogue.publishers)
    say(f"Publishing {total} records of {types} types, in disorder, as {departments} departments would:")
    with _bar(total) if PEOPLE.is_terminal else _lines(total) as tell:
        yield tell


@contextmanager
def _bar(total: int) -> Iterator[TellPublished]:
    columns = (TextColumn("  answered"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=PEOPLE) as progress:
        task = progress.add_task("answered", total=total)
        yield lambda _sent, answered: progress.update(task, completed=answered)


@contextmanager
def _lines(total: int) -> Iterator[TellPublished]:
    told = 0

    def tell(_sent: int, answered: int) -> None:
        nonlocal told
        before, told = told, answered
        if before * PLAIN_STEPS // total != answered * PLAIN_STEPS // total:
            say(f"  {answered} of {total} answered")

    yield tell
