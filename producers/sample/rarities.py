"""The rare cases that every city has: corrections, revocations, other papers, no papers, old numbers."""

from datetime import date, datetime, timedelta
from typing import Any

from producers.sample import deaths, holdings, stories
from producers.sample.clerk import Clerk, SampleLine
from producers.sample.people import Person, Register


def rare_cases(clerk: Clerk, register: Register) -> list[list[SampleLine]]:
    """One list of records for each rare case."""
    return [
        *(_from_elsewhere(clerk, register)),
        *(_without_number(clerk, register)),
        *(_old_number(clerk, register.resident((65, 95))) for _ in range(6)),
        *(_reissued(clerk, register.resident()) for _ in range(5)),
        *(_amended(clerk, register.resident()) for _ in range(4)),
        *(_revoked(clerk, register.resident()) for _ in range(3)),
        *(_two_names(clerk, register.resident()) for _ in range(3)),
        *(_sex_differs(clerk, register.resident()) for _ in range(2)),
        *(_paid_out_afterwards(clerk, register.resident()) for _ in range(3)),
        *(_dates_differ(clerk, register.resident()) for _ in range(2)),
        [deaths.cremation(clerk, register.resident(), deaths.death(clerk))],
        [deaths.hukou_cancellation(clerk, register.resident(), deaths.death(clerk))],
    ]


def _from_elsewhere(clerk: Clerk, register: Register) -> list[list[SampleLine]]:
    """港澳台居民 and foreigners with permanent residence: no hukou, so matter 3 is not theirs."""
    people = [
        register.resident((60, 80), county=clerk.places.district(0), ethnicity="汉族", region="810000"),
        register.resident((60, 80), county=clerk.places.district(1), ethnicity="汉族", region="830000"),
        register.foreigner("JOHN·SMITH", date(1955, 4, 17), male=True),
        register.foreigner("MARIA ROSSI", date(1961, 9, 2), male=False, number="ITA110061090216"),
    ]
    types = ["HMT_RESIDENCE_PERMIT"] * 2 + ["FOREIGN_PERMANENT_RESIDENT_ID"] * 2
    told = [
        [
            deaths.death_certificate(clerk, person, deaths.death(clerk), birth_date=None),
            holdings.medical_insurance(clerk, person, clerk.fen(100, 900)),
        ]
        for person in people
    ]
    for lines, id_type in zip(told, types, strict=True):
        for line in lines:
            line["record"]["id_type"] = id_type
    return told


def _without_number(clerk: Clerk, register: Register) -> list[list[SampleLine]]:
    """Infants not registered yet and a body nobody has named: held until a handler links them."""
    infant = register.without_number(
        "马小宝之子", date(2026, 2, 3), male=True, county=clerk.places.burying_district
    )
    girl = register.without_number(
        "无名氏（女婴）", date(2026, 1, 20), male=False, county=clerk.places.district(3)
    )
    unknown = register.without_number("无名氏", date(1960, 1, 1), male=True, county=clerk.places.district(1))
    later = date(2026, 2, 20)
    return [
        [deaths.death_certificate(clerk, infant, deaths.death(clerk, first=later))],
        [deaths.death_certificate(clerk, girl, deaths.death(clerk, first=later))],
        [deaths.abnormal_death(clerk, unknown, deaths.death(clerk))],
    ]


def _old_number(clerk: Clerk, person: Person) -> list[SampleLine]:
    """A deed and an insurance file still have 15 digits; everything else has 18."""
    died = deaths.death(clerk)
    old: dict[str, Any] = {"id_number": person.number_15}
    return [
        deaths.death_certificate(clerk, person, died),
        holdings.notary(clerk, person, None, **old),
        holdings.social_insurance(clerk, person, "EMPLOYEE_PENSION", receiving=True, **old),
        holdings.provident_fund(clerk, person, clerk.fen(100, 3000)),
    ]


def _reissued(clerk: Clerk, person: Person) -> list[SampleLine]:
    """A second certificate for one death, under another record id: one fact."""
    died = deaths.death(clerk)
    first = deaths.death_certificate(clerk, person, died)
    later = (died.at + timedelta(days=9)).isoformat()
    again = clerk.anew(first, issuer_name=clerk.places.clinic, recorded_at=later)
    return [first, again, *stories.belongings(clerk, person, None)]


def _amended(clerk: Clerk, person: Person) -> list[SampleLine]:
    """A certificate corrected by a second revision, which may well arrive first."""
    died = deaths.death(clerk)
    first = deaths.death_certificate(clerk, person, died)
    better = _next(clerk, first, "AMENDED", death_cause="多器官功能衰竭", death_cause_icd10="R68.8")
    return [better, first, *stories.belongings(clerk, person, None)]


def _revoked(clerk: Clerk, person: Person) -> list[SampleLine]:
    """The wrong person was certified dead: what was told is withdrawn, where the demo's county works, too."""
    died = deaths.death(clerk)
    first = deaths.death_certificate(clerk, person, died)
    lines = [first, _next(clerk, first, "REVOKED"), *stories.belongings(clerk, person, None)]
    for line in lines:
        line["record"]["county"] = clerk.places.districts[clerk.places.district(0)]
    return lines


def _two_names(clerk: Clerk, person: Person) -> list[SampleLine]:
    """One number under two names: all its records are held until a handler decides."""
    died = deaths.death(clerk)
    stranger = "赵冬生" if person.male else "钱冬梅"
    return [
        deaths.death_certificate(clerk, person, died),
        holdings.medical_insurance(clerk, person, clerk.fen(100, 4000), name=stranger),
        holdings.social_insurance(clerk, person, "RESIDENT_PENSION", receiving=True),
    ]


def _sex_differs(clerk: Clerk, person: Person) -> list[SampleLine]:
    """The certificate states a different sex from the number's: that record is held."""
    other = "女" if person.male else "男"
    certificate = deaths.death_certificate(clerk, person, deaths.death(clerk), sex=other)
    return [certificate, holdings.medical_insurance(clerk, person, clerk.fen(100, 4000))]


def _paid_out_afterwards(clerk: Clerk, person: Person) -> list[SampleLine]:
    """The benefit stopped and the account paid out because of the death: the matters apply all the same."""
    died = deaths.death(clerk)
    after: dict[str, Any] = {"recorded_at": clerk.after(died.at, 10, 20).isoformat()}
    drawing = holdings.social_insurance(clerk, person, "EMPLOYEE_PENSION", receiving=True)
    fund = holdings.provident_fund(clerk, person, clerk.fen(1000, 20_000))
    return [
        deaths.death_certificate(clerk, person, died),
        drawing,
        holdings.social_insurance(clerk, person, "EMPLOYEE_PENSION", receiving=False, **after),
        fund,
        clerk.anew(fund, balance_fen=0, status="CLOSED", **after),
        holdings.notary(clerk, person, None),
    ]


def _dates_differ(clerk: Clerk, person: Person) -> list[SampleLine]:
    """Hospital and funeral home do not agree on the day: a conflict that no later record settles."""
    died = deaths.death(clerk)
    day_before = (died.at - timedelta(days=1)).date().isoformat()
    return [
        deaths.death_certificate(clerk, person, died),
        deaths.cremation(clerk, person, died, death_time=day_before),
    ]


def _next(clerk: Clerk, line: SampleLine, action: str, **changes: str) -> SampleLine:
    """The record's second revision."""
    later = datetime.fromisoformat(line["record"]["recorded_at"]) + timedelta(days=3)
    succession = {"action": action, "supersedes": line["record"]["record_id"], "revision": 2}
    return clerk.anew(line, recorded_at=later.isoformat(), **succession, **changes)
