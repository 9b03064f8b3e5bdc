"""Visits to pages in this process: somebody signs in, opens a page or sends a form."""

from types import SimpleNamespace
from typing import Any, Final, cast
from unittest.mock import Mock

import httpx
import psycopg

from exchange.desk.access_writer import AccessWriter
from exchange.desk.asker import Asker
from exchange.desk.people_shown import PeopleToday
from exchange.domain.access.may import WorkPlace
from exchange.runtime.city import City
from tests.console.made_console import MadeConsole
from tests.desk.made_desk import KeptAccesses, UncountedDesk
from tests.made_log import ENCODERS

CITY: Final = City()
FROM_HERE: Final = {"Sec-Fetch-Site": "same-origin"}
BANK: Final = "91620500439150008B"


class KeptRecords:
    """Stands in for departments' writers: keeps what they are given."""

    def __init__(self) -> None:
        self.written: list[Any] = []

    def write(self, record: Any) -> str:
        """Keep it."""
        self.written.append(record)
        return f"{record.topic}/0/{len(self.written)}"


class Visits:
    """A console whose desk writes nowhere, and where no receipt ever comes."""

    def __init__(self, **of_settings: Any) -> None:
        settings: Any = SimpleNamespace(city=CITY, case_key=b"k" * 32, **of_settings)
        away: Any = Mock(connection=Mock(side_effect=psycopg.OperationalError))
        self.accesses, self.records = KeptAccesses(), KeptRecords()
        codec: Any = SimpleNamespace(encode=lambda topic, value: ENCODERS[topic](value))
        nothing: Any = None
        self.desk = UncountedDesk(
            settings,
            nothing,
            away,
            codec,
            cast(AccessWriter, self.accesses),
            cast(Any, self.records),
            nothing,
        )
        UncountedDesk.people = Mock(today=Mock(return_value=PeopleToday(3, None)))
        self.console = MadeConsole(self.desk)

    def open(self, asker: Asker, path: str, cookie: str = "") -> httpx.Response:
        """Ask for a page."""
        return self.console.asked("GET", path, headers=self._headers(asker, cookie))

    def send(self, asker: Asker, path: str, form: dict[str, str]) -> httpx.Response:
        """Send a form of a page of ours."""
        return self.console.asked("POST", path, data=form, headers=self._headers(asker))

    def _headers(self, asker: Asker, cookie: str = "") -> dict[str, str]:
        return {**FROM_HERE, "Cookie": f"session={self.console.known.begin(asker)}{cookie}"}


def visitor(role: str, department: str = "police") -> Asker:
    """Somebody of a role, in a department, a bank and a county as far as the role has one."""
    everything = {"department": department, "bank": BANK, "county": "620502", "case": "0" * 32}
    kept = {name: everything[name] for name in CITY.access.roles[role].within}
    return Asker("zhangmin", role, cast(WorkPlace, kept), "console")
