"""What may happen to a few persons: the records that a history is made of, as departments would send them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.cases import HEIR, NAME, Given, given, next_of, record_id, resulted
from tests.people import LI_XIULAN, WANG_JIANGUO, id_number

NUMBERS: tuple[str, ...] = (LI_XIULAN, WANG_JIANGUO, id_number(sequence=93))
OTHER_NAME = "赵冬生"
LATE = "2026-03-20T09:00:00+08:00"
OTHER_DAY = "2026-02-27"
USCC = "91620500736625851H"
OTHER_HEIR = {"name": "王小红", "id_number": id_number(sequence=82)}
NEPHEW = {"name": "王小明", "id_number": id_number(sequence=73), "relation": "93"}
SHARES = [{**HEIR, "share": "三分之一"}, {**OTHER_HEIR, "share": "三分之二"}]
SUPPLIED = [{"kind": 7, "original_sighted": False}]

Made = tuple[str, Mapping[str, Any]]


def _revoked(made: Made, label: str, **stated: int) -> Made:
    """What revokes a record; an old system states no revision."""
    record_type, own = made
    ends = {"action": "REVOKED", "supersedes": record_id(record_type, label), "revision": 2}
    return record_type, {**own, **ends, "recorded_at": LATE, **stated}


FACTS: tuple[Made, ...] = (
    ("death_certificate", {}),
    ("death_certificate", {"death_time": OTHER_DAY}),
    ("death_certificate", {"birth_date": "1931-01-01"}),
    ("abnormal_death", {}),
    ("death_declaration", {}),
    ("cremation", {}),
    ("cremation", {"death_time": OTHER_DAY, "cremation_time": "2026-02-28"}),
    ("hukou_cancellation", {}),
    ("hukou_cancellation", {"death_time": OTHER_DAY}),
    ("social_insurance", {}),
    ("social_insurance", {"receiving_benefit": False, "recorded_at": LATE}),
    ("social_insurance", {"scheme": "RESIDENT_PENSION"}),
    ("medical_insurance", {}),
    ("provident_fund", {}),
    ("provident_fund", {"status": "ACTIVE", "recorded_at": "2026-05-20T09:00:00+08:00"}),
    ("provident_fund", {"status": "CLOSED", "balance_fen": 0, "recorded_at": "2026-06-01T09:00:00+08:00"}),
    ("notary", {}),
    ("notary", {"notarised_at": "2026-04-02", "recorded_at": "2026-04-03T09:00:00+08:00"}),
    ("driving_licence", {}),
    ("driving_licence", {"status": "CANCELLED", "recorded_at": LATE}),
    (
        "driving_licence",
        {"licence_no": "2", "issued_at": "2026-04-01", "recorded_at": "2026-04-02T09:00:00Z"},
    ),
    ("bank_deposit", {}),
    ("bank_deposit", {"bank_name": "兰州银行", "balance_fen": 6_000_000}),
    ("bank_deposit", {"bank_name": "甘肃\u3000银行", "balance_fen": 200}),
    ("bank_deposit", {"account_no_tail": "0002", "balance_fen": 4_999_901, "bank_uscc": USCC}),
    ("application", {"matters": [2, 4, 8, 10], "materials": SUPPLIED}),
    ("application", {"matters": [4, 10, 12]}),
    ("application", {"matters": [9, 11], "recorded_at": "2026-04-20T09:00:00+08:00"}),
    ("application", {"matters": [4, 9], "applicant": OTHER_HEIR, "recorded_at": "2026-04-02T09:00:00+08:00"}),
    ("application", {"matters": [8, 10], "applicant": OTHER_HEIR, "materials": SUPPLIED}),
    ("application", {"matters": [9], "applicant": {**HEIR, "name": OTHER_NAME}}),
    ("application", {"matters": [1, 9]}),
    ("application", {"matters": [7, 12], "recorded_at": "2026-04-02T09:00:00+08:00"}),
    (
        "application",
        {"matters": [10], "banks": [{"bank_name": "兰州银行天水分行"}, {"bank_name": "麦积农商"}]},
    ),
    ("bank_deposit", {"bank_name": "甘肃银行秦州支行", "account_no_tail": "0003", "balance_fen": 4_999_950}),
    (
        "bank_deposit",
        {"bank_name": "麦积农商", "balance_fen": 5_100_000, "paid_in_after_death_fen": 200_000},
    ),
    ("social_insurance", {"scheme": "CIVIL_SERVICE_PENSION"}),
    ("death_certificate", {"manner": "NATURAL", "death_cause_icd10": "A20.9"}),
    ("death_certificate", {"death_cause_icd10": "I61.9"}),
    ("notary", {"deed_no": "公证2号", "beneficiaries": SHARES}),
    ("hukou_cancellation", {"county": "甘谷县"}),
    ("social_insurance", {"county": "武山县"}),
    ("hukou_cancellation", {"death_time": "2026-01-30"}),
    ("hukou_cancellation", {"cancelled_at": "2026-02-27"}),
    ("death_certificate", {"ethnicity": "回族"}),
    ("application", {"matters": [9], "burial": True}),
    ("application", {"matters": [9], "burial": False, "applicant": OTHER_HEIR}),
    ("hukou_cancellation", {"county": "张家川县"}),
    ("application", {"matters": [10], "applicant": NEPHEW, "banks": [{"bank_name": "兰州银行"}]}),
)
CERTIFICATE, ASHES_OF_ANOTHER_DAY, CANCELLATION = FACTS[0], FACTS[6], FACTS[7]
PENSION, PENSION_STOPPED = FACTS[9], FACTS[10]
CANCELLED_EARLY = FACTS[8]
REGISTER_A_MONTH_OFF = ("hukou_cancellation", {"death_time": "2026-01-30"})
LICENCE, WANTS_NO_LICENCE = FACTS[18], FACTS[27]
DIED_AT_HOME, ASKS_FOR_SHARES, NAMES_BANKS, AT_A_BRANCH, WITH_FUNERAL_MONEY = FACTS[31:36]
OF_A_PUBLIC_BODY = FACTS[36]
MEDICAL_ACCOUNT = FACTS[12]
WANTS_EQUITY, PLAGUE, STROKE, WILL = FACTS[26], FACTS[37], FACTS[38], FACTS[39]
OF_GANGU, PENSION_OF_WUSHAN = FACTS[40:42]
OF_THE_HUI, WANTS_BURIAL, WANTS_CREMATION, OF_ZHANGJIACHUAN, NEPHEW_ASKS = FACTS[-5:]
PAID_OUT = resulted(4, recorded_at="2026-04-01T09:00:00+08:00")
SET_APART = {"kind": "MATTER_NOT_APPLICABLE", "matter": 4, "recorded_at": "2026-03-01T12:00:00+08:00"}
SETTLES_TOO_LITTLE = {
    "kind": "CONFLICT_RESOLVED",
    "in_favour_of": record_id("death_certificate", "0"),
    "overrules": [record_id("cremation", "another")],
}
AMENDED_TWICE = (
    "death_certificate",
    {"action": "AMENDED", "supersedes": record_id("death_certificate", "0"), "revision": 3},
)
OF_ANOTHER = ("death_certificate", {"id_number": NUMBERS[1]})
LINK = {"kind": "PERSON_LINKED", "in_favour_of": record_id("death_certificate", "0")}
LINK_BY_A_THIRD = {**LINK, "id_number": NUMBERS[2], "linked_id_number": NUMBERS[0]}
HERS = ("application", {"matters": [4, 9], "applicant": OTHER_HEIR})
HERS_LATE = (
    "application",
    {"matters": [4, 9], "applicant": OTHER_HEIR, "recorded_at": "2026-04-12T09:00:00+08:00"},
)
CHOOSES_HER = {
    "kind": "CONFLICT_RESOLVED",
    "in_favour_of": record_id("application", "2"),
    "recorded_at": "2026-03-25T12:00:00+08:00",
}
SCENES: tuple[tuple[Made, ...], ...] = (
    (),
    (),
    (CERTIFICATE,),
    (CERTIFICATE, PENSION, PAID_OUT),
    (CERTIFICATE, PENSION, PENSION_STOPPED),
    (CERTIFICATE, ASHES_OF_ANOTHER_DAY, CANCELLATION),
    (CERTIFICATE, PENSION, REGISTER_A_MONTH_OFF),
    (CERTIFICATE, ("cremation", {"name": OTHER_NAME})),
    (CERTIFICATE, ("decision", SET_APART), PENSION, PAID_OUT),
    (CERTIFICATE, ASHES_OF_ANOTHER_DAY, ("decision", SETTLES_TOO_LITTLE)),
    (CERTIFICATE, PENSION, _revoked(CERTIFICATE, "0")),
    (_revoked(CERTIFICATE, "1"), CERTIFICATE),
    (CERTIFICATE, AMENDED_TWICE, _revoked(CERTIFICATE, "1", revision=1)),
    (CERTIFICATE, _revoked(CERTIFICATE, "0"), CERTIFICATE),
    (("death_certificate", {"backfill": True}),),
    (OF_ANOTHER, ("decision", LINK), ("decision", {**LINK, "kind": "PERSON_UNLINKED", "recorded_at": LATE})),
    (OF_ANOTHER, ("decision", LINK), _revoked(("decision", LINK), "1")),
    (
        OF_ANOTHER,
        ("decision", LINK),
        ("decision", LINK_BY_A_THIRD),
        _revoked(("decision", LINK_BY_A_THIRD), "2"),
    ),
    (CERTIFICATE, ("application", {"matters": [9]}), HERS, ("decision", CHOOSES_HER)),
    (DIED_AT_HOME,),
    (CERTIFICATE, NAMES_BANKS),
    (DIED_AT_HOME, CERTIFICATE, _revoked(CERTIFICATE, "1")),
    (CERTIFICATE, PENSION, ("application", {"matters": [4, 9]}), HERS),
    (CERTIFICATE, PENSION, ("application", {"matters": [4]}), PAID_OUT, HERS_LATE),
    (CERTIFICATE, NEPHEW_ASKS),
    (OF_THE_HUI,),
    (CERTIFICATE, WANTS_BURIAL),
    (OF_THE_HUI, WANTS_BURIAL, WANTS_CREMATION),
    (PLAGUE, WANTS_BURIAL),
)
"""What may have happened to the first person before anything is drawn: what is rare and goes deep."""
RESULTS: tuple[tuple[int, str], ...] = (
    (4, "COMPLETED"),
    (9, "ACCEPTED"),
    (9, "REJECTED"),
    (9, "RETURNED"),
    (4, "RETURNED"),
    (11, "RETURNED"),
    (10, "RETURNED"),
    (9, "COMPLETED"),
    (2, "REJECTED"),
    (2, "COMPLETED"),
    (8, "ACCEPTED"),
    (12, "REJECTED"),
    (12, "COMPLETED"),
    (10, "COMPLETED"),
)
FINDINGS: tuple[Mapping[str, Any], ...] = (
    {},
    {"to_correct": ["缺第二页"]},
    {"to_correct": ["身份证复印件不清"], "materials": SUPPLIED},
    {"materials": [{"kind": kind, "original_sighted": True} for kind in (1, 2, 3)]},
)
"""What the window finds in an application."""
WORK: tuple[Made, ...] = (
    ("handover", {}),
    ("appointment", {"scheduled_at": "2026-03-18T09:00:00+08:00"}),
    ("enquiry", {}),
    ("enquiry", {"closed_at": "2026-03-19", "reply": "十个工作日内。"}),
)
MATTERS: tuple[tuple[int, str | None], ...] = (
    (2, None),
    (4, None),
    (9, None),
    (10, None),
    (10, "甘肃银行"),
    (11, None),
)
ON_MATTERS = ("MATTER_NOT_APPLICABLE", "MATTER_HELD", "MATTER_RELEASED")
AMENDMENTS: tuple[Mapping[str, Any], ...] = (
    {},
    {"name": OTHER_NAME},
    {"name": NAME},
    {"death_time": OTHER_DAY},
    {"backfill": True},
)


def person(number: str | None) -> dict[str, Any]:
    """The fields that say whom a record is about."""
    return {"id_number": number} if number else {"id_number": None, "id_type": "NONE"}


def fact(made: Made, label: str, number: str | None, **fields: Any) -> Given:
    """A record of a fact about somebody, unless the fact itself names another."""
    record_type, own = made
    return given(record_type, label, **{**person(number), **own, **fields})


def result(of: tuple[int, str], label: str, number: str, days: int, **about: Any) -> Given:
    """How a department disposed of its matter."""
    matter, outcome = of
    issuer = {"issuer_name": "甘肃银行"} if matter == 10 else {}
    at = later("2026-04-01T09:00:00+08:00", days)
    return resulted(matter, outcome, label, id_number=number, recorded_at=at, **issuer, **about)


def of_window(kind: str, label: str, number: str, days: int, **own: Any) -> Given:
    """What the window did, some days after the twentieth of March."""
    at = later("2026-03-20T10:00:00+08:00", days)
    return given(kind, label, recorded_at=at, **person(number), **own)


def decision(kind: str, label: str, number: str | None, days: int, **about: Any) -> Given:
    """A handler's decision, this many days after the first of March."""
    at = later("2026-03-01T12:00:00+08:00", days)
    return given("decision", label, kind=kind, recorded_at=at, **person(number), **about)


def succession(before: Given, action: str, label: str, days: int, **fields: Any) -> Given:
    """What corrects or revokes a record, some days later; a default revision is left out."""
    at = later(before[1]["recorded_at"], days)
    record_type, record = next_of(before, action, label, recorded_at=at, **fields)
    return record_type, {name: value for name, value in record.items() if value is not None}


def anew(before: Given, label: str) -> Given:
    """What a department issues in the place of a record that it has revoked."""
    record_type, record = before
    own = {name: value for name, value in record.items() if name not in ("action", "supersedes", "revision")}
    return record_type, {**own, "record_id": record_id(record_type, f"anew {label}")}


def signed(announcement_id: str, department: str, label: str, number: str) -> Given:
    """A department's word that it has seen what it was told."""
    about = {"announcement_id": announcement_id, "handler": "值班员", "department": department}
    return given("acknowledgement", label, **about, **person(number))


def later(at: str, days: int) -> str:
    """A moment, some days on."""
    return (datetime.fromisoformat(at) + timedelta(days=days)).isoformat()
