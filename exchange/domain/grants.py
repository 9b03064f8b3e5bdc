"""What a department may be told of a matter, by the policy and by what has become of the matter."""

from typing import Final

from exchange.domain.policy import Policy

WITHDRAWN: Final = "SUSPENDED"
RECOVERY: Final = "RECOVERY"
DUE_SOON: Final = "DUE_SOON"
OVERDUE: Final = "OVERDUE"
REMINDERS: Final = frozenset({DUE_SOON, OVERDUE})
OF_WHOM_ALONE: Final = frozenset({WITHDRAWN, RECOVERY, *REMINDERS})
"""Announcements that take something back, or remind of something, say who it is about and nothing more."""


def granted(department: str, transition: str, policy: Policy) -> frozenset[str]:
    """Return the fields of the form that a department may see in such an announcement; none by default."""
    fields = policy.grants.get(department, frozenset())
    return fields & policy.identity if transition in OF_WHOM_ALONE else fields


def shows_materials(reader: str, transition: str, policy: Policy) -> bool:
    """Say whether a department or another reader sees in such an announcement how materials stand."""
    return reader in policy.shown_materials and transition not in OF_WHOM_ALONE
