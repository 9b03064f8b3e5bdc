"""Names of files and words of a command are UTF-8, also where Python was told to know ASCII alone."""

import codecs
import os
import sys

_VARIABLE = "PYTHONUTF8"


def read_utf8() -> None:
    """Begin this very command anew in Python's UTF-8 mode, where that mode is off and the locale is C.

    Python itself chooses it there unless PYTHONUTF8=0. Without it every letter of a path is no text.
    """
    if codecs.lookup(sys.getfilesystemencoding()).name != "ascii" or os.environ.get(_VARIABLE) == "1":
        return
    os.environ[_VARIABLE] = "1"
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - no shell is wanted here
