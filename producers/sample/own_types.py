"""A record of a type that a city has added: its schema says what may stand in it, and no code knows it."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from stdnum.iso7064 import mod_11_10

from avro_schemas.lint import HEADER_FIELDS
from exchange.domain.policy import Policy
from producers.sample.clerk import Clerk, SampleLine
from producers.sample.holdings import before_2026
from producers.sample.people import Person
from verification.code_lists import code_list
from verification.shapes import Field, shape_of

FIRST_DAY: Final = date(2010, 1, 1)
"""What such a record dates lies between this day and 2025."""
_DAYS: Final = 5000


def own_types(clerk: Clerk, person: Person, policy: Policy) -> list[SampleLine]:
    """One record of each type of the city's own about the person."""
    return [_line(clerk, person, name, policy) for name in sorted(policy.schemas.own)]


def _line(clerk: Clerk, person: Person, record_type: str, policy: Policy) -> SampleLine:
    own = _object(clerk, person, shape_of(record_type, policy.schemas).fields[HEADER_FIELDS:])
    if policy.schemas.schema(record_type).get("topic_per_department"):
        own["department"] = policy.matters[0].decides
    return clerk.line(record_type, person, before_2026(clerk), **own)


def _object(clerk: Clerk, person: Person, fields: tuple[Field, ...]) -> dict[str, Any]:
    return {field.name: _value(clerk, person, field) for field in fields}


def _value(clerk: Clerk, person: Person, field: Field) -> Any:
    if field.item:
        return [_value(clerk, person, field.item)]
    if field.fields and field.kind == "record":
        return _object(clerk, person, field.fields)
    if field.rule.startswith("codes:"):
        return clerk.pick(sorted(code_list(field.rule.removeprefix("codes:")).codes))
    if field.kind == "enum":
        return clerk.pick(sorted(field.symbols))
    make = _BY_RULE.get(field.rule)
    return make(clerk, person) if make else clerk.chance(0.5)


def _day(clerk: Clerk, _: Person) -> str:
    return (FIRST_DAY + timedelta(days=clerk.rng.randint(0, _DAYS))).isoformat()


def _routing_no(clerk: Clerk, _: Person) -> str:
    body = clerk.digits(11)
    return f"{body}{mod_11_10.calc_check_digit(body)}"


_BY_RULE: Final[Mapping[str, Callable[[Clerk, Person], Any]]] = {
    "uuid": lambda clerk, _: clerk.record_id(),
    "id_number": lambda _, person: person.number,
    "name": lambda _, person: person.name,
    "uscc": lambda *_: "91620500439150008B",
    "bank_routing_no": _routing_no,
    "bank_card": lambda clerk, _: clerk.card_no(),
    "phone": lambda clerk, _: f"139{clerk.digits(8)}",
    "sha256": lambda clerk, _: f"{clerk.rng.getrandbits(256):064x}",
    "icd10": lambda *_: "I21.9",
    "percent": lambda clerk, _: clerk.rng.randint(0, 100),
    "count": lambda clerk, _: clerk.rng.randint(1, 9),
    "money_fen": lambda clerk, _: clerk.fen(0, 60_000),
    "matter": lambda *_: 1,
    "material_kind": lambda *_: 1,
    "department": lambda *_: None,
    "date": _day,
    "event_time": _day,
    "instant": lambda clerk, person: f"{_day(clerk, person)}T09:00:00+08:00",
    "text": lambda clerk, _: f"样本{clerk.digits(4)}",
}
"""Rule of a field → what stands there; the rules are those that a record's values may have."""
