"""What forms ask, what may be chosen and what has changed, in Chinese and in English."""

import re
from typing import Any, Final

from consumers.labels.rulings import DECISION_KINDS
from consumers.labels.words import for_people, material_words, matter_words, record_words, words
from exchange.desk.actions.applications import ORIGINALS
from exchange.desk.actions.drawn import FormQuestion
from exchange.domain.policy import Policy
from topics.labels import Labels, Words
from verification.reasons import Reason
from verification.shapes import field_at

LABELS: Final = Labels(__file__)
PARTS: Final = LABELS.table("parts")
"""The parts of a case on which forms rest."""
_ORIGINALS: Final = LABELS["originals_sighted"]
_ALL: Final = LABELS["all"]
CODES: Final = LABELS.table("codes")
_PLACE: Final = re.compile(r"\[\d+\]")
_MATERIALS: Final = frozenset({"materials", ORIGINALS})


def question_words(record_type: str, path: str, policy: Policy) -> Words:
    """Return what is asked: in Chinese as the schema says, in English as the field is called."""
    if path == ORIGINALS:
        return _ORIGINALS
    doc = field_at(record_type, path, policy.schemas).doc
    part = path.rpartition(".")[0]
    outer = field_at(record_type, part, policy.schemas).doc.partition(":")[0] if part else ""
    term, name = doc.partition(":")[0], path.replace(".", " ").replace("_", " ")
    return Words(f"{outer}·{term}" if outer else term, name)


def field_words(record_type: str, field: str, policy: Policy) -> Words:
    """Return what a reason's field is called, of a list without the place in it; one unknown, itself."""
    try:
        return question_words(record_type, _PLACE.sub("", field), policy)
    except (KeyError, StopIteration):
        return Words(field, field)


def reason_words(reason: Reason, record_type: str, policy: Policy) -> Words:
    """Return what is said of something that cannot stand; its field is called by its name in words."""
    name = field_words(record_type, reason.field, policy) if reason.field else Words("", "")
    if name.zh == reason.field:
        return Words(reason.message_zh, reason.message_en)
    # Chinese has spaces beside a code, and none between words.
    zh = re.sub(f" ?{re.escape(reason.field)} ?", name.zh, reason.message_zh)
    return Words(zh, reason.message_en.replace(reason.field, name.en))


def choice_words(asked: FormQuestion, value: str, policy: Policy) -> Words:
    """Return a choice that is no record: a matter or a material by its name, a code by its words."""
    if asked.name in _MATERIALS:
        return material_words(int(value), policy)
    if asked.name in {"matter", "matters"}:
        return matter_words(int(value), policy)
    return words(CODES, value)


def subject_words(name: str, value: Any, policy: Policy) -> Words:
    """Return one part of what a form may be about; none of it means all there are."""
    if value is None:
        return _ALL
    if name == "kind":
        return DECISION_KINDS.get(value) or record_words(value, policy)
    if name == "matter":
        return matter_words(value, policy)
    return Words(for_people(value), for_people(value))
