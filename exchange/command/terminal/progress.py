"""How far long work has come: how much of it is done, how fast it goes, and how long it still takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from exchange.command.terminal.console import PEOPLE, say

PLAIN_EVERY_S: Final = 5.0


class _RateColumn(ProgressColumn):
    """How many are done in a second, of late."""

    def render(self, task: Task) -> Text:
        """Return it, once there is anything to tell it from."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


@contextmanager
def counted_progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show how many are done, how many in a second, and the time left; without a terminal, show nothing.

    Args:
        what: What is done with them.
        total: How many there are, if that is known.
    """
    with _bars() as progress:
        task = progress.add_task(what, total=total)
        yield lambda count: progress.update(task, completed=count)


@contextmanager
def staged_progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """Show the same of work in stages; without a terminal, print a line now and then.

    It hears the stage, how many of it are done, and of how many, if that is known.
    """
    with _bars() as progress:
        told = progress.get_time()

        def tell(stage: str, passed: int, total: int | None) -> None:
            nonlocal told
            if stage not in [task.description for task in progress.tasks]:
                for former in progress.task_ids:
                    progress.remove_task(former)
                progress.add_task(stage, total=total)
            (task,) = progress.tasks
            progress.update(task.id, completed=passed)
            if not PEOPLE.is_terminal and progress.get_time() - told > PLAIN_EVERY_S:
                told = progress.get_time()
                say(_plain(task))

        yield tell


def _bars() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=PEOPLE, transient=True, disable=not PEOPLE.is_terminal)


def _plain(task: Task) -> str:
    of = "" if task.total is None else f" of {task.total:,.0f}"
    left = "" if task.time_remaining is None else f", {task.time_remaining:,.0f} s left"
    return f"{task.description}: {task.completed:,.0f}{of}, {task.speed or 0:,.0f}/s{left}"
