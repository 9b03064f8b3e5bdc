"""One login for each role that people have, made anew: whoever tries the demo can be each of them."""

from datetime import UTC, datetime
from secrets import token_hex
from typing import Final, NamedTuple

from rich import box
from rich.table import Table

from consumers.labels.access import ROLES
from consumers.labels.words import words
from exchange.desk.accounts import open_accounts
from exchange.desk.asker import shell
from exchange.domain.access.may import WorkPlace
from exchange.runtime.city import City
from exchange.runtime.home import Home
from exchange.runtime.principals import ADMIN
from exchange.runtime.settings import load_settings
from topics.labels import Labels

LABELS: Final = Labels(__file__)
_COLUMNS: Final = LABELS.table("columns")
_DISPLAY_NAMES: Final = LABELS.table("display_names")
"""Made up."""
_NONE: Final = "–"


class DemoLogin(NamedTuple):
    """An account that the demo opened, and what its holder signs in with; ``totp``: None where none is."""

    role: str
    name: str
    password: str
    totp: str | None


def open_logins(place: Home, department: str) -> list[DemoLogin]:
    """Open an account for each role that people have, and return what they sign in with.

    Args:
        place: the home of the exchange.
        department: where those work who work for one.

    Raises:
        ExchangeError: a part does not answer.
    """
    settings = load_settings(place.root, ADMIN)
    desk, city, run = open_accounts(settings), settings.city, token_hex(2)
    made = []
    for role in city.accounts.people_a_day:
        name = f"{role}.{run}"
        where, called = _place(city, role, department), _DISPLAY_NAMES[role].zh
        handed = desk.create(name, role, where, shell("demo"), datetime.now(UTC), called)
        made.append(DemoLogin(role, name, handed.password or "", handed.totp))
    return made


def _place(city: City, role: str, department: str) -> WorkPlace:
    """Return where the holder works: for the first county and bank of the city, where that is asked for."""
    within, policy = city.access.roles[role].within, city.policy
    of_banks = next((one.decides for one in policy.matters if one.instance), department)
    place: WorkPlace = {
        "department": of_banks if "bank" in within else department,
        "county": next(iter(policy.city.county_names.values()), ""),
        "bank": next((one.name for one in policy.banks.known), ""),
    }
    return {name: value for name, value in place.items() if name in within}


def login_table(url: str, logins: list[DemoLogin]) -> Table:
    """Return the logins as a table, under the address where they are used."""
    title = f"\n{LABELS['title'].both('zh')}: {url}"
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for column in DemoLogin._fields:
        table.add_column(_COLUMNS[column].both("zh", "\n"), no_wrap=True)
    for one in logins:
        table.add_row(words(ROLES, one.role).both("zh"), one.name, one.password, one.totp or _NONE)
    table.caption = LABELS["keys"].both("zh", "\n")
    table.caption_justify = "left"
    return table
