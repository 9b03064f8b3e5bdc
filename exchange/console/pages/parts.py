"""Values of the parts of which screens are made (`parts.j2`)."""

from collections.abc import Collection
from datetime import date
from typing import Final, Literal, NamedTuple

from avro_schemas.typed_documents import CaseDocument, RecordEntryDocument
from consumers.labels.words import MATERIAL_STATES, STATES, material_words, words
from exchange.domain.policy import Policy
from topics.labels import Words

READY: Final = "READY"
OWED_MATERIALS: Final = ("missing", "original_to_sight")
"""States of a material that somebody still has to bring, the most urgent first."""
SOON_WORKING_DAYS: Final = 3
DueKind = Literal["over", "today", "soon", "later", "paused"]


class DueView(NamedTuple):
    """How the limit of a matter stands.

    Attributes:
        kind: past, today, within three working days, later; or paused.
        day: the last day, while the limit runs.
        days: working days until then, or since then; of a paused limit what is left. None: not known.
    """

    kind: DueKind
    day: date | None
    days: int | None


def proofs_of_death(document: CaseDocument, policy: Policy) -> list[RecordEntryDocument]:
    """Return the records in force by which the death is established."""
    known = policy.death.established_by
    return [one for one in document["records"] if one["in_force"] and one["type"] in known]


def due_of(day: date | None, days_left: int | None) -> DueView | None:
    """Return how a limit stands; None: there is none.

    Args:
        day: its last day, while it runs.
        days_left: working days until then, below 0 after it; of a paused limit, what is left.
    """
    if day is None:
        return None if days_left is None else DueView("paused", None, days_left)
    if days_left is None:
        return DueView("later", day, None)
    return DueView(_kind(days_left), day, abs(days_left))


def _kind(days_left: int) -> DueKind:
    if days_left < 0:
        return "over"
    if days_left == 0:
        return "today"
    return "soon" if days_left <= SOON_WORKING_DAYS else "later"


def state_words(code: str) -> Words:
    """Return a state of a matter in words."""
    return words(STATES, code)


def material_state_words(code: str) -> Words:
    """Return how a material stands, in words."""
    return words(MATERIAL_STATES, code)


def stand_in(kind: int, supplied: Collection[int], policy: Policy) -> Words | None:
    """Return which of the materials that were handed in does for one too, as policy says; None: none."""
    other = next((one for one in policy.materials[kind].or_materials if one in supplied), None)
    return None if other is None else material_words(other, policy)
