"""A record of a type that a city has added: its schema says what may stand in it, and no code knows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from stdnum.iso7064 import mod_11_10

from avro_schemas.lint import HEADER_FIELDS
from exchange.domain.policy import Policy
from producers.sample.asked import known_conditions
from producers.sample.clerk import Clerk, SampleLine
from producers.sample.holdings import before_2026
from producers.sample.people import Person
from verification.code_lists import code_list
from verification.shapes import Field, shape_of

FIRST_DAY: Final = date(2010, 1, 1)
"""What such a record dates lies between this day and 2025."""
_DAYS: Final = 5000


def own_types(clerk: Clerk, person: Person) -> list[SampleLine]:
    """One record of each type of the city's own about the person, such as the matters are for."""
    return [_RecordMaker(clerk, person).line(name) for name in sorted(clerk.policy.schemas.own)]


@dataclass(frozen=True, slots=True)
class _RecordMaker:
    """Writes what a schema asks for about one person."""

    clerk: Clerk
    person: Person

    @property
    def policy(self) -> Policy:
        return self.clerk.policy

    @property
    def department(self) -> str:
        return self.policy.matters[0].decides

    @property
    def day(self) -> str:
        return (FIRST_DAY + timedelta(days=self.clerk.rng.randint(0, _DAYS))).isoformat()

    def line(self, record_type: str) -> SampleLine:
        schemas = self.policy.schemas
        own = self._object(shape_of(record_type, schemas).fields[HEADER_FIELDS:])
        for matter in self.policy.matters:
            if matter.applies.record == record_type:
                own |= known_conditions(matter)
        if schemas.schema(record_type).get("topic_per_department"):
            own["department"] = self.department
        return self.clerk.line(record_type, self.person, before_2026(self.clerk), **own)

    def _object(self, fields: tuple[Field, ...]) -> dict[str, Any]:
        return {field.name: self._value(field) for field in fields}

    def _value(self, field: Field) -> Any:
        if field.item:
            return [self._value(field.item)]
        if field.kind == "record":
            return self._object(field.fields)
        if field.rule.startswith("codes:"):
            return self.clerk.pick(sorted(code_list(field.rule.removeprefix("codes:")).codes))
        if field.kind == "enum":
            return self.clerk.pick(sorted(field.symbols))
        return _BY_RULE[field.rule](self) if field.rule else self.clerk.chance(0.5)


def _routing_no(maker: _RecordMaker) -> str:
    body = maker.clerk.digits(11)
    return f"{body}{mod_11_10.calc_check_digit(body)}"


_BY_RULE: Final[Mapping[str, Callable[[_RecordMaker], Any]]] = {
    "uuid": lambda maker: maker.clerk.record_id(),
    "id_number": lambda maker: maker.person.number,
    "name": lambda maker: maker.person.name,
    "uscc": lambda _: "91620500439150008B",
    "bank_routing_no": _routing_no,
    "bank_card": lambda maker: maker.clerk.card_no(),
    "phone": lambda maker: f"139{maker.clerk.digits(8)}",
    "sha256": lambda maker: f"{maker.clerk.rng.getrandbits(256):064x}",
    "icd10": lambda _: "I21.9",
    "percent": lambda maker: maker.clerk.rng.randint(0, 100),
    "count": lambda maker: maker.clerk.rng.randint(1, 9),
    "money_fen": lambda maker: maker.clerk.fen(0, 60_000),
    "matter": lambda maker: maker.policy.matters[0].matter,
    "material_kind": lambda maker: next(iter(maker.policy.materials)),
    "department": lambda maker: maker.department,
    "date": lambda maker: maker.day,
    "event_time": lambda maker: maker.day,
    "instant": lambda maker: f"{maker.day}T09:00:00+08:00",
    "text": lambda maker: f"样本{maker.clerk.digits(4)}",
}
"""Rule of a field → what stands there; the rules are those that a record's values may have."""
