"""Prefills the form of annex 1: every field with its value, its state and the record that it comes from."""

import dataclasses
import json
from collections.abc import Iterator, Mapping, Set
from functools import cache
from typing import Any

from exchange.domain.form import Conflict, Filled, Form
from exchange.domain.matters.applications import is_same_person
from exchange.domain.news import News
from exchange.domain.policy import Policy
from exchange.domain.policy_files.conditions import holds, value_at
from exchange.domain.policy_files.models import MONEY_MATTERS, FormField
from exchange.domain.records.findings import ByType, Facts, Value, found_right
from exchange.domain.values import recording
from verification.characters import is_blank, spelling
from verification.code_lists import name_of
from verification.long_numbers import shown_name
from verification.names.faults import name_fault
from verification.numbers import is_icd10
from verification.records import Record
from verification.remarks import UNLISTED, codes_at
from verification.times import local_text, read_event_time

Sources = tuple[str, ...]
YES, NO = "是", "否"
EMPTY = {"missing": Filled(None, "missing"), "for_applicant": Filled(None, "for_applicant")}


def prefill(facts: Facts, policy: Policy, news: News | None = None) -> Form:
    """Fill every field that has a source; what proofs contradict each other on stays empty until settled.

    Args:
        facts: What is known of the person.
        policy: The fields.
        news: What has come since they were filled; without it, all are.
    """
    torn = {
        _field(one.rule.field, policy).from_
        for one in facts.judged
        if one.open and one.holds not in {None, MONEY_MATTERS}
    }
    right = {
        _field(field, policy).from_: value
        for field in {one.rule.field for one in facts.judged if one.right}
        for value in found_right(one for one in facts.judged if one.rule.field == field)
    }

    @cache
    def records_for(block: str | None) -> ByType:
        return _one_record(policy.blocks[block], facts.in_force) if block else facts.in_force

    return {
        section: {
            name: news.form[section][name]
            if news and not news.any_of(policy.read_for_field[section, name])
            else _field_value(field, torn, right, records_for(field.block), policy)
            for name, field in fields.items()
        }
        for section, fields in policy.form.items()
    }


def prefill_each(facts: Facts, form: Form, policy: Policy) -> tuple[tuple[Record, Form], ...]:
    """Return every application in force with the form filled for it alone, the first recorded first.

    Args:
        facts: What is known of the person.
        form: The form as `prefill` fills it; if there is only one application, this is its form.
        policy: The form's fields.
    """
    asked = sorted(facts.in_force.get("application", ()), key=recording)
    if len(asked) < 2:
        return tuple((one, form) for one in asked)
    return tuple(
        (one, prefill(dataclasses.replace(facts, in_force={**facts.in_force, "application": (one,)}), policy))
        for one in asked
    )


def _field_value(
    field: FormField, torn: Set[Sources], right: Mapping[Sources, Value], records: ByType, policy: Policy
) -> Filled:
    if field.from_ in torn:
        return Filled(None, "conflict")
    if value := right.get(field.from_):
        return _filled(field, value.text, value.record, policy)
    return _fill(field, records, policy)


def _field(name: str, policy: Policy) -> FormField:
    section, _, field = name.partition(".")
    return policy.form[section][field]


def open_conflicts(facts: Facts) -> tuple[Conflict, ...]:
    """Return what records disagree on and nobody has settled."""
    return tuple(
        Conflict(
            one.rule.field,
            tuple((local_text(value.text), value.record) for value in one.clashing),
            one.rule.rule,
            decisive=one.holds is not None,
        )
        for one in facts.judged
        if one.open
    )


def _one_record(fields: tuple[FormField, ...], records: ByType) -> ByType:
    """Return the one record that fills a block: the first that fills any of it, best source first."""
    for record_type in dict.fromkeys(name for field in fields for name, _ in field.sources):
        for record in records.get(record_type, ()):
            one: ByType = {record_type: (record,)}
            if any(True for field in fields for _ in _candidates(field, field.sources, one)):
                return one
    return {}


def _fill(field: FormField, records: ByType, policy: Policy) -> Filled:
    found = None if field.record_types.isdisjoint(records) else _best(field, records)
    return _filled(field, *found, policy) if found else EMPTY[field.otherwise]


def _best(field: FormField, records: ByType) -> tuple[Any, Record] | None:
    """Return the value of the best source; for names, the best that is not damaged, if there is one."""
    found = _candidates(field, field.sources, records)
    first = next(found, None)
    if first is None or not field.holds_name or name_fault(first[0]) is None:
        return first
    return next((one for one in found if name_fault(one[0]) is None), first)


def _filled(field: FormField, value: Any, record: Record, policy: Policy) -> Filled:
    if not field.remarkable or record.type not in field.path_of:
        return Filled(_shown(field, value), "prefilled", record)
    warnings = codes_at(field.path_of[record.type], value, record, policy.acceptance)
    state = field.otherwise if UNLISTED in warnings else "prefilled"
    return Filled(_shown(field, value), state, record, warnings)


def _candidates(
    field: FormField, sources: tuple[tuple[str, str], ...], records: ByType
) -> Iterator[tuple[Any, Record]]:
    for record_type, implied in field.implied_by.items():
        yield from ((implied, record) for record in records.get(record_type, ()))
    for record_type, path in sources:
        condition = field.only_if.get(record_type)
        for record in records.get(record_type, ()):
            value = _of_interest(field, value_at(record, path), records)
            if not _blank(value) and (condition is None or holds(condition, record)):
                yield value, record


def _of_interest(field: FormField, value: Any, records: ByType) -> Any:
    """Return what of a source's value the field may hold; None if it says nothing of that."""
    if field.yes_for_icd10:
        code = spelling(value or "").upper()
        among = code.startswith(field.yes_for_icd10)
        return (YES if among else NO) if is_icd10(code) else None
    if field.of_applicant:
        applicants = [one.facts["applicant"] for one in records.get("application", ())[:1]]
        return [one for one in value or () if any(is_same_person(one, who) for who in applicants)] or None
    return value


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and is_blank(value))


def _shown(field: FormField, value: Any) -> str:
    if field.holds_name:
        return shown_name(value)
    if field.code_list:
        return name_of(field.code_list, value) or str(value)
    if field.event_time:
        return local_text(value)
    if field.date_only:
        return read_event_time(value).date.isoformat()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
