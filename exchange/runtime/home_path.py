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
LONGEST_PART_BYTES: Final = 255
"""Of one name in a path, on every file system that homes are kept on. Source: Linux, NAME_MAX."""
_LONGEST_ASKED_BYTES: Final = 4095
"""Of a path that the system can be asked about. Source: Linux, PATH_MAX without its last byte."""
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
    written = os.fsencode(path)
    if trouble := _part_too_long(written) or _longer_than(_LONGEST_ASKED_BYTES, written):
        return trouble
    shown = shown_path(written)
    for step in (*reversed(path.parents), path):
        at = shown_path(os.fsencode(step))
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
    shown = shown_path(path)
    try:
        text = path.decode("utf-8")
    except UnicodeDecodeError:
        return said("home_not_utf8", folder=shown)
    if odd := next((char for char in text if char in also_odd or is_unprinted(char)), None):
        return said("home_odd_character", folder=shown, character=f"U+{ord(odd):04X}")
    return _part_too_long(path) or _longer_than(LONGEST_BYTES, path)


def _part_too_long(path: bytes) -> str | None:
    for part in path.split(b"/"):
        if len(part) > LONGEST_PART_BYTES:
            most = LONGEST_PART_BYTES
            return said("home_part_too_long", folder=shown_path(path), size=len(part), most=most)
    return None


def _longer_than(most: int, path: bytes) -> str | None:
    size = len(path)
    return said("home_too_long", folder=shown_path(path), size=size, most=most) if size > most else None


def shown_path(path: bytes) -> str:
    """Return the beginning of a path as it can be shown."""
    shown = printed(path.decode("utf-8", "backslashreplace"))
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
