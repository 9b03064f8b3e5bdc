"""Wrong usage is told in Chinese, too: what the library of the command line says of it is English alone."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from typer.exceptions import TyperException

from exchange.runtime.sentences import said

_SENTENCES: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    (r"No such option: (\S+)(.*)", lambda name: said("usage_no_option", name=name)),
    (r"No such command '(.*?)'\.(.*)", lambda name: said("usage_no_command", name=name)),
    (r"Got unexpected extra argument\(s\) \((.*)\)()", lambda name: said("usage_one_too_many", name=name)),
    (r"Option '([^']*)' requires an argument\.()", lambda name: said("usage_without_value", name=name)),
    (r"Option '([^']*)' does not take a value\.()", lambda name: said("usage_with_value", name=name)),
)
"""What the library says, with what it is about and what it proposes; and how we say it."""


def tell_in_both(command: Any) -> Any:
    """Return the command, which now tells of wrong usage in both languages."""
    for step in ("make_context", "invoke"):
        setattr(command, step, _told_in_both(getattr(command, step)))
    return command


def _told_in_both(step: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(step)
    def told(*given: Any, **named: Any) -> Any:
        try:
            return step(*given, **named)
        except TyperException as wrong:
            wrong.message = in_both(wrong.message)
            raise

    return told


def in_both(problem: str) -> str:
    """Return what the library says, below the same in Chinese; lines are ours or a help's, and stay."""
    for form, sentence in _SENTENCES:
        if found := re.fullmatch(form, problem, re.DOTALL):
            return f"{sentence(found[1])}{found[2]}"
    if not problem:
        return said("usage_missing")
    return problem if "\n" in problem else said("usage_wrong", problem=problem)
