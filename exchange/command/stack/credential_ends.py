"""Ends credentials whose time beside their successors is over, for as long as an exchange is supervised."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from exchange.domain.credentials import CredentialRequest
from exchange.runtime.credentials.desk import ITSELF, open_desk
from exchange.runtime.errors import ExchangeError
from exchange.runtime.principals import ADMIN
from exchange.runtime.settings import Settings

EVERY_S: Final = 60.0
"""How late one may be ended, at most."""


@contextmanager
def ending_in_time(
    settings: Settings, tell: Callable[[str], None], every_s: float = EVERY_S
) -> Iterator[None]:
    """Look after the ends of credentials for as long as the block runs, in a thread that holds nothing up.

    Args:
        settings: those of the principal `admin`.
        tell: told what went wrong; the next look tries again.
        every_s: seconds between two looks.
    """
    over = threading.Event()
    desk = open_desk(settings)

    def look() -> None:
        while not over.wait(every_s):
            try:
                desk.all(CredentialRequest(ITSELF, datetime.now(UTC), ADMIN))
            except ExchangeError as problem:
                tell(problem.message)

    threading.Thread(target=look, name="credentials", daemon=True).start()
    try:
        yield
    finally:
        over.set()
