"""What families are told, in which words, and who may hear what: `situations.yaml`, read and checked."""

from typing import Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, field_validator

from exchange.domain.matters.views import MatterState
from exchange.domain.policy_files.models import Text
from topics.policy_file import no_such

SITUATIONS: Final = "situations.yaml"
DONE: Final = "done"
BRING: Final = "bring"
Detail = Literal["name", "instance", "amount", "document", "reason", "answer"]


class _FamilyEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Audience(_FamilyEntry):
    """Somebody who asks how a case stands, and the details that they may see beyond its progress."""

    audience: str
    term: str
    may_see: tuple[Detail, ...]
    source: str


class Situation(_FamilyEntry):
    """What a state means to a family; with `owing`, only if the family owes a material."""

    situation: str
    states: tuple[str, ...]
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


class FamilyPolicy(_FamilyEntry):
    """The whole file; the first situation that fits a matter is its situation."""

    audiences: tuple[Audience, ...]
    situations: tuple[Situation, ...]
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

    def situation_of(self, state: str, *, owing: bool) -> Situation | None:
        """Return what a state means; None for one that is not told, such as a matter that does not arise."""
        fits = (one for one in self.situations if state in one.states and (owing or not one.owing))
        return next(fits, None)
