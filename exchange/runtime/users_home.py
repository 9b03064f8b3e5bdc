"""Paths that begin with `~`, which means the user's own home, as in a shell."""

import os
import pwd
from pathlib import Path


def expanded(path: str | Path) -> Path | None:
    """Return the path with `~` replaced by the home that is meant; None if that user has none.

    An empty HOME counts as unset: then the system's own list of users decides.
    """
    text = os.fspath(path)
    first, _, rest = text.partition("/")
    try:
        if first == "~" and not os.environ.get("HOME"):
            return Path(pwd.getpwuid(os.getuid()).pw_dir, rest)
        return Path(text).expanduser()
    except (KeyError, RuntimeError):
        return None
