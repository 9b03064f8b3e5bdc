"""Where to look next, as commands that work as they stand."""

from pathlib import Path
from typing import Final, Literal

from rich.text import Text

from exchange.runtime.home import Home
from exchange.runtime.home_path import as_word
from topics.city_folder import VARIABLE
from topics.labels import Labels

LABELS: Final = Labels(__file__)

DemoEnding = Literal["running", "stopped", "removed"]
"""What becomes of the exchange and its home once the demo is over."""
RUNNING: Final = "running"
STOPPED: Final = "stopped"
REMOVED: Final = "removed"
_COMMAND = ".venv/bin/exchange"


def next_steps(
    place: Home, shown: str, department: str, outcome: DemoEnding, policy: Path | None = None
) -> Text:
    """Commands for the exchange that goes on running or can be started again; or how to have one that can.

    Args:
        place: its home.
        shown: a case.
        department: one that was told of it.
        outcome: what becomes of the exchange.
        policy: folder of the policy in use; None: the shipped one.
    """
    text = Text(f"\n{LABELS['next'].both('zh')}\n", style="bold")
    own = policy if outcome != REMOVED else None
    city = [(f"export {VARIABLE}={as_word(own)}", "by this city's own policy")] if own else []
    at = "--home DIR" if outcome == REMOVED else f"--home {as_word(place.root)}"
    text.append(f"  {_became(place, at, outcome)}\n", style="not bold")
    for command, what in (
        *city,
        (f"{_COMMAND} case {shown} {at}", "the case above, whole"),
        (f"{_COMMAND} form {shown} --pdf form.pdf {at}", "its application form, to print"),
        (f"{_COMMAND} follow {department} --from-start {at}", "what one department was told"),
        (f"{_COMMAND} status {at}", "what runs, and where"),
        (f"{_COMMAND} sample --out city.jsonl", "the records themselves, to look at and to change"),
        (f"{_COMMAND} publish city.jsonl {at}", "publish them, as a department would"),
        (f"{_COMMAND} down {at}", "stop it"),
    ):
        text.append(f"  {command}\n", style="not bold")
        text.append(f"      {what}\n", style="not bold dim")
    return text.append(
        "  docs/tutorials walks through a first death; docs/how-to is by role.\n", style="not bold"
    )


def _became(place: Home, at: str, outcome: DemoEnding) -> str:
    if outcome == RUNNING:
        return f"It goes on running. Home: {place.root}; logs: {place.logs}"
    if outcome == STOPPED:
        return f"It is stopped, and all of it stays: `{_COMMAND} up --detach {at}` starts it again; then:"
    return "It was all in a temporary home. `KEEP=1 make demo` leaves it running and says where; then:"
