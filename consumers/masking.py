"""Masks what a reader may see only with a reason: numbers of persons, cards and telephones.

Which fields these are is policy (`form.yaml`, `sensitive: true`); a field that the policy does not know is
masked too.
"""

from collections.abc import Mapping
from typing import Any

from exchange.domain.documents import Document
from exchange.domain.policy import Policy
from verification.reasons import mask


def is_sensitive(field: str, policy: Policy) -> bool:
    """Say whether a field, named as `section.name`, is masked."""
    section, _, name = field.partition(".")
    known = policy.form.get(section, {}).get(name)
    return known is None or known.sensitive


def masked_case(document: Document, policy: Policy) -> Document:
    """Return the case with every sensitive value of its form and its conflicts masked."""
    form = {
        section: masked_fields({f"{section}.{name}": field for name, field in fields.items()}, policy)
        for section, fields in document["form"].items()
    }
    return {
        **document,
        "form": {
            section: {name.partition(".")[2]: field for name, field in fields.items()}
            for section, fields in form.items()
        },
        "conflicts": [_masked_conflict(conflict, policy) for conflict in document["conflicts"]],
    }


def masked_fields(fields: Mapping[str, Document], policy: Policy) -> dict[str, Document]:
    """Return fields, named `section.name`, with the sensitive values masked."""
    return {
        name: {**field, "value": _masked(field["value"])} if is_sensitive(name, policy) else field
        for name, field in fields.items()
    }


def _masked_conflict(conflict: Document, policy: Policy) -> Document:
    if not is_sensitive(conflict["field"], policy):
        return conflict
    values = [{**entry, "value": _masked(entry["value"])} for entry in conflict["values"]]
    return {**conflict, "values": values}


def _masked(value: Any) -> str | None:
    return None if value is None else mask(value)
