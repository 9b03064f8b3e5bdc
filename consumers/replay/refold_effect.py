"""What a refold would change, counted from what a verification has found."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from avro_schemas.catalogue import Document
from consumers.replay import compared_content
from consumers.replay.differences import Difference


@dataclass(frozen=True)
class RefoldEffect:
    """How many cases, matters and departments a change of the rules reaches.

    Args:
        differences: between what the log comes to by the present rules and what is there.
    """

    differences: tuple[Difference, ...]

    @cached_property
    def case_ids(self) -> tuple[str, ...]:
        """The cases to be worked out anew, sorted."""
        return tuple(sorted({one.case_id for one in self._cases}))

    @cached_property
    def matters(self) -> int:
        """How many of their matters change, as far as the verification has named fields."""
        return sum(one.matters for one in self._cases)

    @cached_property
    def complete(self) -> bool:
        """Whether every case has been looked into; if not, more matters change than are counted."""
        return all(one.fields or one.missing for one in self._cases)

    @cached_property
    def announcements(self) -> int:
        """How much departments are told anew, withdrawals included."""
        return len(self._told)

    @cached_property
    def departments(self) -> tuple[str, ...]:
        """Codes of the departments that are told, sorted."""
        return tuple(sorted({one.name.split("/")[1] for one in self._told}))

    def row(self) -> Document:
        """Return it as `exchange refold --json` prints it."""
        return {
            "cases": len(self.case_ids),
            "matters": self.matters,
            "all_cases_looked_into": self.complete,
            "departments": list(self.departments),
            "announcements": self.announcements,
        }

    @property
    def _cases(self) -> Iterable[Difference]:
        return [one for one in self.differences if one.what == compared_content.CASE]

    @cached_property
    def _told(self) -> tuple[Difference, ...]:
        return tuple(one for one in self.differences if one.what == compared_content.STANDING)
