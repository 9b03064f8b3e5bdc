"""Paths that begin with `~`, which is the user's own home, as in a shell."""

import os
import pwd
from pathlib import Path


def expanded(path: str | Path) -> Path | None:
    """Return the path with the home that is meant in place of `~`; None if it is of a user who has none.

    An empty HOME says as little as none at all: then the system's own list of users does.
    """
    text = os.fspath(path)
    first, _, rest = text.partition("/")
    try:
        if first == "~" and not os.environ.get("HOME"):
            return Path(pwd.getpwuid(os.getuid()).pw_dir, rest)
        return Path(text).expanduser()
    except (KeyError, RuntimeError):
        return None
