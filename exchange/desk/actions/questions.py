"""Questions as the schemas have their fields: how an answer is typed, and what may be chosen."""

from dataclasses import replace
from typing import Any, Final

from exchange.desk.actions.drawn import FormQuestion, QuestionKind
from exchange.domain.policy import Policy
from verification.shapes import Field, field_at

SENSITIVE: Final = frozenset({"id_number", "phone", "bank_card"})
"""The rules of what nobody should read over a shoulder."""
_KINDS: Final[dict[str, QuestionKind]] = {"enum": "one", "boolean": "yes_no", "list": "texts"}


def question(record_type: str, path: str, policy: Policy, **more: Any) -> FormQuestion:
    """Return the question for a field of a record; ``more`` is what the schema does not say of it."""
    field = field_at(record_type, path, policy.schemas)
    known = FormQuestion(path, _kind(field), tuple(sorted(field.symbols)), field.required)
    return replace(known, sensitive=field.rule in SENSITIVE, **more)


def questions_of_part(record_type: str, part: str, policy: Policy) -> tuple[FormQuestion, ...]:
    """Return the questions for all fields of a part of a record, in the order of the schema."""
    fields = field_at(record_type, part, policy.schemas).fields
    return tuple(question(record_type, f"{part}.{one.name}", policy) for one in fields)


def _kind(field: Field) -> QuestionKind:
    return "fen" if field.rule == "money_fen" else _KINDS.get(field.kind, "text")
