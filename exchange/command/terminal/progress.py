"""How far long work has come: how much of it is done, how fast it goes, and how long it still takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

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

from exchange.command.terminal.console import PEOPLE


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
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=PEOPLE, transient=True, disable=not PEOPLE.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda count: progress.update(task, completed=count)
