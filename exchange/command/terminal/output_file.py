"""A file that a command writes: whole or not at all, but straight into anything else, such as a device."""

import os
import sys
from pathlib import Path
from typing import Final

from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said
from exchange.runtime.users_home import expanded

OWNER_ALONE: Final = 0o600
AS_USUAL: Final = 0o666
"""The user's own umask takes its part away from it."""


def write_file(content: bytes, file: str | Path, mode: int = AS_USUAL) -> None:
    """Write a file in place of the one that is there; a link stays a link.

    Args:
        content: all of it.
        file: its name; a name that is not text is used as it is.
        mode: who may do what with it; `OWNER_ALONE` if it says something about a person.

    Raises:
        ExchangeError: it cannot be written there; what was there before is unchanged.
    """
    place = as_place(file)
    try:
        if place.exists() and not place.is_file():  # /dev/stdout must not become a file
            place.write_bytes(content)
        else:
            _replace(place.resolve(), content, mode)
    except BrokenPipeError:  # of a device, such as /dev/stdout: its reader has gone, and nothing is wrong
        raise
    except OSError as problem:
        raise ExchangeError(
            said("file_unwritten", file=file, problem=problem.strerror), said("file_elsewhere")
        ) from None


def as_place(file: str | Path) -> Path:
    """Return where a file is; `~$report.html`, as office programs name files, is in nobody's home."""
    return expanded(file) or Path(file)


def _replace(place: Path, content: bytes, mode: int) -> None:
    fresh = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
            out.write(content)
        fresh.replace(place)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


STANDARD_OUTPUT: Final = "-"


def write_output(content: bytes, file: str, mode: int = AS_USUAL) -> None:
    """Write a file, or to standard output where its name is `-`; as `write_file` says."""
    if file == STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    write_file(content, file, mode)


def write_form(content: bytes, file: str) -> None:
    """Write a form where only its owner can read it.

    Raises:
        ExchangeError: it cannot be written there.
    """
    write_output(content, file, OWNER_ALONE)
