"""The made-up person whose records decide the matters of a city; each number is valid and nobody's.

What is published in the life of a matter follows from its section of the policy: which record decides whether
it applies, which other data it waits for, and what ends it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from random import Random
from typing import Any, Final

from avro_schemas.lint import HEADER_FIELDS
from exchange.domain.policy import Policy
from exchange.domain.policy_files.models import Matter
from exchange.runtime.city import City
from producers.sample.asked import known_conditions
from producers.sample.clerk import BEIJING, Clerk
from producers.sample.own_types import own_types
from producers.sample.people import Register, number_of
from tools.pages.transitions.steps import GivenRecord

NUMBER: Final = number_of("620502", date(1948, 3, 12), 24)
OTHER_NUMBER: Final = number_of("620503", date(1951, 7, 30), 37)
PERMIT: Final = number_of("810000", date(1960, 5, 6), 14)
"""The permit of a woman from Hong Kong, who has no hukou."""
NAME, STRANGER, BANK = "李秀兰", "赵冬生", "甘肃银行"
LIVING: Final = datetime(2025, 12, 1, 9, tzinfo=BEIJING)
"""When the records of the living were made."""
CERTIFIED: Final = datetime(2026, 3, 3, 9, tzinfo=BEIJING)
"""When the first record is made that a living person does not have."""
OF_THE_LIVING: Final = frozenset({"deciding", "otherwise", "deed", "known"})
DIED, ANOTHER_DAY = "2026-03-01T08:00:00+08:00", "2026-02-28T08:00:00+08:00"
HEIR: Final = {"name": "王小明", "id_number": number_of("620503", date(1975, 6, 1), 71)}

_CREMATION: Final = {
    "death_time": DIED,
    "cremation_time": "2026-03-02T15:00:00+08:00",
    "cremation_place": "殡仪馆",
}
_OF_TYPE: Final[Mapping[str, Mapping[str, Any]]] = {
    "notary": {"kind": "WILL", "deed_no": "公证1号"},
    "social_insurance": {
        "scheme": "EMPLOYEE_PENSION",
        "receiving_benefit": True,
        "account_balance_fen": 100,
    },
    "medical_insurance": {"scheme": "EMPLOYEE", "account_balance_fen": 100},
    "provident_fund": {"account_no": "0938", "balance_fen": 100, "status": "SEALED"},
    "bank_deposit": {"bank_name": BANK, "account_no_tail": "0001", "balance_fen": 100},
    "driving_licence": {"licence_no": NUMBER, "status": "VALID"},
    "equity": {},
    "cremation": _CREMATION,
    "hukou_cancellation": {"cancelled_at": "2026-03-02", "death_time": DIED},
}
"""Own fields of the shipped types that may decide a matter or end it; those of a city's own are made up."""
_OF_ALL: Final[Mapping[str, GivenRecord]] = {
    "proof": ("death_certificate", {"death_time": DIED, "death_cause": "脑出血"}),
    "police_proof": ("abnormal_death", {"death_time": DIED, "case_no": "公〔2026〕7号"}),
    "declaration": ("death_declaration", {"declared_death_date": "2026-03-01", "judgment_no": "民特1号"}),
    "contradiction": ("abnormal_death", {"death_time": ANOTHER_DAY, "case_no": "公〔2026〕8号"}),
    "acknowledgement": ("acknowledgement", {"handler": "值班员"}),
    "stranger": ("equity", {"name": STRANGER}),
}


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """What may be published in the life of one matter: name → record type and own fields.

    ``instance`` is which bank, vehicle or the like it is about, where the matter exists once for each.
    """

    city: City
    matter: int
    records: Mapping[str, GivenRecord]
    instance: str | None = None


@cache
def plan_of(number: int, city: City) -> RecordPlan:
    """Return the records of a matter; those that it has no use for are left out."""
    policy = city.policy
    matter = policy.by_number[number]
    records = {**_OF_ALL, **_of_family_and_handler(matter, policy)}
    decides, others = _needed(matter, policy)
    own = {**_own_fields(decides, city), **known_conditions(matter)} if decides else {}
    named = (
        next((own[name] for name in matter.instance.named_by if own.get(name)), None)
        if matter.instance
        else None
    )
    if set(policy.death.established_by).isdisjoint(
        matter.done_by.record
    ):  # else the proof itself completes it
        records |= _results(matter, city, named)
    if others:
        records["deed"] = (others[0], _own_fields(others[0], city))
    if not decides:
        return RecordPlan(city, number, {**records, "known": ("equity", {})})
    records["deciding"] = (decides, own)
    if otherwise := dict(_otherwise(matter)):
        records["otherwise"] = (decides, {**own, **otherwise})
    return RecordPlan(city, number, records, named and (policy.banks.instance_of(named) or named))


def _needed(matter: Matter, policy: Policy) -> tuple[str | None, list[str]]:
    """Return the type of record that decides whether the matter applies, and what it waits for besides."""
    wanted = [policy.prerequisites[name].any_record for name in matter.prerequisites]
    data = [types for types in wanted if types and set(types).isdisjoint(policy.death.established_by)]
    decides = matter.applies.record or (matter.instance.record if matter.instance else None)
    if decides is None and data:
        return data[0][0], [types[0] for types in data[1:]]
    return decides, [types[0] for types in data if decides not in types]


def _otherwise(matter: Matter) -> Iterator[tuple[str, Any]]:
    """Yield what makes the deciding record say that the matter does not apply: no word of an enum does."""
    for field, wanted in {**(matter.applies.where or {}), **(matter.applies.together or {})}.items():
        if isinstance(wanted, bool):
            yield field, not wanted
        elif isinstance(wanted, Mapping) and "above" in wanted:
            yield field, wanted["above"]


@cache
def _own_fields(record_type: str, city: City) -> Mapping[str, Any]:
    if record_type in _OF_TYPE:
        own, known = _OF_TYPE[record_type], city.policy.banks.known
        return {**own, "bank_name": known[0].name} if known and "bank_name" in own else own
    rng, schemas = Random(16), city.policy.schemas  # noqa: S311 - made-up data, not a secret
    common = {field["name"] for field in schemas.schema(record_type)["fields"][:HEADER_FIELDS]}
    made = own_types(Clerk(rng, city.sample, city.policy), Register(rng, city.sample).resident())
    records = (line["record"] for line in made if line["type"] == record_type)
    return {name: value for name, value in next(records, {}).items() if name not in common}


def _of_family_and_handler(matter: Matter, policy: Policy) -> dict[str, GivenRecord]:
    numbers = list(policy.by_number)
    another = numbers[(numbers.index(matter.matter) + 1) % len(numbers)]
    return {
        "application": ("application", {"applicant": HEIR, "matters": [matter.matter]}),
        "without_it": ("application", {"applicant": HEIR, "matters": [another]}),
        "decision": ("decision", {"matter": matter.matter, "handler": "综窗03", "reason": "核实"}),
        "elsewhere": ("decision", {"matter": another}),
    }


def _results(matter: Matter, city: City, named: str | None) -> dict[str, GivenRecord]:
    about = {"matter": matter.matter, "department": matter.decides, **({"instance": named} if named else {})}
    done: GivenRecord = ("result", {**about, "outcome": "COMPLETED"})
    if matter.done_by.record:
        record_type = matter.done_by.record[0]
        done = (record_type, {**_own_fields(record_type, city), **(matter.done_by.where or {})})
    return {
        "accepted": ("result", {**about, "outcome": "ACCEPTED"}),
        "rejected": ("result", {**about, "outcome": "REJECTED", "reason": "材料不全"}),
        "done": done,
    }
