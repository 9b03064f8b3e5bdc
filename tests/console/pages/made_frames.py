"""Frames of made-up visitors."""

from datetime import date

from exchange.console.pages.addresses import Addresses
from exchange.console.pages.frame import Frame, Preferences, Visitor
from exchange.desk.asker import Asker
from exchange.desk.people_shown import PeopleToday
from exchange.domain.access.may import WorkPlace
from exchange.domain.policy import Policy
from exchange.runtime.city import City
from topics.labels import Language

CITY = City()
TODAY = date(2026, 3, 31)
PEOPLE = PeopleToday(7, 300)


def frame(
    role: str = "window_clerk",
    kept_within: WorkPlace | None = None,
    language: Language = "zh",
    here: str = "/console/queue",
    people: PeopleToday | None = PEOPLE,
    policy: Policy = CITY.policy,
) -> Frame:
    """The frame of somebody who has signed in; the console lies under a path."""
    asker = Asker("zhoumin", role, kept_within or {}, "console")
    actions = frozenset(CITY.access.roles[role].may)
    return Frame(
        policy,
        Addresses("/console"),
        Preferences(language),
        TODAY,
        here,
        Visitor(asker, actions, people),
    )


def before_sign_in(language: Language = "zh") -> Frame:
    """The frame of whoever has not."""
    return Frame(CITY.policy, Addresses("/console"), Preferences(language), TODAY, "/console/sign-in")
