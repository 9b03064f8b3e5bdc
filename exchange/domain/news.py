"""What has come since a case was worked out: only what that can change is worked out anew."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass

from exchange.domain.form import Form
from exchange.domain.matters.views import MaterialView, MatterView
from exchange.domain.policy import Policy
from exchange.domain.records.findings import Facts
from verification.records import Record


@dataclass(frozen=True, slots=True)
class News:
    """The records that have come since, and what had been worked out of all others; nothing else changed.

    Attributes:
        came: The records.
        corrections: The ids of all records that correct another one.
        facts: What is known of the person now.
        facts_before: What was known without them.
        matters: How the matters stood.
        materials: How their materials stood.
        form: The form as it was filled.
    """

    came: tuple[Record, ...]
    corrections: Set[str]
    facts_before: Facts
    matters: tuple[MatterView, ...]
    materials: Mapping[int, tuple[MaterialView, ...]]
    form: Form

    def any_of(self, types: Collection[str]) -> bool:
        """Say whether a record of these types has come."""
        return any(one.type in types for one in self.came)

    def about(self, matter: int, policy: Policy) -> bool:
        """Say whether a record has come on which the matter's standing depends."""
        return any(self._is_on(one, matter, policy) for one in self.came)

    def asks_for(self, matter: int, policy: Policy) -> bool:
        """Say whether an application for the matter has come or was examined, or no longer is for it."""
        types = {"application", "examination"}
        return any(one.type in types and self._is_on(one, matter, policy) for one in self.came)

    def _is_on(self, record: Record, matter: int, policy: Policy) -> bool:
        """Say whether it is on the matter: a correction may be, by what it said before."""
        return record.record_id in self.corrections or policy.depends_on(record, matter)
