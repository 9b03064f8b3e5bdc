"""What families are told, in which words, and who may hear what: `situations.yaml`, read and checked."""

from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from consumers.labels.words import STATES
from topics.policy_file import read_policy

HERE = Path(__file__).with_name("situations.yaml")
Detail = Literal["name", "instance", "amount", "document", "reason"]


class _FamilyEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_FamilyEntry):
    """The same in both languages."""

    zh: str
    en: str


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

    @model_validator(mode="after")
    def _states_exist(self) -> Self:
        if unknown := set(self.states) - STATES.keys():
            raise ValueError(f"no such state: {', '.join(sorted(unknown))}")
        return self


class FamilyPolicy(_FamilyEntry):
    """The whole file; the first situation that fits a matter is its situation."""

    audiences: tuple[Audience, ...]
    situations: tuple[Situation, ...]
    source: str

    def audience(self, name: str) -> Audience | None:
        """Return an audience; None if the policy knows none of that name."""
        return next((one for one in self.audiences if one.audience == name), None)

    def situation_of(self, state: str, *, owing: bool) -> Situation | None:
        """Return what a state means; None for one that is not told, such as a matter that does not arise."""
        fits = (one for one in self.situations if state in one.states and (owing or not one.owing))
        return next(fits, None)


@cache
def load_family_policy(path: Path = HERE) -> FamilyPolicy:
    """Read and check the file.

    Raises:
        PolicyFileError: it says something unknown; the message names the line.
    """
    policy, _ = read_policy(path, FamilyPolicy)
    return policy
