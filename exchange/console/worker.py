"""The console: people come to the desk over HTTP.

Shape: HTTP on the loopback, and with TLS on the address that the exchange listens at, both as the home's
addresses say → what the desk shows, access records, departments' records.
"""

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Final

from consumers.log.connection_pool import connection_pool
from exchange.console.app import make_app
from exchange.console.console import DeskConsole
from exchange.console.queue_marks import QueueMarks
from exchange.desk.applicant_codes import open_codes
from exchange.desk.desk import open_desk
from exchange.desk.queue_news import read_marks
from exchange.desk.sign_in import make_sign_in
from exchange.runtime.accounts.followed import Followed
from exchange.runtime.accounts.log import account_documents, account_of, code_documents, code_of
from exchange.runtime.accounts.tables import DeskTables
from exchange.runtime.home import Home
from exchange.runtime.logs import configure_logs
from exchange.runtime.memory import keep_nothing_large
from exchange.runtime.monitor import Monitor
from exchange.runtime.principals import CONSOLE, DESK
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.uploads.store import open_store
from exchange.serving.holder_limits import HolderLimits
from exchange.serving.server import ServedPart

THREADS: Final = 24
"""How many use cases are at work at once: each has a thread and a connection, so that none waits for one."""


def run(settings: Settings) -> None:
    """Run the console until SIGTERM or SIGINT; the home's ready file says when it answers."""
    configure_logs(logging.INFO)
    keep_nothing_large()
    home, monitor = Home(settings.home), Monitor(CONSOLE)
    with monitor.serving(home):
        asyncio.run(_run(settings, home, monitor))


async def _run(settings: Settings, home: Home, monitor: Monitor) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "desk"))
    with _opened(settings, home) as console:
        part = ServedPart(CONSOLE, make_app(console), home, console, settings.reverse_proxies)
        await part.run(monitor)


@contextmanager
def _opened(settings: Settings, home: Home) -> Iterator[DeskConsole]:
    """Open a console's connections while the block runs.

    Raises:
        ExchangeError: a part that it needs does not answer.
    """
    own, city = load_settings(settings.home, DESK), settings.city
    with (
        connection_pool(own) as pool,
        Followed(account_documents(own), account_of) as accounts,
        Followed(code_documents(own), code_of) as codes,
    ):
        tables = DeskTables(pool.connection)
        with open_desk(settings, THREADS, tables) as desk:
            sign_in = make_sign_in(home, city, tables, accounts.get, codes.get)
            limits = HolderLimits(city.accounts.requests, city.accounts.streams, city.accounts.at_work)
            marks = QueueMarks(partial(read_marks, desk))
            yield DeskConsole(desk, sign_in, open_codes(own), open_store(home), limits, marks)
