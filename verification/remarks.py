"""What is remarkable in a record's own values: damaged names, hardly possible times, words outside a list.

A function of the record alone, so that whoever has the record can find it again: acceptance for the receipt,
the case for all who see a value. What a remark comes to, and since when, is policy.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from avro_schemas.catalogue import Schemas
from verification.acceptance_rules import AFTER_THE_FIRST_WEEKS, AcceptanceRules, Earliest, RuleSet, Weight
from verification.code_lists import code_list
from verification.identity import NO_NUMBER, nobodys
from verification.names.faults import name_finding
from verification.reasons import HELD, REFUSED, WARNING, Reason, reason
from verification.records import Record
from verification.shapes import DEATHS, Field, field_at, fields_with, shape_of
from verification.stand_ins import rule_set_of, stand_in
from verification.times import read_event_time
from verification.watched_fields import NUMBERS, TIMES, is_watched, kind_of

UNLISTED: Final = "code_unlisted"
_IN_HEADER = ("id_number", "name", "recorded_at", "issuer_name", "certificate_no", "county")
"""What every record has and may have a remark."""
_HEIRS = "beneficiaries"
"""A will may favour a village or a charity (民法典 1133)."""
_ANY_DAY = Earliest()
_EIGHTEEN = 18
_FILLED_IN = ("1970-01-01", "1900-01-01")
"""Systems write these if they have no date; nothing is said about them where such days are usual."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is remarkable.

    Attributes:
        field: the path of the value, as a reason has it.
        rule_set: whose moment decides which of the two weights it has.
        weight: what it comes to from that moment on.
        code_before: the code under which it was refused before; empty where it was no hindrance.
        known: what may stand there, where that is to be said.
    """

    code: str
    field: str
    rule_set: RuleSet
    weight: Weight = WARNING
    code_before: str = ""
    known: str = ""

    def told(self, rules: AcceptanceRules, taken_at: datetime | None) -> tuple[Weight, Reason]:
        """What it comes to for a record that the log took then; None means that it is still at admission."""
        if rules.in_force(self.rule_set, taken_at):
            return self.weight, self._reason(self.code)
        if self.code_before:
            return REFUSED, self._reason(self.code_before)
        return WARNING, self._reason(self.code)

    def _reason(self, code: str) -> Reason:
        return reason(code, self.field, known=self.known)


def remarks(record: Record, rules: AcceptanceRules) -> tuple[Remark, ...]:
    """Everything remarkable, in the order of the schema; nearly always nothing."""
    header = {name: getattr(record, name) for name in _IN_HEADER}
    values = {**record.facts, **header}
    return tuple(_remarks("", _watched(record.type, rules.schemas), values, record, rules))


def codes_at(path: str, value: Any, record: Record, rules: AcceptanceRules) -> tuple[str, ...]:
    """The codes of what is remarkable in one value of a record, which stands at a dotted path."""
    found = _of_value(path, field_at(record.type, path, rules.schemas), value, record, rules)
    return tuple(dict.fromkeys(remark.code for remark in found))


def _remarks(
    path: str,
    fields: tuple[Field, ...],
    values: Mapping[str, Any],
    record: Record,
    rules: AcceptanceRules,
) -> Iterator[Remark]:
    for field in fields:  # all fields of a field that holds others: most are not names and cost little
        value = values.get(field.name)
        if value is not None:
            yield from _of_value(f"{path}{field.name}", field, value, record, rules)


def _of_value(
    path: str, field: Field, value: Any, record: Record, rules: AcceptanceRules
) -> Iterator[Remark]:
    if field.rule == "name":
        yield from _of_name(path, value, record, rules)
    elif field.rule == "id_number":
        if code := nobodys(value):
            yield Remark(code, path, "value_forms", REFUSED)
    elif field.rule in NUMBERS:
        yield from _of_numbers(path, field, value, rules)
    elif field.kind in TIMES:
        yield from _of_time(path, field, value, record, rules)
    elif field.rule.startswith("codes:"):
        yield from _of_word(path, field, value)
    elif kind := kind_of(field):
        yield from _of_texts(path, kind, value)
    elif field.item:
        for position, item in enumerate(value):
            yield from _remarks(f"{path}[{position}].", field.item.fields, item, record, rules)
    else:
        yield from _remarks(f"{path}.", field.fields, value, record, rules)


@cache
def _watched(record_type: str, schemas: Schemas) -> tuple[Field, ...]:
    """The fields that are looked at here, or hold such fields."""
    return fields_with(is_watched, shape_of(record_type, schemas).fields)


def _of_name(path: str, name: str, record: Record, rules: AcceptanceRules) -> Iterator[Remark]:
    """Only the name of the person the record is about can put it on hold: others do not say who it is."""
    found = name_finding(name)
    if found is None:
        return
    code, own = found.code, path == "name"
    if code == "name_is_office" and path.startswith(_HEIRS):
        return
    if own and code == "name_placeholder" and record.id_type == NO_NUMBER:
        return  # for an unknown body there is nothing else to write
    weight = rules.names.get(code, WARNING)
    named = own and shape_of(record.type, rules.schemas).names_person and record.action != "REVOKED"
    if weight == HELD and not named:
        weight = WARNING
    yield Remark(code, path, found.rule_set, weight)


def _of_time(path: str, field: Field, text: str, record: Record, rules: AcceptanceRules) -> Iterator[Remark]:
    if text < rules.unremarkable_from:
        yield from _of_early_time(path, field, text, rules)
    if path in DEATHS and _is_too_old(text, record, rules.oldest_age_years):
        yield Remark("age_doubtful", path, "times")


def _of_early_time(path: str, field: Field, text: str, rules: AcceptanceRules) -> Iterator[Remark]:
    bounds = rules.earliest.get(field.name) or rules.earliest.get("", _ANY_DAY)
    if _unit_is_wrong(field, text):
        yield Remark("time_unit_wrong", path, "times", REFUSED)
    elif text < bounds.refused_before:
        yield Remark("time_too_early", path, "times", REFUSED)
    elif text < bounds.doubtful_before:
        default = read_event_time(text).date.isoformat() in _FILLED_IN
        yield Remark("time_is_default" if default else "time_doubtful", path, "times")


def _unit_is_wrong(field: Field, text: str) -> bool:
    """Whether an instant in the first weeks of 1970 cannot be one that somebody has written down.

    Nothing was recorded then, and whoever wrote down the time of a death wrote it to the minute.
    """
    if not "1970-01-01" <= text < AFTER_THE_FIRST_WEEKS or "T" not in text:
        return False
    return field.kind == "instant" or not text.endswith(":00.000000Z")


def _is_too_old(died: str, record: Record, oldest_years: int | None) -> bool:
    born = _birth_date(record)
    if not born or oldest_years is None:
        return False
    return died >= f"{int(born[:4]) + oldest_years + 1}{born[4:]}"


def _birth_date(record: Record) -> str:
    """By the number if that tells it, else as stated; an ISO date or nothing."""
    number = record.id_number or ""
    if len(number) == _EIGHTEEN:
        return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    return str(record.facts.get("birth_date") or "")


def _of_numbers(path: str, field: Field, value: Any, rules: AcceptanceRules) -> Iterator[Remark]:
    """A number that is none of the policy's; what no policy ever counts from was refused at any time."""
    known = rules.numbers(field.rule)
    for place, number in _each(path, value):
        if number not in known:
            shown = ", ".join(map(str, sorted(known)))
            code = NUMBERS[field.rule]
            yield Remark(code, place, "numbers", REFUSED, code_before="" if number > 0 else code, known=shown)


def _of_texts(path: str, kind: str, value: Any) -> Iterator[Remark]:
    """What a spreadsheet or a database, or somebody who knew none, wrote in place of a value."""
    for place, text in _each(path, value):
        if found := stand_in(kind, text):
            yield Remark(found.code, place, rule_set_of(found.code), found.weight)


def _each(path: str, value: Any) -> Iterable[tuple[str, Any]]:
    """A value with its place, or those of a list with theirs."""
    if not isinstance(value, list | tuple):
        return ((path, value),)
    return ((f"{path}[{at}]", one) for at, one in enumerate(value))


def _of_word(path: str, field: Field, text: str) -> Iterator[Remark]:
    if text not in code_list(field.rule.removeprefix("codes:")).names:
        yield Remark(UNLISTED, path, "code_lists", WARNING, code_before="code_unknown")
