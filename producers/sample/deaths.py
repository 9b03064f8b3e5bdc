"""The records of a death: what hospitals, police, courts, funeral homes and registers write."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from exchange.domain.policy_files.models import Matter
from producers.sample.clerk import BEIJING, Clerk, SampleLine
from producers.sample.people import TODAY, Person

CAUSES: Final = (
    ("急性心肌梗死", "I21.900"),
    ("脑出血", "I61.900"),
    ("肺恶性肿瘤", "C34.900"),
    ("慢性阻塞性肺病", "J44.900"),
    ("胃恶性肿瘤", "C16.900"),
    ("呼吸衰竭", "J96.900"),
    ("老衰", "R54"),
    ("心力衰竭", "心衰"),
)
"""What people die of, with the ICD-10 code; no list knows the last one: a remark, not a refusal."""


@dataclass(frozen=True, slots=True)
class Death:
    """When and where someone died; `exact` if the hour is known, else only the day is written down."""

    at: datetime
    exact: bool
    place: str

    @property
    def written(self) -> str:
        """The time as a record has it."""
        return self.at.isoformat() if self.exact else self.at.date().isoformat()


def death(clerk: Clerk, *, first: date = date(2026, 1, 5), last: date = date(2026, 3, 15)) -> Death:
    """A death on one of these days."""
    day = first + timedelta(days=clerk.rng.randint(0, (last - first).days))
    at = datetime.combine(day, time(0, 30), BEIJING) + timedelta(minutes=clerk.rng.randint(0, 23 * 60))
    place = clerk.pick(clerk.places.hospitals if clerk.chance(0.6) else clerk.places.homes)
    return Death(at, clerk.chance(0.75), place)


def long_ago(clerk: Clerk) -> Death:
    """A death in the years before the exchange."""
    return death(clerk, first=date(2019, 2, 1), last=date(2024, 11, 30))


def death_certificate(clerk: Clerk, person: Person, died: Death, **changes: object) -> SampleLine:
    """死亡证明 by the hospital or, for a death at home, by the township's clinic."""
    cause, icd10 = clerk.pick(CAUSES)
    own = {
        "certificate_no": clerk.numbered(clerk.places.numbers.death_certificate, TODAY.year)
        if clerk.chance(0.8)
        else None,
        "issuer_name": died.place if died.place in clerk.places.hospitals else clerk.places.clinic,
        "death_time": died.written,
        "death_place": died.place,
        "death_cause": cause,
        "death_cause_icd10": icd10 if clerk.chance(0.8) else None,
        "manner": "NATURAL",
        "sex": person.sex if clerk.chance(0.9) else None,
        "birth_date": person.born.isoformat() if clerk.chance(0.9) else None,
        "ethnicity": _ethnicity(clerk, person.ethnicity),
    }
    return clerk.line("death_certificate", person, clerk.after(died.at, 0, 2), **own | changes)


def abnormal_death(clerk: Clerk, person: Person, died: Death, **changes: object) -> SampleLine:
    """非正常死亡证明 by the police."""
    own = {
        "death_time": died.written,
        "death_place": clerk.pick(clerk.places.abnormal_places),
        "case_no": clerk.numbered(clerk.places.numbers.police_case, TODAY.year),
    }
    return clerk.line("abnormal_death", person, clerk.after(died.at, 1, 6), **own | changes)


def death_declaration(clerk: Clerk, person: Person, died: Death) -> SampleLine:
    """宣告死亡: the judgment, as the family presents it at the window."""
    own = {
        "court_name": clerk.pick(clerk.places.courts),
        "judgment_no": clerk.numbered(clerk.places.numbers.judgment, TODAY.year),
        "declared_death_date": died.at.date().isoformat(),
    }
    return clerk.line("death_declaration", person, clerk.after(died.at, 3, 20), **own)


def cremation(clerk: Clerk, person: Person, died: Death, **changes: object) -> SampleLine:
    """火化证明."""
    burnt = clerk.after(died.at + timedelta(hours=30), 1, 3)
    own = {
        "death_time": died.at.date().isoformat() if clerk.chance(0.5) else died.written,
        "cremation_time": burnt.isoformat(),
        "cremation_place": clerk.pick(clerk.places.funeral_homes),
        "certificate_no": clerk.numbered(clerk.places.numbers.cremation, TODAY.year),
    }
    return clerk.line("cremation", person, clerk.after(burnt, 0, 1), **own | changes)


def hukou_cancellation(clerk: Clerk, person: Person, died: Death, **changes: object) -> SampleLine:
    """户口注销."""
    done = clerk.after(died.at, 5, 30)
    house = f"{clerk.pick(clerk.places.roads)}{clerk.rng.randint(1, 199)}号"
    own = {
        "cancelled_at": done.date().isoformat(),
        "police_station": clerk.pick(clerk.places.stations),
        "household_no": clerk.digits(9),
        "registered_address": f"{clerk.places.address}{person.county}{house}",
        "death_time": died.at.date().isoformat() if clerk.chance(0.7) else None,
    }
    return clerk.line("hukou_cancellation", person, clerk.after(done, 0, 1), **own | changes)


def burial_decision(clerk: Clerk, person: Person, died: Death, cremation: Matter) -> SampleLine:
    """人工核定: buried, so that no cremation will come."""
    own = {
        "kind": "MATTER_NOT_APPLICABLE",
        "matter": cremation.matter,
        "handler": clerk.pick(clerk.places.handlers),
        "reason": "依当地习俗土葬，家属出具安葬说明",
    }
    return clerk.line("decision", person, clerk.after(died.at, 3, 15), **own)


def _ethnicity(clerk: Clerk, ethnicity: str) -> str | None:
    """With 族, without it, or not at all."""
    if "外国" in ethnicity or clerk.chance(0.1):
        return None
    return ethnicity.removesuffix("族") if clerk.chance(0.3) else ethnicity
