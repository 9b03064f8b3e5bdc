"""How many files the parts may have open at once, checked before anything is made."""

import resource
from typing import Final

from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said

LEAST: Final = 4096
"""A broker holds one or more for each of some 900 partitions, a joiner up to 128 for each of twelve."""


def require_open_files() -> None:
    """Refuse a hard limit that is too low for a part; each part raises the soft one for itself (`launch`).

    Raises:
        ExchangeError: the limit is too low.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < LEAST:
        raise ExchangeError(
            said("open_files_too_few", limit=hard, least=LEAST), said("open_files_raise", least=LEAST)
        )
