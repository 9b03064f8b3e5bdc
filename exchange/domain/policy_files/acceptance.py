"""The shape of ``acceptance.yaml``: what acceptance lets pass, and from when on."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from avro_schemas.catalogue import Schemas
from topics.catalogue import Catalogue
from topics.policy_file import no_such
from verification.acceptance_rules import AcceptanceRules, Earliest, Fault, RuleSet, Weight
from verification.shapes import shape_of
from verification.watched_fields import TIMES


class _AcceptanceEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FirstDays(_AcceptanceEntry):
    """The first days of some fields; an entry that names none is for all fields not named elsewhere."""

    fields: tuple[str, ...]
    refused_before: date | None = None
    doubtful_before: date | None = None
    source: str

    @field_validator("fields")
    @classmethod
    def _fields_are_times(cls, value: tuple[str, ...], info: ValidationInfo[Catalogue]) -> tuple[str, ...]:
        schemas = info.context.schemas
        shapes = (shape_of(name, schemas) for name in schemas.record_types)
        known = {one.name for shape in shapes for one in shape.fields if one.kind in TIMES}
        for name in value:
            if name not in known:
                raise ValueError(no_such("time of a record", name, sorted(known)))
        return value


class AcceptanceFile(_AcceptanceEntry):
    """``acceptance.yaml``."""

    rules_since: dict[RuleSet, AwareDatetime] = Field(default_factory=dict)
    names: dict[Fault, Weight] = Field(default_factory=dict)
    names_source: str
    earliest: tuple[FirstDays, ...]
    oldest_age_years: Annotated[int, Field(gt=0)]
    oldest_age_source: str

    def completed_by(self, shipped: "AcceptanceFile") -> "AcceptanceFile":
        """Return the file with the entries that it leaves out taken from the shipped one."""
        rules_since = {**shipped.rules_since, **self.rules_since}
        return self.model_copy(update={"rules_since": rules_since, "names": {**shipped.names, **self.names}})


def acceptance_rules(
    file: AcceptanceFile,
    deciders: Mapping[int, frozenset[str]],
    materials: Iterable[int],
    schemas: Schemas,
) -> AcceptanceRules:
    """Return the file as acceptance takes it."""
    return AcceptanceRules(
        deciders=deciders,
        materials=frozenset(materials),
        since=file.rules_since,
        names=file.names,
        earliest={name: _earliest(one) for one in file.earliest for name in one.fields or ("",)},
        oldest_age_years=file.oldest_age_years,
        schemas=schemas,
    )


def _earliest(one: FirstDays) -> Earliest:
    return Earliest(_text(one.refused_before), _text(one.doubtful_before))


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
