"""What acceptance takes from the city's policy, and since when its newer rules hold."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final, Literal, get_args

from avro_schemas.catalogue import SHIPPED, Schemas

Weight = Literal["refused", "held", "warning"]
Fault = Literal[
    "name_damaged",
    "name_is_number",
    "name_placeholder",
    "name_escaped",
    "name_misread",
    "name_with_digits",
    "name_with_gaps",
    "name_with_more",
    "name_is_office",
    "name_is_value",
    "name_with_lookalikes",
]
"""What can be wrong with a name; only one of these is told for each name."""
FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)
RuleSet = Literal[
    "names",
    "times",
    "code_lists",
    "characters",
    "name_words",
    "name_looks",
    "name_spoken",
    "numbers",
    "stand_ins",
    "name_roles",
    "value_forms",
    "name_values",
    "name_notes",
]
Era = Literal["first", "dots_unseen", "now"]
"""How text is read: as at first; by the one list of what is seen, but with a name of dots empty; as today."""
RULE_SETS: Final[tuple[RuleSet, ...]] = get_args(RuleSet)

AFTER_THE_FIRST_WEEKS: Final = "1970-03-01"
"""Present-day seconds or milliseconds that are taken for microseconds, and empty values, fall before it."""


@dataclass(frozen=True, slots=True)
class Earliest:
    """The first days of a field, ISO dates; empty if any day is possible.

    Attributes:
        refused_before: no such thing can have happened earlier.
        doubtful_before: anything earlier is so rare that somebody should look.
    """

    refused_before: str = ""
    doubtful_before: str = ""


@dataclass(frozen=True)
class AcceptanceRules:
    """What acceptance takes from the city's policy, which lives higher up.

    Attributes:
        deciders: number of a matter → the departments that may publish its results.
        materials: the kinds of material that there are.
        since: set of newer rules → from when on its refusals hold for what the log takes.
        names: fault of a name → what it comes to; one that is not there is a warning.
        earliest: field → its first days; the field "" stands for all others.
        oldest_age_years: a death at a greater age is looked at again.
        schemas: the record types that there are.
    """

    deciders: Mapping[int, frozenset[str]]
    materials: frozenset[int] = frozenset()
    since: Mapping[RuleSet, datetime] = field(default_factory=dict)
    names: Mapping[Fault, Weight] = field(default_factory=dict)
    earliest: Mapping[str, Earliest] = field(default_factory=dict)
    oldest_age_years: int | None = None
    schemas: Schemas = SHIPPED

    def numbers(self, rule: str) -> Collection[int]:
        """The numbers that there are, of matters or of kinds of material, by the rule of a schema's field."""
        return self.materials if rule == "material_kind" else self.deciders.keys()

    @cached_property
    def unremarkable_from(self) -> str:
        """The ISO day from which no time of any field is too early; nearly all records lie after it."""
        days = (day for one in self.earliest.values() for day in (one.refused_before, one.doubtful_before))
        return max(AFTER_THE_FIRST_WEEKS, *days)

    def era(self, taken_at: datetime | None) -> Era:
        """How text is read in what the log took then."""
        if not self.in_force("characters", taken_at):
            return "first"
        return "now" if self.in_force("name_words", taken_at) else "dots_unseen"

    def in_force(self, rule_set: RuleSet, taken_at: datetime | None) -> bool:
        """Whether a set's rules hold for what the log took then; at admission (None) they always do.

        What the log took before that stays taken: a rebuild accepts it again, with a warning.
        """
        since = self.since.get(rule_set)
        return taken_at is None or since is None or taken_at >= since
