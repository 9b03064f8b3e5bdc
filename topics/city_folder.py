"""Where a city's own folder is: the environment names it, or there is none; it is read here alone."""

import os
from pathlib import Path
from typing import Final

VARIABLE: Final = "EXCHANGE_POLICY"


def named_folder() -> Path | None:
    """Return the folder that is named; whether it is there, or what it holds, is not looked at."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None
