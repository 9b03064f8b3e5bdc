"""Where the made-up people of the sample live and die: `sample.yaml`, read and checked."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from topics.policy_file import no_such, read_policy
from verification.numbers import is_uscc

SAMPLE: Final = "sample.yaml"
CITY: Final = "{city}"

Names = Annotated[tuple[str, ...], Field(min_length=1)]


class _SampleEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Company(_SampleEntry):
    """A company, with a code whose check character is right."""

    name: str
    uscc: str

    @field_validator("uscc")
    @classmethod
    def _checks(cls, value: str) -> str:
        if not is_uscc(value):
            raise ValueError(f"{value} is no unified social credit code: the last character checks the rest")
        return value


class Bank(Company):
    """A bank with a branch in the city."""

    routing_no: Annotated[str, Field(pattern="^[0-9]{12}$")]


class Numbering(_SampleEntry):
    """How offices number what they issue: `{year}` is a year, each `#` a digit."""

    death_certificate: str
    police_case: str
    judgment: str
    cremation: str
    deed: str
    result: str


class SampleWindow(_SampleEntry):
    """What the demo's city has in ``window`` of ``matters.yaml`` instead of what stands there.

    Its values are checked where that file is.
    """

    examine_first: tuple[str, ...]
    examine_since: str


class SamplePlaces(_SampleEntry):
    """``sample.yaml``; the city's name stands in place of `{city}`, which the validation's context gives."""

    districts: Annotated[dict[Annotated[str, Field(pattern="^[0-9]{6}$")], str], Field(min_length=1)]
    burying_district: str
    address: str
    hospitals: Names
    clinic: str
    homes: Names
    abnormal_places: Names
    funeral_homes: Names
    stations: Names
    roads: Names
    employers: Names
    notaries: Names
    courts: Names
    windows: Names
    handlers: Names
    companies: Annotated[tuple[Company, ...], Field(min_length=2)]
    banks: Annotated[tuple[Bank, ...], Field(min_length=3)]
    numbers: Numbering
    window: SampleWindow | None = None

    @model_validator(mode="before")
    @classmethod
    def _in_the_city(cls, value: Any, info: ValidationInfo[str]) -> Any:
        return _named(value, info.context)

    @field_validator("burying_district")
    @classmethod
    def _district_exists(cls, value: str, info: ValidationInfo[str]) -> str:
        districts = info.data.get("districts", {value: ""})
        if value not in districts:
            raise ValueError(no_such("district", value, districts))
        return value

    def district(self, at: int) -> str:
        """Return the code of a district by its place; after the last comes the first again."""
        return tuple(self.districts)[at % len(self.districts)]


def _named(value: Any, city: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _named(one, city) for key, one in value.items()}
    if isinstance(value, list):
        return [_named(one, city) for one in value]
    return value.replace(CITY, city) if isinstance(value, str) else value


@cache
def load_sample_places(path: Path, city: str) -> SamplePlaces:
    """Read and check the file.

    Args:
        path: of the file.
        city: what the city is called in Chinese.

    Raises:
        PolicyFileError: it says something that cannot be; the message names the line.
    """
    places, _ = read_policy(path, SamplePlaces, city)
    return places
