"""Masks what a reader may see only with a reason: numbers of persons, cards and telephones.

Which fields these are is policy (`form.yaml`, `sensitive: true`); a field that the policy does not know is
masked too. In what a handler wrote, every long number is.
"""

from collections.abc import Mapping
from typing import Any

from avro_schemas.catalogue import Document
from exchange.domain.form import APPLICATION_SECTIONS
from exchange.domain.policy import Policy
from verification.long_numbers import IN_WORDS, without_numbers
from verification.reasons import mask


def is_sensitive(field: str, policy: Policy) -> bool:
    """Say whether a field, named as `section.name`, is masked."""
    section, _, name = field.partition(".")
    known = policy.form.get(section, {}).get(name)
    return known is None or known.sensitive


def masked_case(document: Document, policy: Policy) -> Document:
    """Return the case with all sensitive values masked: form, applications, conflicts, decisions, results."""
    return {
        **document,
        "form": {
            section: _masked_section(section, fields, policy) for section, fields in document["form"].items()
        },
        "applications": [
            {**one, **{name: _masked_section(name, one[name], policy) for name in APPLICATION_SECTIONS}}
            for one in document["applications"]
        ],
        "conflicts": [_masked_conflict(conflict, policy) for conflict in document["conflicts"]],
        "decisions": [
            {**decision, "reason": masked_text(decision["reason"])} for decision in document["decisions"]
        ],
        "matters": [
            {**matter, "results": [masked_result(result) for result in matter["results"]]}
            for matter in document["matters"]
        ],
    }


def masked_result(result: Document) -> Document:
    """Return a department's result with the long numbers in its reason masked."""
    return {**result, "reason": result["reason"] and masked_text(result["reason"])}


def _masked_section(section: str, fields: Mapping[str, Document], policy: Policy) -> Document:
    masked = masked_fields({f"{section}.{name}": field for name, field in fields.items()}, policy)
    return {name.partition(".")[2]: field for name, field in masked.items()}


def masked_fields(fields: Mapping[str, Document], policy: Policy) -> dict[str, Document]:
    """Return fields, named `section.name`, with the sensitive values masked."""
    return {
        name: {**field, "value": _masked(field["value"])} if is_sensitive(name, policy) else field
        for name, field in fields.items()
    }


def masked_text(text: str) -> str:
    """Return what somebody wrote in words of their own, with the long numbers in it masked."""
    return without_numbers(text, IN_WORDS)


def _masked_conflict(conflict: Document, policy: Policy) -> Document:
    if not is_sensitive(conflict["field"], policy):
        return conflict
    values = [{**entry, "value": _masked(entry["value"])} for entry in conflict["values"]]
    return {**conflict, "values": values}


def _masked(value: Any) -> str | None:
    return None if value is None else mask(value)
