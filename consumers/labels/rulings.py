"""What is owed, what is in doubt and what handlers decided, in Chinese and in English."""

from collections.abc import Mapping
from typing import Final

from consumers.labels.remarks import REMARKS
from consumers.labels.words import words
from exchange.domain.form import APPLICANTS_DIFFER
from exchange.domain.policy import Policy
from topics.labels import Labels, Words
from verification.acceptance_rules import FAULTS

LABELS: Final = Labels(__file__)
TASK_KINDS: Final[Mapping[str, Words]] = LABELS.table("task_kinds")
TASK_STATES: Final[Mapping[str, Words]] = LABELS.table("task_states")
DECISION_KINDS: Final[Mapping[str, Words]] = LABELS.table("decision_kinds")
STANDINGS: Final[Mapping[str, Words]] = LABELS.table("standings")
HOLDS: Final[Mapping[str, Words]] = {**LABELS.table("holds"), **{code: REMARKS[code] for code in FAULTS}}
"""Why a record is put aside until a handler has decided."""


def conflict_words(rule: str, policy: Policy) -> Words:
    """Return the name of the rule that records break; that names must agree is not a rule of the policy."""
    if rule == APPLICANTS_DIFFER:
        return Words(policy.applicants_differ.term, policy.applicants_differ.english)
    for known in policy.conflicts:
        if known.rule == rule:
            return Words(known.term, known.english)
    return words(HOLDS, rule)
