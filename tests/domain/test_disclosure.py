"""按需共享: in nothing that a department can read is anything outside its grant, whatever happens to a case.

The table is written from the order of who may see what, not from the policy: banks fact, identity and date;
health and police also cause and place; human resources also the card, when the hukou was cancelled and the
manner of death; medical insurance also the card; fund, justice and market regulation also notary records'
kind and number, justice its own records' beneficiaries, the others the applicant's own share; civil affairs
also the certificate's number and whether the body is infectious; and all the applicant and the materials of
their own matter.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from rich.console import Console

from avro_schemas.catalogue import record_types
from tests.cases import HEIR, Given, applied, given, next_of
from tests.cells import each_cell
from tests.people import id_number
from tests.received import Marks, Reading, marks_in, side_by_side
from topics.catalogue import load_catalogue

DECIDING = load_catalogue().deciding
OWN_MATTERS: Mapping[str, list[int]] = {
    "health": [1],
    "police": [3, 11],
    "civil_affairs": [2],
    "human_resources": [4, 5],
    "medical_insurance": [7],
    "provident_fund": [8],
    "justice": [9],
    "market_regulation": [12],
    "financial_regulation": [10],
}
CAUSE = {"death_certificate.death_place", "death_certificate.death_cause", "abnormal_death.death_place"}
CARD = {
    f"social_insurance.social_card.{name}"
    for name in ("account_name", "bank_name", "account_no", "bank_routing_no")
}
NOTARY = {"notary.deed_no"}
BENEFICIARIES = {f"notary.beneficiaries.{name}" for name in ("name", "id_number", "share")}
OF_THE_DECEASED: Mapping[str, set[str]] = {
    "health": CAUSE,
    "police": CAUSE,
    "civil_affairs": {"death_certificate.certificate_no"},
    "human_resources": CARD | {"hukou_cancellation.cancelled_at"},
    "medical_insurance": CARD,
    "provident_fund": NOTARY,
    "justice": NOTARY | BENEFICIARIES,
    "market_regulation": NOTARY,
    "financial_regulation": set(),
}
MATERIAL = {name: 4 for name in OWN_MATTERS} | {"health": 3, "provident_fund": 7, "market_regulation": 8}
"""A kind of material that each department's matter needs."""
APPLICANT = ("name", "id_number", "phone", "residential_address", "registered_address")
BANK = {"bank_deposit.bank_name", "application/financial_regulation.banks.bank_name"}
"""Which of the banks' matters it is."""
HOUR_OF_DEATH = ":17:23"
HUKOU_CANCELLED = "2026-03-09"
ENDED = "2026-04-0{}T09:00:00+08:00"


def may_see(department: str) -> set[str]:
    """Where the marks come from that a department may find in what it reads."""
    own = f"application/{department}"
    seen = OF_THE_DECEASED[department] | {f"{own}.applicant.{name}" for name in APPLICANT}
    if department == "provident_fund":
        seen |= {f"{own}.payee.account_no", f"{own}.payee.bank_name"}
    if department in ("human_resources", "medical_insurance"):
        seen |= {place.replace("social_insurance.social_card", f"{own}.deceased_bank_card") for place in CARD}
    seen |= {f"{own}.materials.sha256"}
    return seen | (BANK if department == "financial_regulation" else {"death"})


def may_see_county(department: str) -> set[str]:
    """Whose people it is about: by the department's own records, and by the hukou."""
    results = {f"result/{department} {outcome}.county" for outcome in ("ACCEPTED", "REJECTED")}
    own = {name for name in record_types() if load_catalogue().owner_of(name) == department}
    return {f"{name}.county" for name in (*own, "hukou_cancellation")} | results


