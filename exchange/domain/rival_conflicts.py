"""What rival amendments disagree on, field by field, as a handler compares them side by side."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from avro_schemas.catalogue import Schemas
from exchange.domain.form import Conflict
from exchange.domain.identity.persons import Persons
from exchange.domain.policy import Policy
from exchange.domain.records.document_versions import Versions, is_revoked
from exchange.domain.records.rivals import AMENDMENTS_DIFFER
from exchange.domain.values import recording
from verification.characters import spelling
from verification.long_numbers import shown_name
from verification.names.keys import name_key
from verification.records import Record
from verification.shapes import EVENT_TIME, field_at, shape_of
from verification.times import local_text

Values = list[tuple[str, Record]]
NAMED = ("id_number", "name", "county", "issuer_name", "issuer_uscc", "certificate_no")
"""The fields common to all records, beside those of a record's own type."""


def rival_conflicts(persons: Persons, policy: Policy) -> tuple[Conflict, ...]:
    """Return every field on which amendments of one revision and one moment disagree."""
    torn = [
        versions for versions in persons.documents if not is_revoked(versions) and _is_torn(versions, persons)
    ]
    found: dict[str, Values] = defaultdict(list)
    words = persons.rivals
    for versions in sorted(torn, key=lambda one: recording(one[-1].record)):
        rivals = [e.record for e in versions if e.record.record_id in words]
        for path, values in _differing(rivals or [versions[-1].record], policy.schemas):
            found[_field(versions[-1].record.type, path, policy)] += values
    return tuple(
        Conflict(field, tuple(values), AMENDMENTS_DIFFER, decisive=True) for field, values in found.items()
    )


def _is_torn(versions: Versions, persons: Persons) -> bool:
    return AMENDMENTS_DIFFER in persons.held.get(versions[-1].record.record_id, ())


def _differing(rivals: list[Record], schemas: Schemas) -> Iterator[tuple[str, Values]]:
    """Yield each path with what every rival says there; a lone one's rival is in another number's case."""
    if len(rivals) == 1:
        yield "id_number", [(rivals[0].id_number or "", rivals[0])]
        return
    rivals = sorted(rivals, key=recording)
    said = [_said(record, schemas) for record in rivals]
    for path in dict.fromkeys(path for one in said for path in one):
        values = [one.get(path, "") for one in said]
        compared = name_key if path == "name" else spelling
        if len(set(map(compared, values))) > 1:
            shown = map(shown_name, values) if _is_name(rivals[0].type, path, schemas) else values
            yield path, list(zip(shown, rivals, strict=True))


def _is_name(record_type: str, path: str, schemas: Schemas) -> bool:
    return field_at(record_type, path, schemas).rule == "name"


def _said(record: Record, schemas: Schemas) -> dict[str, str]:
    """Map the path of everything that a record says to its text, event times in Asia/Shanghai."""
    fields = shape_of(record.type, schemas).fields
    times = {field.name for field in fields if field.kind == EVENT_TIME}
    own = dict(_leaves("", record.facts))
    said = {path: local_text(text) if path in times else text for path, text in own.items()}
    return {**{name: getattr(record, name) or "" for name in NAMED}, **said}


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(f"{path}.{name}" if path else name, inner)
    else:
        yield path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _field(record_type: str, path: str, policy: Policy) -> str:
    """Return the form's field that takes its value from there; the record's own where the form has none."""
    for section, fields in policy.form.items():
        for name, field in fields.items():
            if (record_type, path) in field.sources:
                return f"{section}.{name}"
    return f"{record_type}.{path}"
