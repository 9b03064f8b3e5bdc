"""What stands around every page: who is there, what they can go to, and how they like to read."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, NamedTuple, get_args

from consumers.labels.access import ROLES
from consumers.labels.words import words
from exchange.console.pages.addresses import Addresses
from exchange.console.pages.naming import Naming
from exchange.desk.asker import APPLICANT, AT_WINDOW, HOTLINE, Asker
from exchange.desk.people_shown import PeopleToday
from exchange.domain.access.may import WorkPlace
from exchange.domain.policy import Policy
from topics.labels import LANGUAGES, Labels, Language, Words

LABELS: Final = Labels(__file__)
_NAV_WORDS: Final = LABELS.table("nav")
Theme = Literal["auto", "light", "dark"]
TextSize = Literal["normal", "large"]
_SEPARATOR: Final = "."


class NavItem(NamedTuple):
    """A way to a page: who may do the action is shown it; of a page for one role, that role alone."""

    action: str
    path: str
    name: str
    role: str = ""


NAV: Final = (
    NavItem("queue", "/workbench", "workbench"),
    NavItem("queue", "/queue", "queue"),
    NavItem("search", "/find", "find"),
    NavItem("acknowledge", "/recalls", "recalls"),
    NavItem("hand_out", "/handovers", "handovers"),
    NavItem("read_progress", "/family", "family", APPLICANT),
    NavItem("read_progress", "/hotline", "hotline", HOTLINE),
    NavItem("read_statistics", "/statistics", "statistics"),
    NavItem("supplement", "/supplement", "supplement"),
    NavItem("read_quarantine", "/parts", "parts"),
    NavItem("read_quarantine", "/quarantine", "quarantine"),
    NavItem("manage_accounts", "/accounts", "accounts"),
    NavItem("manage_credentials", "/credentials", "credentials"),
)
"""Whoever adds a screen adds its way here, and its name to `nav` in frame.yaml."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """How somebody likes to read; kept in a cookie, which says nothing of anybody."""

    language: Language = "zh"
    theme: Theme = "auto"
    size: TextSize = "normal"
    keys: bool = True
    """Whether single keys do something; they can be switched off (WCAG 2.1.4)."""

    def as_text(self) -> str:
        """Return what the cookie holds."""
        return _SEPARATOR.join((self.language, self.theme, self.size, "keys" if self.keys else "none"))

    def changed(self, wanted: "dict[str, str]") -> "Preferences":
        """Return the preferences with those that a form names; what it names and there is not, stays."""
        known = {name: value for name, value in wanted.items() if value in _CHOICES.get(name, ())}
        keys = {"keys": wanted["keys"] == "on"} if "keys" in wanted else {}
        return replace(self, **known, **keys)  # type: ignore[arg-type]


_CHOICES: Final[dict[str, Collection[str]]] = {
    "language": LANGUAGES,
    "theme": get_args(Theme),
    "size": get_args(TextSize),
}


def read_preferences(text: str) -> Preferences:
    """Return what a cookie says; nothing else is trusted in it."""
    language, theme, size, keys, *_ = *text.split(_SEPARATOR), "", "", "", ""
    wanted = {"language": language, "theme": theme, "size": size, "keys": "on" if keys != "none" else ""}
    return Preferences().changed(wanted)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is there.

    Attributes:
        asker: as the desk knows them.
        actions: what their role may do.
        people: how many people they were shown today; None where nobody counts.
    """

    asker: Asker
    actions: frozenset[str]
    people: PeopleToday | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """All that a page needs besides its own values.

    Attributes:
        policy: the city's rules.
        addresses: make links.
        preferences: how the reader likes it.
        today: in Asia/Shanghai.
        here: the address of this page, to which a change of language comes back.
        visitor: who is there; None before the sign-in.
    """

    policy: Policy
    addresses: Addresses
    preferences: Preferences
    today: date
    here: str
    visitor: Visitor | None = None

    @property
    def naming(self) -> Naming:
        """Return what names things for the reader."""
        return Naming(self.policy, self.preferences.language, self.today)

    @property
    def city(self) -> Words:
        """Return what the city is called."""
        return Words(self.policy.city.name.zh, self.policy.city.name.en)

    @property
    def role(self) -> Words:
        """Return what the visitor's role is called."""
        role = self.visitor.asker.role if self.visitor else ""
        return words(ROLES, role)

    @property
    def workplace(self) -> str:
        """Return the department, bank and county within which the visitor is kept, as far as they are."""
        kept, naming, counties = self.kept, self.naming, self.policy.city.county_names
        named = (
            naming.department(kept["department"]) if "department" in kept else "",
            naming.bank(kept["bank"]) if "bank" in kept else "",
            counties.get(kept["county"], kept["county"]) if "county" in kept else "",
        )
        return naming.listed(filter(None, named))

    @property
    def kept(self) -> WorkPlace:
        """Return what the visitor is kept within; nothing before the sign-in."""
        return self.visitor.asker.kept_within if self.visitor else {}

    @property
    def by_code(self) -> bool:
        """Say whether the visitor has no account, so no name, but the code on a receipt."""
        return self.visitor is not None and self.visitor.asker.role == APPLICANT

    def may(self, action: str) -> bool:
        """Say whether the visitor's role may do something at all."""
        return self.visitor is not None and action in self.visitor.actions

    @property
    def at_window(self) -> bool:
        """Say whether the visitor works at the window."""
        return self.may(AT_WINDOW)

    def nav(self) -> Iterator[tuple[str, Words]]:
        """Yield where the visitor can go: address and name."""
        for item in NAV:
            if self.may(item.action) and item.role in {"", self.visitor and self.visitor.asker.role}:
                yield self.addresses.page(item.path), _NAV_WORDS[item.name]