def everything(marks: Marks) -> list[Given]:
    """A record of every type with a mark in every field, and an application for each department's matters."""
    when = {"death_time": f"2026-03-01T08{HOUR_OF_DEATH}+08:00"}
    marks.of |= {HOUR_OF_DEATH: "death", HUKOU_CANCELLED: "hukou_cancellation.cancelled_at"}
    card = marks.record("social_insurance", scheme="EMPLOYEE_PENSION", receiving_benefit=True)
    card[1]["social_card"]["active"] = True
    records = [
        marks.record("death_certificate", **when),
        marks.record("abnormal_death", **when),
        marks.record("death_declaration"),
        marks.record("cremation", cremation_time="2026-03-03T10:00:00+08:00", **when),
        marks.record("hukou_cancellation", cancelled_at=HUKOU_CANCELLED, **when),
        card,
        marks.record("medical_insurance"),
        marks.record("provident_fund"),
        marks.record("notary"),
        marks.record("driving_licence"),
        marks.record("equity", holdings=None),
        marks.record("bank_deposit"),
        marks.record("decision", kind="MATTER_HELD", matter=6, linked_id_number=None, overrules=None),
        marks.record("appointment", application=None),
        marks.record("enquiry", matter=9),
    ]
    for department, matters in OWN_MATTERS.items():
        paper = {
            "kind": MATERIAL[department],
            "sha256": marks.put(f"application/{department}.materials.sha256"),
        }
        application = marks.record("application", department, matters=matters, materials=[paper])
        about = {"application": application[1]["record_id"], "materials": None}
        records += [application, marks.record("examination", department, **about)]
        for at, outcome in enumerate(("ACCEPTED", "REJECTED"), 1):
            of = {"matter": matters[0], "outcome": outcome, "department": department, "instance": None}
            records.append(
                marks.record("result", f"{department} {outcome}", recorded_at=ENDED.format(at), **of)
            )
        records.append(marks.record("handover", department, results=[records[-1][1]["record_id"]]))
    return records


def world_of(records: list[Given]) -> Reading:
    """A world that took them one by one."""
    world = Reading()
    for record in records:
        world.publish(record)
    return world


def beyond(world: Reading, department: str, marks: Marks) -> dict[str, Any]:
    """What a department can read and may not see, with the topics that tell."""
    allowed = may_see(department) | may_see_county(department)
    if department == "police":  # who decide matter 1 where the death was abnormal
        allowed |= {place for place in may_see("health") if place.startswith("application/")}
    found = marks_in(world.readable_by(department), marks.of)
    return {place: topics for place, topics in found.items() if place not in allowed}


@pytest.mark.complete
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@hypothesis_given(data=st.data())
def test_no_department_can_read_anything_outside_its_grant(data: st.DataObject) -> None:
    """Drafts, materials, headers, keys, receipts, withdrawals, reminders: in any order, and revoked."""
    marks = Marks()
    records = data.draw(st.permutations(everything(marks)))
    revoked = data.draw(
        st.lists(st.sampled_from(records), max_size=6, unique_by=lambda one: one[1]["record_id"])
    )
    again = [next_of(one, "REVOKED", f"back {one[1]['record_id']}") for one in revoked]
    world = world_of([*records, *again])
    world.tick(world.now.replace(year=world.now.year + 1))
    for department in DECIDING:
        assert beyond(world, department, marks) == {}, department


HEIRS = [
    {"name": "王小红", "id_number": id_number(sequence=82), "relation": "子女", "share": "二分之一"},
    {"name": "王小明", "id_number": id_number(sequence=71), "relation": "子女", "share": "三分之一"},
    {"name": "王小兰", "relation": "子女", "share": "六分之一"},
]
"""Whom a deed names; of the last it knows no number."""


def last_drafts(*records: Given) -> Mapping[str, Mapping[str, Any]]:
    """The last draft of each department, by the records that it was told after."""
    return {one["department"]: one["draft"] for one in world_of(list(records)).announcements}


def deed(*applicants: Mapping[str, Any]) -> list[Given]:
    """A death, a fund account and a deed; then these persons apply, one after another."""
    apply = [
        applied(8, 9, 12, label=str(at), applicant=who, recorded_at=ENDED.format(at))
        for at, who in enumerate(applicants, 1)
    ]
    return [given("death_certificate"), given("provident_fund"), given("notary", beneficiaries=HEIRS), *apply]


@each_cell("department", ["provident_fund", "market_regulation"])
@each_cell("at", [0, 1, 2])
def test_of_a_will_the_applicants_own_share_is_shown_and_nobody_elses(department: str, at: int) -> None:
    """Also of one whose number the deed does not know; justice sees its own records."""
    who = {"id_number": id_number(sequence=83), **HEIRS[at]}
    drafts = last_drafts(*deed({name: who[name] for name in ("name", "id_number")}))
    assert (
        json.loads(drafts[department]["further.notary_own_share"]["value"])[0]["share"] == HEIRS[at]["share"]
    )
    said = json.dumps(drafts[department], ensure_ascii=False, default=str)
    assert [one["share"] for one in HEIRS if one["share"] in said] == [HEIRS[at]["share"]]
    assert all(one["share"] in drafts["justice"]["further.notary_beneficiaries"]["value"] for one in HEIRS)


