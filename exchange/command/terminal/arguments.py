"""Arguments are text. Anything else that a shell hands over is wrong usage, except for the name of a file.

A file may have any name that its disk allows: one in GBK, from another system, is opened as it is.
"""

import os
import sys
from collections.abc import Iterator
from typing import Any, Final

import typer

from exchange.runtime.sentences import said

FILE: Final = "FILE"
"""What the help calls an argument that names a file."""


def require_text(command: Any) -> Any:
    """Return the command, which now refuses what is not text, as do the commands in it."""
    for parameter in _parameters(command):
        if (parameter.metavar or parameter.name or "").upper() != FILE:
            parameter.callback = _text
    return command


def _parameters(command: Any) -> Iterator[Any]:
    yield from command.params
    for inner in getattr(command, "commands", {}).values():
        yield from _parameters(inner)


def _text(context: Any, parameter: Any, value: Any) -> Any:
    """Return the value, as text even if Python took it for none because the system's locale lacks UTF-8.

    Raises:
        typer.BadParameter: it is not text. It is not shown: it may be a person's name in another encoding.
    """
    if not isinstance(value, str | os.PathLike) or is_text(os.fspath(value)):
        return value
    try:
        text = os.fsencode(value).decode()
    except UnicodeError:
        text = None
    if text is None or not isinstance(value, str):
        raise typer.BadParameter(
            said("no_text", encoding=sys.getfilesystemencoding()),
            ctx=context,
            param=parameter,
        )
    return text


def is_text(value: str) -> bool:
    """Say whether a value came as text; Python marks each byte that did not with a lone surrogate."""
    return not any("\ud800" <= character <= "\udfff" for character in value)
