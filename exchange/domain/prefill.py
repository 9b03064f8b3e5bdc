"""Prefills the form of annex 1: every field with its value, its state and the record that it comes from."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from exchange.domain.conditions import holds, value_at
from exchange.domain.facts import ByType, Facts
from exchange.domain.policy import Policy
from exchange.domain.policy_models import FormField
from verification.code_lists import name_of
from verification.records import Record
from verification.times import local_text, read_event_time


@dataclass(frozen=True, slots=True)
class Filled:
    """A field of the form. ``source`` is None where there is no value."""

    value: str | None = dataclasses.field(repr=False)
    state: Literal["prefilled", "for_applicant", "conflict", "missing"]
    source: Record | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field on which records disagree, with each value and the record that has it."""

    field: str
    values: tuple[tuple[str, Record], ...] = dataclasses.field(repr=False)


Form = Mapping[str, Mapping[str, Filled]]


def prefill(facts: Facts, policy: Policy) -> tuple[Form, tuple[Conflict, ...]]:
    """Fill every field that has a source; where the sources disagree, all fields fed by them stay empty."""
    conflicts = tuple(
        conflict
        for section, fields in policy.form.items()
        for name, field in fields.items()
        if field.must_agree_on_date and (conflict := _conflict(f"{section}.{name}", field, facts))
    )
    torn = {
        policy.form[section][name].from_
        for conflict in conflicts
        for section, name in (conflict.field.split(".", 1),)
    }
    blocks = {name: _one_record(fields, facts.in_force) for name, fields in policy.blocks.items()}
    form = {
        section: {
            name: Filled(None, "conflict")
            if field.from_ in torn
            else _fill(field, blocks[field.block] if field.block else facts.in_force)
            for name, field in fields.items()
        }
        for section, fields in policy.form.items()
    }
    return form, conflicts


def _one_record(fields: tuple[FormField, ...], records: ByType) -> ByType:
    """Return the one record that fills a block: the first, best source first, that fills any of it."""
    for record_type in dict.fromkeys(name for field in fields for name, _ in field.sources):
        for record in records.get(record_type, ()):
            one: ByType = {record_type: (record,)}
            if any(True for field in fields for _ in _candidates(field, field.sources, one)):
                return one
    return {}


def _fill(field: FormField, records: ByType) -> Filled:
    for value, record in _candidates(field, field.sources, records):
        return Filled(_shown(field, value), "prefilled", record)
    return Filled(None, field.otherwise)


def _candidates(
    field: FormField, sources: tuple[tuple[str, str], ...], records: ByType
) -> Iterator[tuple[Any, Record]]:
    for record_type, path in sources:
        for record in records.get(record_type, ()):
            value = value_at(record, path)
            if not _blank(value) and holds(field.only_if.get(record_type, {}), record):
                yield value, record


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _shown(field: FormField, value: Any) -> str:
    if field.code_list:
        return name_of(field.code_list, value) or str(value)
    if field.event_time:
        return local_text(value)
    if field.date_only:
        return read_event_time(value).date.isoformat()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _conflict(name: str, field: FormField, facts: Facts) -> Conflict | None:
    found = tuple(_candidates(field, field.agreeing, facts.live))
    if len(found) < 2 or len({read_event_time(value).date for value, _ in found}) < 2:
        return None
    return Conflict(name, tuple((_shown(field, value), record) for value, record in found))
