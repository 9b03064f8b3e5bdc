"""The made-up person whose records decide the twelve matters; each number is valid and nobody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from exchange.runtime.city import City
from producers.sample.clerk import BEIJING
from producers.sample.people import number_of
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

_DEED: Final = ("notary", {"kind": "WILL", "deed_no": "公证1号"})
_PENSION: Final = {"scheme": "EMPLOYEE_PENSION", "receiving_benefit": True, "account_balance_fen": 100}
_DECIDING: Final[Mapping[int, GivenRecord]] = {
    4: ("social_insurance", _PENSION),
    5: ("social_insurance", _PENSION),
    6: ("social_insurance", {**_PENSION, "scheme": "RESIDENT_PENSION"}),
    7: ("medical_insurance", {"scheme": "EMPLOYEE", "account_balance_fen": 100}),
    8: ("provident_fund", {"account_no": "0938", "balance_fen": 100, "status": "SEALED"}),
    10: ("bank_deposit", {"bank_name": BANK, "account_no_tail": "0001", "balance_fen": 100}),
    11: ("driving_licence", {"licence_no": NUMBER, "status": "VALID"}),
    12: _DEED,
}
_OTHERWISE: Final[Mapping[str, Mapping[str, Any]]] = {
    "social_insurance": {"receiving_benefit": False},
    "medical_insurance": {"account_balance_fen": 0},
    "provident_fund": {"balance_fen": 0},
    "bank_deposit": {"balance_fen": 0},
}
"""What makes the deciding record say that the matter does not apply; a licence or a deed cannot."""
_CREMATION: Final = {
    "death_time": DIED,
    "cremation_time": "2026-03-02T15:00:00+08:00",
    "cremation_place": "天水市殡仪馆",
}
_DONE: Final[Mapping[int, GivenRecord]] = {
    2: ("cremation", _CREMATION),
    3: ("hukou_cancellation", {"cancelled_at": "2026-03-02", "death_time": DIED}),
    11: ("driving_licence", {"licence_no": NUMBER, "status": "CANCELLED"}),
}
_OF_ALL: Final[Mapping[str, GivenRecord]] = {
    "proof": ("death_certificate", {"death_time": DIED, "death_cause": "脑出血"}),
    "police_proof": ("abnormal_death", {"death_time": DIED, "case_no": "天公〔2026〕7号"}),
    "declaration": ("death_declaration", {"declared_death_date": "2026-03-01", "judgment_no": "民特1号"}),
    "contradiction": ("abnormal_death", {"death_time": ANOTHER_DAY, "case_no": "天公〔2026〕8号"}),
    "acknowledgement": ("acknowledgement", {"handler": "值班员"}),
    "stranger": ("equity", {"name": STRANGER}),
}


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """What may be published in the life of one matter: name → record type and own fields."""

    matter: int
    records: Mapping[str, GivenRecord]

    @property
    def instance(self) -> str | None:
        """The bank, for the matter that exists once for each bank."""
        return BANK if self.matter == 10 else None


@cache
def plan_of(number: int) -> RecordPlan:
    """Return the records of a matter; those that it has no use for are left out."""
    records = {**_OF_ALL, **_of_family_and_handler(number)}
    if number != 1:  # the certificate itself completes matter 1
        records |= _results(number)
    if number == 8:
        records["deed"] = _DEED
    if number not in _DECIDING:
        return RecordPlan(number, {**records, "known": ("equity", {})})
    record_type, own = records["deciding"] = _DECIDING[number]
    if otherwise := _OTHERWISE.get(record_type):
        records["otherwise"] = (record_type, {**own, **otherwise})
    return RecordPlan(number, records)


def _of_family_and_handler(number: int) -> dict[str, GivenRecord]:
    another = number % 12 + 1
    return {
        "application": ("application", {"applicant": HEIR, "matters": [number]}),
        "without_it": ("application", {"applicant": HEIR, "matters": [another]}),
        "decision": ("decision", {"matter": number, "handler": "综窗03", "reason": "核实"}),
        "elsewhere": ("decision", {"matter": another}),
    }


def _results(number: int) -> dict[str, GivenRecord]:
    decides = next(one.decides for one in City().policy.matters if one.matter == number)
    about = {"matter": number, "department": decides, **({"instance": BANK} if number == 10 else {})}
    return {
        "accepted": ("result", {**about, "outcome": "ACCEPTED"}),
        "rejected": ("result", {**about, "outcome": "REJECTED", "reason": "材料不全"}),
        "done": _DONE.get(number, ("result", {**about, "outcome": "COMPLETED"})),
    }
