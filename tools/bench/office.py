"""People at work in the console: each has an account, signs in on the page, and asks for pages."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from random import Random
from typing import Final

import httpx2

from exchange.desk.accounts import open_accounts
from exchange.desk.asker import System, shell
from exchange.desk.sign_in import AccountSignIn, make_sign_in
from exchange.domain.access.may import WorkPlace
from exchange.domain.accounts import Account
from exchange.runtime.accounts.log import AccountLog
from exchange.runtime.accounts.tables import own_connections
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.principals import CONSOLE, DESK
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.stack.state import read_addresses
from exchange.runtime.waiting import wait_until
from tools.bench.load import id_number
from tools.bench.made_cases import name_of
from tools.bench.measures import LIMIT_SECONDS
from tools.bench.work import USERS, BenchQuestion

DEPARTMENT: Final = "human_resources"
"""It is told of the deaths that the benchmark publishes."""
_FROM_HERE: Final = {"Sec-Fetch-Site": "same-origin"}


class BenchOffice:
    """Half of them are handlers, of all departments in turn, half are at the window.

    Args:
        settings: of the running exchange.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._desk = open_accounts(settings)
        self.url = read_addresses(Home(settings.home))[CONSOLE]
        departments = [DEPARTMENT, *sorted(settings.city.policy.deciding)]
        self._handlers = [
            self._signed_in("department_handler", {"department": departments[number % len(departments)]})
            for number in range(USERS // 2)
        ]
        self._clerks = [self._signed_in("window_clerk", {}) for _ in range(USERS // 2)]

    def account(self, role: str, place: WorkPlace) -> tuple[Account, str]:
        """Open an account; return it with its password."""
        name = f"{role}{len(self._opened)}"
        handed = self._desk.create(name, role, place, shell("bench"), datetime.now(UTC))
        self._opened.append(handed.account)
        return handed.account, handed.password or ""

    @cached_property
    def _opened(self) -> list[Account]:
        return []

    @cached_property
    def _sign_in(self) -> AccountSignIn:
        own = load_settings(self._settings.home, DESK)
        find = AccountLog(own).read().get
        return make_sign_in(Home(own.home), own.city, own_connections(own.postgres), find, lambda _: None)

    def token(self, account: Account, system: System) -> str:
        """Return the token of a session, begun beside the console: hundreds of passwords take their time."""
        return self._sign_in.sessions.begin(account, system, datetime.now(UTC))

    def _signed_in(self, role: str, place: WorkPlace) -> httpx2.Client:
        """Return the browser of somebody who has signed in on the page."""
        account, password = self.account(role, place)
        http = httpx2.Client(base_url=self.url, timeout=LIMIT_SECONDS, headers=_FROM_HERE)
        cookies = list[str]()

        def comes_in() -> bool:
            answer = http.post("/sign-in", data={"name": account.name, "password": password})
            cookies.append(answer.headers.get("set-cookie", "").partition(";")[0])
            return answer.status_code == httpx2.codes.SEE_OTHER

        if not wait_until(comes_in, LIMIT_SECONDS, 0.2):
            raise ExchangeError(f"{account.name} is not let in.")
        http.headers["Cookie"] = cookies[-1]  # it is for TLS, which the loopback has not
        return http

    def questions(self, cases: int) -> Mapping[str, BenchQuestion]:
        """Return what people ask of so many cases, by the pages' names."""
        everybody = [*self._handlers, *self._clerks]

        def queue(chance: Random) -> object:
            return _page(chance.choice(self._handlers), "/queue")

        def filtered(chance: Random) -> object:
            asked = f"/queue?due={chance.choice(('late', 'today', 'week'))}&state=READY"
            return _page(chance.choice(self._handlers), asked)

        def find(chance: Random) -> object:
            number = chance.randrange(cases)
            return _page(chance.choice(everybody), "/find", chance.choice((id_number, name_of))(number))

        def case(chance: Random) -> object:
            return _page(chance.choice(self._clerks), f"/cases/{chance.randrange(cases):032x}")

        def workbench(chance: Random) -> object:
            return _page(chance.choice(everybody), "/workbench")

        def form(chance: Random) -> object:
            return _page(chance.choice(self._clerks), f"/cases/{chance.randrange(cases):032x}/forms/apply")

        return {
            "queue": queue,
            "filtered": filtered,
            "find": find,
            "case": case,
            "workbench": workbench,
            "form": form,
        }


def _page(http: httpx2.Client, path: str, text: str = "") -> httpx2.Response:
    """Return a page, or what is found by a text that is typed."""
    answer = http.post(path, data={"text": text}) if text else http.get(path)
    if answer.status_code not in {httpx2.codes.OK, httpx2.codes.SEE_OTHER}:
        raise ExchangeError(f"{path.partition('?')[0]} answered {answer.status_code}.")
    return answer
