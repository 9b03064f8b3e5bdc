"""From a death in hospital to the last result, over the National Day holiday of 2026, as departments tell it.

Twelve matters, three departments too slow, one that rejects first and then agrees. 1 to 7 October are free,
Saturday the 10th is worked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from tests.cases import Given, applied, given, next_of, resulted
from tests.people import QINZHOU, id_number

NUMBER: Final = id_number(QINZHOU, date(1944, 8, 15), 231)
NAME: Final = "马占山"
DAUGHTER: Final = {
    "name": "马小兰",
    "id_number": id_number(QINZHOU, date(1971, 4, 2), 148),
    "phone": "13900000000",
    "relation": "子女",
    "residential_address": "甘肃省天水市秦州区七里墩街道3号楼2单元501室",
}
BANK: Final = "甘肃银行"
ASKED_FOR: Final = (3, 4, 5, 7, 8, 9, 10, 11, 12)
SUPPLIED: Final = [
    {"kind": kind, "sha256": f"{kind}" * 64, "original_sighted": True} for kind in (1, 2, 3, 4, 5, 6, 7, 9)
]
MISSING_PAGE: Final = "公证书缺第二页"


@dataclass(frozen=True)
class Event:
    """Something that a department sends, at this moment by the clock on the wall."""

    at: str
    record: Given

    @property
    def moment(self) -> datetime:
        """When it happens."""
        return datetime.fromisoformat(self.at)


def _event(at: str, record: Given) -> Event:
    record_type, fields = record
    own: dict[str, Any] = {"recorded_at": at, "id_number": NUMBER, "name": NAME}
    return Event(at, (record_type, {**fields, **own}))


def _fact(at: str, record_type: str, label: str = "", **fields: Any) -> Event:
    return _event(at, given(record_type, f"story {label}", **fields))


def _result(at: str, matter: int, outcome: str = "COMPLETED", **fields: Any) -> Event:
    return _event(at, resulted(matter, outcome, "story", **fields))


_CARD: Final = {"account_name": NAME, "bank_name": BANK, "account_no": "6217000000000000001", "active": True}
_LICENCE = _fact("2020-05-06T09:00:00+08:00", "driving_licence", licence_no=NUMBER)
_DEATH: Final = {"death_time": "2026-09-27T22:10:00+08:00"}
EVENTS: Final = (
    _LICENCE,
    _fact(
        "2026-01-15T09:00:00+08:00",
        "social_insurance",
        scheme="EMPLOYEE_PENSION",
        receiving_benefit=True,
        account_balance_fen=1_234_500,
        social_card=_CARD,
    ),
    _fact("2026-01-16T09:00:00+08:00", "medical_insurance", scheme="EMPLOYEE", account_balance_fen=812_300),
    _fact(
        "2026-01-17T09:00:00+08:00",
        "provident_fund",
        account_no="0938001",
        balance_fen=5_600_000,
        employer="天水长城开关厂",
        status="SEALED",
    ),
    _fact(
        "2026-01-18T09:00:00+08:00",
        "bank_deposit",
        bank_name=BANK,
        account_no_tail="0421",
        balance_fen=3_000_000,
    ),
    _fact(
        "2026-09-28T08:40:00+08:00",
        "death_certificate",
        death_place="天水市第一人民医院",
        death_cause="急性心肌梗死",
        sex="男",
        birth_date="1944-08-15",
        ethnicity="回族",
        **_DEATH,
    ),
    _fact(
        "2026-09-29T10:00:00+08:00",
        "notary",
        kind="INHERITANCE",
        deed_no="(2026)天公证字第31号",
        notary_office="天水市公证处",
        beneficiaries=[{**{k: DAUGHTER[k] for k in ("name", "id_number", "relation")}, "share": "全部"}],
    ),
    _event(
        "2026-09-29T15:30:00+08:00",
        applied(*ASKED_FOR, label="story", applicant=DAUGHTER, materials=SUPPLIED),
    ),
    _fact(
        "2026-09-30T09:00:00+08:00",
        "cremation",
        cremation_time="2026-09-30T08:00:00+08:00",
        cremation_place="天水市殡仪馆",
        **_DEATH,
    ),
    _fact(
        "2026-09-30T10:00:00+08:00",
        "hukou_cancellation",
        cancelled_at="2026-09-30",
        registered_address="甘肃省天水市秦州区中华西路12号",
        **_DEATH,
    ),
    _result("2026-09-30T11:00:00+08:00", 10, issuer_name=BANK, amount_fen=3_000_000),
    _event(
        "2026-09-30T16:00:00+08:00",
        next_of(_LICENCE.record, "AMENDED", "story cancelled", status="CANCELLED"),
    ),
    _result("2026-10-08T09:30:00+08:00", 12, "REJECTED", reason=MISSING_PAGE),
    _result("2026-10-08T10:00:00+08:00", 7, "ACCEPTED"),
    _event(
        "2026-10-09T09:00:00+08:00", applied(12, label="story again", applicant=DAUGHTER, materials=SUPPLIED)
    ),
    _result("2026-10-09T15:00:00+08:00", 7, amount_fen=812_300),
    _event(
        "2026-10-12T10:00:00+08:00", resulted(12, "COMPLETED", "story", document_no="天市监查〔2026〕77号")
    ),
    _result("2026-10-14T09:00:00+08:00", 8, amount_fen=5_600_000),
    _result("2026-10-15T09:00:00+08:00", 9),
    _result("2026-10-28T09:00:00+08:00", 4, amount_fen=1_234_500),
    _result("2026-10-28T09:30:00+08:00", 5, amount_fen=4_800_000),
)
DUE: Final[Mapping[int, date]] = {
    4: date(2026, 10, 26),
    5: date(2026, 10, 26),
    7: date(2026, 10, 19),
    8: date(2026, 10, 9),
    9: date(2026, 10, 12),
    12: date(2026, 10, 9),
}
"""The last day of what is asked for on Tuesday 29 September and not done before the holiday."""
SLOW: Final[Mapping[int, date]] = {4: DUE[4], 5: DUE[5], 8: DUE[8], 9: DUE[9]}
"""What three departments finish after its last day: human resources, the housing fund, justice."""
IN_THE_END: Final[Mapping[tuple[int, str | None], str]] = {
    **{(matter, None): "COMPLETED" for matter in (1, 2, 3, 4, 5, 7, 8, 9, 11, 12)},
    (6, None): "NOT_APPLICABLE",
    (10, BANK): "COMPLETED",
}
