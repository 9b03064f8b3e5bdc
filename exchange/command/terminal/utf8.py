"""Names of files and words of a command are UTF-8, even where Python was told to know only ASCII."""

import codecs
import os
import sys

_VARIABLE = "PYTHONUTF8"


def read_utf8() -> None:
    """Start this command again in Python's UTF-8 mode, if that mode is off and the locale is C.

    Python itself chooses it there unless PYTHONUTF8=0. Without it, no letter of a path beyond ASCII is text.
    """
    if codecs.lookup(sys.getfilesystemencoding()).name != "ascii" or os.environ.get(_VARIABLE) == "1":
        return
    os.environ[_VARIABLE] = "1"
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - no shell is wanted here
