"""Which paths a home may have: those that every part can open, checked before anything is made.

Tried with Kafka, the registry, PostgreSQL, RocksDB and our own parts (ADR 0030): any name that a file may
have, except for what is refused here.
"""

import errno
import os
import shlex
import stat
from pathlib import Path
from typing import Final

from exchange.runtime.errors import ExchangeError
from exchange.runtime.printed import is_unprinted, printed
from exchange.runtime.sentences import said

LONGEST_BYTES: Final = 900
"""Of the whole path. PostgreSQL's programs stop at 1024, with the names of their own files appended."""
CLASS_PATH_ENDS: Final = ":"
"""What separates the files of Java's class path."""
_SHOWN: Final = 120
"""The most characters of a path that are shown."""
_OF_THE_KERNEL: Final = (Path("/proc"), Path("/sys"))
"""Nobody can make a folder there; the system itself says only that it does not exist."""


def require_fit(path: Path, otherwise: str = "--home DIR", also_odd: str = "") -> None:
    """Refuse a path in which not every part could work, or that no message could show.

    Args:
        path: of a home, or of another folder that parts use.
        otherwise: how the user can name another one.
        also_odd: more characters that it cannot have.

    Raises:
        ExchangeError: it is not UTF-8, holds such a character or an unprintable one, or is too long.
    """
    if trouble := _trouble(os.fsencode(path), also_odd):
        raise ExchangeError(trouble, said("name_another_folder", option=otherwise))


def no_place(path: Path) -> str | None:
    """Return why no folder is, or can be made, at an absolute path, as a sentence; None where one can be."""
    shown = _shown(os.fsencode(path))
    for step in (*reversed(path.parents), path):
        at = _shown(os.fsencode(step))
        try:
            mode = step.stat().st_mode
        except OSError as problem:
            if problem.errno == errno.ELOOP or step.is_symlink():
                return said("home_behind_broken_link", folder=shown, link=at)
            break
        if not stat.S_ISDIR(mode):
            return (
                said("home_is_file", folder=shown)
                if step == path
                else said("home_below_file", folder=shown, file=at)
            )
    if any(path.resolve().is_relative_to(place) for place in _OF_THE_KERNEL):
        return said("home_of_kernel", folder=shown)
    return None


def as_word(path: Path) -> str:
    """Return a path as it is written in a command that is to be copied."""
    return shlex.quote(str(path))


def _trouble(path: bytes, also_odd: str) -> str | None:
    shown = _shown(path)
    try:
        text = path.decode("utf-8")
    except UnicodeDecodeError:
        return said("home_not_utf8", folder=shown)
    if odd := next((char for char in text if char in also_odd or is_unprinted(char)), None):
        return said("home_odd_character", folder=shown, character=f"U+{ord(odd):04X}")
    if len(path) > LONGEST_BYTES:
        return said("home_too_long", folder=shown, size=len(path), most=LONGEST_BYTES)
    return None


def _shown(path: bytes) -> str:
    """Return the beginning of a path as it can be shown."""
    shown = printed(path.decode("utf-8", "backslashreplace"))
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
