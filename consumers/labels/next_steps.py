"""What has to be done next in a matter, in words for people."""

from collections.abc import Mapping
from typing import Final

from consumers.family.next_steps import FAMILY, NextStep
from consumers.labels.words import (
    MATERIAL_STATES,
    department_words,
    material_words,
    prerequisite_words,
    words,
)
from exchange.domain.policy import Policy
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
FAMILY_WORDS: Final = LABELS["family"]
BUT: Final = LABELS["but"]
OWED: Final = LABELS["owed"]
ASKS: Final[Mapping[str, Words]] = LABELS.table("asks")
STANDINGS: Final[Mapping[str, Words]] = LABELS.table("standings")


def acting_words(code: str, policy: Policy) -> Words:
    """Return who takes a step: a department, or the family."""
    return FAMILY_WORDS if code == FAMILY else department_words(code, policy)


def wanted_words(step: NextStep, policy: Policy) -> Words:
    """Return what is waited for, and how it stands if it came and does not count."""
    name = prerequisite_words(step["prerequisite"] or "", policy)
    stands = STANDINGS.get(step["standing"] or "")
    return BUT.filled(name=name, stands=stands) if stands else name


def owed_words(state: str, standing: str | None) -> Words:
    """Return how a material stands that is owed: what came and does not count is never called missing."""
    return STANDINGS.get(standing or "") or words(MATERIAL_STATES, state)


def material_step_words(step: NextStep, matter: int, policy: Policy) -> Words:
    """Return a material that is owed, and whether it is missing or its original has to be seen."""
    name = material_words(step["material"] or 0, policy, (matter,))
    state = owed_words("original_to_sight" if step["original"] else "missing", step["standing"])
    return OWED.filled(name=name, state=state)
