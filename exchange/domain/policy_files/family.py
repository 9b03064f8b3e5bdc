"""What families are told, in which words, and who may hear what: `situations.yaml`, read and checked."""

from collections.abc import Collection
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from exchange.domain.matters.views import MatterState
from exchange.domain.policy_files.models import Text
from topics.policy_file import no_such

SITUATIONS: Final = "situations.yaml"
DONE: Final = "done"
BRING: Final = "bring"
Detail = Literal["name", "instance", "amount", "document", "reason", "answer", "enquiry", "appointment"]
Ask = Literal[
    "apply",
    "apply_early",
    "apply_again",
    "bring",
    "bring_along",
    "correct",
    "choose",
    "name_bank",
    "way_out",
    "other_way",
]
"""What only the family can do."""
Count = Annotated[int, Field(ge=0, le=1_200)]
"""At most a hundred years of months: what is longer leaves the calendar."""


class _FamilyEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Audience(_FamilyEntry):
    """Somebody who asks how a case stands, and the details that they may see beyond its progress."""

    audience: str
    term: str
    may_see: tuple[Detail, ...]
    roles: frozenset[str] = frozenset()
    """Of access.yaml: whoever has one of them asks as this audience alone."""
    source: str


class ToldLooks(_FamilyEntry):
    """Which looks at its case a family is told of: those by these roles, for these actions of access.yaml."""

    roles: frozenset[str]
    actions: frozenset[str]
    source: str


class Situation(_FamilyEntry):
    """What a state means to a family; with `asks`, only if the family is asked for one of these.

    `owing: true` is how files of earlier versions say `asks: [bring, correct]`.
    """

    situation: str
    states: tuple[str, ...]
    asks: tuple[Ask, ...] = ()
    owing: bool = False
    heading: Text
    next: Text

    @field_validator("states")
    @classmethod
    def _states_exist(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for state in value:
            if state not in get_args(MatterState):
                raise ValueError(no_such("state of a matter", state, get_args(MatterState)))
        return value

    def fits(self, state: str, asked: Collection[str]) -> bool:
        """Say whether a matter in this state, of which this is asked of the family, is in the situation."""
        wanted = self.asks or (("bring", "correct") if self.owing else ())
        return state in self.states and (not wanted or any(one in asked for one in wanted))


class LawfulDeadline(_FamilyEntry):
    """By when the law has the family act in a matter.

    Counted from the day of the death, in months or in working days; with neither the text alone says it. It
    is told until the family has applied, `also_afterwards` until the matter is done.
    """

    matters: tuple[int, ...]
    months: Count = 0
    working_days: Count = 0
    also_afterwards: bool = False
    text: Text
    source: str


class OtherWay(_FamilyEntry):
    """What the family can do where a matter does not apply; without matters, for all others."""

    matters: tuple[int, ...] = ()
    text: Text
    source: str


class Note(_FamilyEntry):
    """What the family should know of these matters, as long as they may be applied for or are under way."""

    matters: Annotated[tuple[int, ...], Field(min_length=1)]
    text: Text
    source: str


class FamilyPolicy(_FamilyEntry):
    """The whole file; the first situation that fits a matter is its situation."""

    audiences: tuple[Audience, ...]
    situations: tuple[Situation, ...]
    deadlines: tuple[LawfulDeadline, ...] = ()
    ways_out: tuple[OtherWay, ...] = ()
    notes: tuple[Note, ...] = ()
    overdue: Text | None = None
    looks: ToldLooks | None = None
    source: str

    @field_validator("audiences", "situations")
    @classmethod
    def _none_stands_twice(cls, value: tuple[Audience | Situation, ...]) -> tuple[Audience | Situation, ...]:
        names = [one.audience if isinstance(one, Audience) else one.situation for one in value]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"{twice} stands here twice")
        return value

    @field_validator("situations")
    @classmethod
    def _there_is_done_and_bring(cls, value: tuple[Situation, ...]) -> tuple[Situation, ...]:
        """The page counts what is in the first, and lists the materials below the second."""
        for wanted in (DONE, BRING):
            if wanted not in {one.situation for one in value}:
                raise ValueError(f"there must be a situation {wanted}: the family's page is made by it")
        return value

    def audience(self, name: str) -> Audience | None:
        """Return an audience; None if the policy knows none of that name."""
        return next((one for one in self.audiences if one.audience == name), None)

    def situation_of(self, state: str, asked: Collection[str]) -> Situation | None:
        """Return what a state means; None for one that is not told, such as a matter that does not arise."""
        return next((one for one in self.situations if one.fits(state, asked)), None)

    def way_out_of(self, matter: int) -> Text | None:
        """Return what the family can do where a matter does not apply; its own words before the general."""
        fitting = [one for one in self.ways_out if not one.matters or matter in one.matters]
        own = sorted(fitting, key=lambda one: not one.matters)
        return own[0].text if own else None
