"""How a person sees the stack come up: a line per part, a bar for downloads (lines without a terminal)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from exchange.command.terminal.console import PEOPLE, say
from exchange.runtime.sentences import said
from exchange.runtime.stack.backup import TellCopied
from exchange.runtime.stack.downloads import TellDownloaded
from exchange.runtime.stack.supervisor import Observer, Supervisor

MEGABYTE = 1_000_000
PLAIN_STEPS = 4


@contextmanager
def starting(supervisor: Supervisor, up: Callable[[], None]) -> Iterator[None]:
    """Show each part as it comes up, with the seconds it took, and what is still being waited for.

    Args:
        supervisor: starts them.
        up: tells that all is.
    """
    under_way: list[str] = []
    with PEOPLE.status("…") as spinner:

        def started(name: str) -> None:
            under_way.append(name)
            spinner.update(f"{', '.join(under_way)} …")

        def done(name: str, seconds: float) -> None:
            under_way.remove(name)
            say(f"  {name:<16} {seconds:5.1f} s")
            spinner.update(f"{', '.join(under_way)} …")

        supervisor.observer = Observer(started, done, _died, up)
        yield


def _died(name: str, restarts: int) -> None:
    say(said("part_restarts", name=name, restarts=restarts))


@contextmanager
def download_progress(total_bytes: int) -> Iterator[TellDownloaded]:
    """Show how much has been downloaded."""
    say(said("downloading", megabytes=f"{total_bytes / MEGABYTE:.0f}"))
    with _bytes_progress("download", total_bytes) as report:
        yield report


@contextmanager
def copy_progress(what: str, total_bytes: int) -> Iterator[TellCopied]:
    """Show how much has been copied; ``what`` says what is done."""
    say(what)
    with _bytes_progress("copy", total_bytes) as report:
        yield report


def _bytes_progress(word: str, total_bytes: int) -> AbstractContextManager[Callable[[int], None]]:
    return _bar(word, total_bytes) if PEOPLE.is_terminal else _lines(total_bytes)


@contextmanager
def _bar(word: str, total_bytes: int) -> Iterator[Callable[[int], None]]:
    columns = (TextColumn(f"  {word}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=PEOPLE) as progress:
        task = progress.add_task(word, total=total_bytes)
        yield lambda count: progress.advance(task, count)


@contextmanager
def _lines(total_bytes: int) -> Iterator[Callable[[int], None]]:
    seen = 0

    def report(count: int) -> None:
        nonlocal seen
        before, seen = seen, seen + count
        if before * PLAIN_STEPS // total_bytes != seen * PLAIN_STEPS // total_bytes:
            say(f"  {seen / MEGABYTE:.0f}/{total_bytes / MEGABYTE:.0f} MB")

    yield report
