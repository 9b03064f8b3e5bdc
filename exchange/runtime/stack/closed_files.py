"""Every file of a home is closed to other users: what lies there is personal data, and passwords."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from exchange.runtime.home import Home, write_private

OTHERS = 0o077
"""What group and others would be allowed."""


def close_to_others(home: Home) -> None:
    """Close a home, and whatever this process and its children make from now on.

    What an earlier version has left open is closed once: to look at all of it takes a quarter of a second.

    Raises:
        OSError: something in it is another user's.
    """
    os.umask(OTHERS)
    closed = home.run / "closed"
    if not closed.exists():
        close_all(home.root)
        write_private(closed, "")


def close_all(folder: Path) -> None:
    """Take from group and others whatever they may do with a folder and all that lies in it."""
    _close(folder)
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            _close(Path(where, name))


def _close(path: Path) -> None:
    with suppress(FileNotFoundError):  # by a part that a killed supervisor has left running
        mode = path.lstat().st_mode
        if mode & OTHERS and not stat.S_ISLNK(mode):
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