@pytest.mark.parametrize("applicants", [(), ({"name": "赵冬生", "id_number": id_number(sequence=84)},)])
def test_no_share_is_shown_before_a_beneficiary_applies_for_the_matter(
    applicants: tuple[Mapping[str, Any], ...],
) -> None:
    """Nor to whom a stranger applied."""
    for department, draft in last_drafts(*deed(*applicants)).items():
        said = json.dumps(draft, ensure_ascii=False, default=str)
        assert department == "justice" or not [one for one in HEIRS if one["share"] in said]


def test_an_heir_who_applied_for_another_matter_is_none_of_this_departments() -> None:
    """The share is shown where it is needed."""
    drafts = last_drafts(*deed(), applied(9, applicant=HEIR))
    assert drafts["provident_fund"]["further.notary_own_share"]["value"] is None


@each_cell(
    ("code", "infectious"),
    [
        ("A20.900", "是"),
        ("A22", "是"),
        ("b16.200", "是"),
        ("A98.500", "是"),
        ("A98.400", "否"),
        ("I61.900", "否"),
        ("霍乱", None),
        (None, None),
    ],
)
def test_civil_affairs_learns_whether_the_body_is_infectious_and_no_more(
    code: str | None, infectious: str | None
) -> None:
    """Yes or no; where nothing is stated that can be understood, neither. Nobody is sent the code."""
    certificate = given("death_certificate", death_cause="霍乱", death_cause_icd10=code)
    drafts = last_drafts(certificate)
    assert drafts["civil_affairs"]["further.infectious"]["value"] == infectious
    told = {name: json.dumps(draft, ensure_ascii=False, default=str) for name, draft in drafts.items()}
    assert [name for name, said in told.items() if "further.infectious" in said] == ["civil_affairs"]
    assert "霍乱" not in told["civil_affairs"]
    assert not [name for name, said in told.items() if code and code.isascii() and code in said]


@pytest.mark.parametrize(
    ("records", "manner"),
    [
        ([given("death_certificate", manner="NATURAL")], "NATURAL"),
        ([given("death_certificate")], None),
        ([given("abnormal_death")], "ABNORMAL"),
        ([given("abnormal_death"), given("death_certificate", manner="NATURAL")], "ABNORMAL"),
    ],
)
def test_human_resources_learns_the_manner_of_death(records: list[Given], manner: str | None) -> None:
    """It decides what the family gets; what the police certify is abnormal by itself."""
    drafts = last_drafts(given("social_insurance"), *records)
    assert drafts["human_resources"]["further.death_manner"]["value"] == manner
    assert [name for name, draft in drafts.items() if "further.death_manner" in draft] == ["human_resources"]


@pytest.fixture(scope="module")
def applied_first() -> tuple[Reading, Marks]:
    """A world that took the applications before all else."""
    marks = Marks()
    return world_of(sorted(everything(marks), key=lambda one: one[0] != "application")), marks


@pytest.mark.parametrize("department", DECIDING)
def test_each_department_receives_what_it_may_see(
    department: str, applied_first: tuple[Reading, Marks]
) -> None:
    """The proof above is none if nothing is sent: every mark that a department may see does reach it."""
    world, marks = applied_first
    found = marks_in(world.readable_by(department), marks.of)
    second_choice = {place for place in may_see(department) if "deceased_bank_card" in place}
    wanted = may_see(department) - second_choice - {"abnormal_death.death_place"}
    assert set(found) - may_see_county(department) == wanted


@pytest.fixture(scope="module")
def in_order() -> tuple[Reading, Marks]:
    """A world that took everything in the order of a story."""
    marks = Marks()
    return world_of(everything(marks)), marks


def test_the_window_learns_of_tasks_and_receipts_nothing_that_departments_said(
    in_order: tuple[Reading, Marks],
) -> None:
    """What is owed names matters, the bank's and the county's too, and records, and no facts."""
    world, marks = in_order
    counties = {place for place in marks.of.values() if place.endswith(".county")}
    assert set(marks_in(world.readable_by("service_centre"), marks.of)) <= BANK | counties


def test_what_each_department_received_can_be_printed_side_by_side(
    in_order: tuple[Reading, Marks],
) -> None:
    """One column for each department, one row for each field, held against section by section."""
    world, _ = in_order
    console = Console(width=400)
    with console.capture() as output:
        console.print(side_by_side(world.announcements, DECIDING))
    said = output.get()
    assert all(department in said for department in DECIDING)
    assert "further.death_cause" in said
