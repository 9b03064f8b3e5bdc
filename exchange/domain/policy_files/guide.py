"""What the guide says of each matter that no other file says: `guide.yaml`, read and checked."""

from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from exchange.domain.policy_files.models import Name, Number, Text
from topics.policy_file import PolicyFinding, error_at, no_such, read_policy
from topics.yaml_text import line_of

GUIDE: Final = "guide.yaml"


class _GuideEntry(BaseModel):
    """An entry; null is what the city has still to fill in, and ``assumed`` names what it has to check."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    assumed: tuple[str, ...] = ()
    source: Name

    @model_validator(mode="after")
    def _assumed_is_said(self) -> Self:
        said = [name for name, value in self if value is not None and name not in {"assumed", "source"}]
        for name in self.assumed:
            if name not in said:
                raise ValueError(no_such("field that is filled in", name, said))
        return self

    @property
    def to_fill(self) -> tuple[str, ...]:
        """The fields that are null."""
        return tuple(name for name, value in self if value is None)


class Counter(_GuideEntry):
    """Where people are served, and how they ask."""

    where: Text
    when: Text | None
    telephone: Name | None
    online: Text | None
    url: Annotated[str, Field(pattern=r"^https://[^\s]+$")] | None


class MatterGuide(_GuideEntry):
    """What is done in a matter on which condition, who is responsible, by name or post, and which counter."""

    matter: Number
    standard: Text
    person: Text | None
    counter: str


class GuideSteps(BaseModel):
    """The way from the application to the result."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Text
    source: Name


class GuidePolicy(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: GuideSteps
    counters: dict[str, Counter]
    guides: tuple[MatterGuide, ...]
    source: Name

    @field_validator("guides")
    @classmethod
    def _each_stands_once_and_has_a_counter(
        cls, value: tuple[MatterGuide, ...], info: ValidationInfo
    ) -> tuple[MatterGuide, ...]:
        numbers, counters = [one.matter for one in value], info.data.get("counters")
        for one in value:
            if counters is not None and one.counter not in counters:
                raise ValueError(f"matter {one.matter}: {no_such('counter', one.counter, counters)}")
            if numbers.count(one.matter) > 1:
                raise ValueError(f"matter {one.matter} stands here twice")
        return value

    def of(self, matter: int) -> MatterGuide | None:
        """Return what the file says of a matter; None where the city has not come to it."""
        return next((one for one in self.guides if one.matter == matter), None)


def load_guide(path: Path, matters: Collection[int]) -> GuidePolicy:
    """Read the guide, and check it against the numbers of the matters.

    Raises:
        PolicyFileError: it is of a matter that there is not, or says something unknown.
    """
    guide, text = read_guide(path)
    for at, one in enumerate(guide.guides):
        if one.matter not in matters:
            message = no_such("matter", one.matter, matters)
            raise error_at(path, text, ("guides", at, "matter"), message)
    return guide


@cache
def read_guide(path: Path) -> tuple[GuidePolicy, str]:
    """Read the guide, whatever the matters are, and its text.

    Raises:
        PolicyFileError: it says something unknown.
    """
    return read_policy(path, GuidePolicy)


def guide_warnings(path: Path, matters: Collection[int]) -> Iterator[PolicyFinding]:
    """Yield what is left to the city: what is null, what is assumed, and matters of which nothing is said."""
    guide, text = read_guide(path)
    entries: list[tuple[tuple[str | int, ...], _GuideEntry]] = [
        *((("counters", name), one) for name, one in guide.counters.items()),
        *((("guides", at), one) for at, one in enumerate(guide.guides)),
    ]
    for keys, entry in entries:
        told = [(name, "to be filled in by the city") for name in entry.to_fill]
        told += [(name, "assumed: to be checked, then taken out of `assumed`") for name in entry.assumed]
        for name, problem in told:
            place = (*keys, name)
            yield PolicyFinding(path.name, line_of(text, place), f"{'.'.join(map(str, place))}: {problem}")
    for number in matters:
        if guide.of(number) is None:
            yield PolicyFinding(path.name, line_of(text, ("guides",)), f"guides: nothing of matter {number}")
