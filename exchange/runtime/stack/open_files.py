"""How many files the parts may have open at once, checked before anything is made."""

import resource
from typing import Final

from exchange.runtime.errors import ExchangeError

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
            f"Only {hard} files may be open at once here, and Kafka needs {LEAST}.",
            "Raise the hard limit: LimitNOFILE= of a service, `nofile` in /etc/security/limits.conf, "
            f"--ulimit nofile={LEAST} of a container. `ulimit -Hn` shows it.",
        )
