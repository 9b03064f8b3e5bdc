"""The form of annex 1 as it is filled in, and what disagrees in it: frozen values."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from verification.records import Record

ApplicationSection = Literal["applicant", "accounts"]
FormSection = Literal["deceased", "applicant", "accounts"]
FORM_SECTIONS: Final[tuple[FormSection, ...]] = ("deceased", "applicant", "accounts")
APPLICATION_SECTIONS: Final[tuple[ApplicationSection, ...]] = ("applicant", "accounts")
"""The sections of the form that differ between applications."""
APPLICANTS_DIFFER = "applicants_differ"
"""The rule of the conflict between two applicants."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A field of the form. ``source`` is None where there is no value.

    ``warnings`` are the codes of what is remarkable in the value. A word missing from its code list is shown
    as it was written, and the field is treated as if nothing had been stated.
    """

    value: str | None = dataclasses.field(repr=False)
    state: Literal["prefilled", "for_applicant", "conflict", "missing"]
    source: Record | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field on which records disagree, with each value and the record that has it.

    ``rule`` is the rule that is broken; ``decisive`` says whether matters are held until a handler decides.
    ``matter`` is None for a conflict about the person and not about one matter.
    """

    field: str
    values: tuple[tuple[str, Record], ...] = dataclasses.field(repr=False)
    rule: str
    decisive: bool
    matter: int | None = None
    instance: str | None = None


Form = Mapping[str, Mapping[str, Filled]]
