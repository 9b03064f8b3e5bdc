"""What each department, bank and county would receive over the sample city, and who else reads it.

Held against a table written from the order of who may see what, in the form's fields, not from the policy.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from avro_schemas.typed_documents import AnnouncementDocument, FormFieldDocument
from exchange.domain.disclosure import Recipient, disclosed
from exchange.domain.policy import Policy, load_policy
from exchange.runtime.city import City
from producers.sample.city import sample_city
from tests.examples import share
from tests.world import World
from topics.catalogue import load_catalogue
from verification.acceptance import Refused, accept

pytestmark = pytest.mark.complete

PEOPLE = 40
NOBODY_APPLIES = ("health", "civil_affairs")
"""The sample's families apply for none of their matters."""
IDENTITY = {"deceased.name", "deceased.id_number"}
APPLICANT = {
    f"applicant.{name}"
    for name in (
        *("name", "sex", "ethnicity", "id_number", "phone", "relation"),
        *("residential_address", "registered_address"),
    )
}
ALL = IDENTITY | APPLICANT | {"deceased.death_time"}
CARD = {f"accounts.card_{name}" for name in ("account_name", "bank_name", "account_no", "bank_routing_no")}
NOTARY = {"further.notary_kind", "further.notary_deed_no"}
OWN_SHARE = {"further.notary_own_share"}
PAYEE = {"accounts.payee_account_no", "accounts.payee_bank_name"}
DEATH = {"deceased.death_place", "further.death_cause"}
MAY_RECEIVE: Mapping[str, set[str]] = {
    "health": ALL | DEATH,
    "police": ALL | DEATH,
    "civil_affairs": ALL | {"further.death_certificate_no", "further.infectious"},
    "human_resources": ALL | CARD | {"further.hukou_cancelled_date", "further.death_manner"},
    "medical_insurance": ALL | CARD,
    "provident_fund": ALL | NOTARY | OWN_SHARE | PAYEE,
    "justice": ALL | NOTARY | {"further.notary_beneficiaries"},
    "market_regulation": ALL | NOTARY | OWN_SHARE,
    "financial_regulation": IDENTITY | APPLICANT | {"further.death_date"},
}
TAKES_BACK_OR_REMINDS = {"SUSPENDED", "RECOVERY", "DUE_SOON", "OVERDUE"}
EVERY_FIELD = frozenset(
    f"{section}.{name}" for section, names in load_policy().form.items() for name in names
)

Told = tuple[AnnouncementDocument, ...]


@cache
def told_in_the_city() -> Told:
    """All that was announced when the sample had been published and a year had passed."""
    policy, world = load_policy(), World()
    for line in sample_city(City().sample, policy, people=PEOPLE).lines:
        given = (line["type"], line["record"])
        if is_accepted(given, world, policy):
            world.publish(given)
    world.tick(world.now.replace(year=world.now.year + 1))
    return tuple(world.announcements)


@cache
def with_every_field() -> Told:
    """One announcement of each kind to each bank and county, as if its draft held everything."""
    filled: FormFieldDocument = {"value": "天", "state": "prefilled", "source": None, "warnings": []}
    kinds = {
        (one["department"], one["transition"], one["instance"], one["county"]): one
        for one in told_in_the_city()
    }
    return tuple({**one, "draft": dict.fromkeys(EVERY_FIELD, filled)} for one in kinds.values())


def is_accepted(given: tuple[str, Mapping[str, Any]], world: World, policy: Policy) -> bool:
    """The sample holds what is refused, too."""
    catalogue = load_catalogue()
    record_type, record = given
    if record_type not in catalogue.schemas.record_types:
        return False
    owner = catalogue.owner_of(record_type) or record["department"]
    verdict = accept(record_type, record, owner=owner, rules=policy.acceptance, taken_at=world.now)
    return not isinstance(verdict, Refused)


def received(to: Recipient, told: Iterable[AnnouncementDocument], policy: Policy | None = None) -> Told:
    """What somebody would see of all that."""
    seen = (disclosed(one, to, policy or load_policy()) for one in told)
    return tuple(one for one in seen if one is not None)


def fields_of(received_: Told) -> set[str]:
    """The fields in which a value came."""
    return {name for one in received_ for name, field in one["draft"].items() if field["value"] is not None}


def parts(of: str, told: Told) -> Iterator[Recipient]:
    """A department's banks and counties, as the city's records name them."""
    own = [one for one in told if one["department"] == of]
    yield from (Recipient(of, instance=name) for name in sorted({one["instance"] for one in own} - {None}))
    yield from (Recipient(of, county=name) for name in sorted({one["county"] for one in own} - {None}))


def wrongs(told: Told, policy: Policy) -> list[str]:
    """Whatever a department, a bank or a county would receive that it may not."""
    return [
        f"{to} {one['id']}: {name}"
        for department, allowed in MAY_RECEIVE.items()
        for to in (Recipient(department), *parts(department, told))
        for one in received(to, told, policy)
        for name in one["draft"]
        if name not in (IDENTITY if one["transition"] in TAKES_BACK_OR_REMINDS else allowed)
    ]


@pytest.mark.parametrize("department", MAY_RECEIVE)
def test_each_department_receives_what_the_table_says(department: str) -> None:
    """All of it comes somewhere in the city; another department's announcements do not."""
    mine = received(Recipient(department), told_in_the_city())
    wanted = MAY_RECEIVE[department] - (APPLICANT if department in NOBODY_APPLIES else set())
    assert fields_of(mine) == wanted
    assert {one["department"] for one in mine} == {department}
    assert any(one["materials"] for one in mine)


def test_nobody_receives_a_field_too_many() -> None:
    """Not even if the draft holds all, as one made by another policy may: it is cut down once more."""
    assert wrongs(told_in_the_city(), load_policy()) == []
    assert wrongs(with_every_field(), load_policy()) == []


@pytest.mark.parametrize("department", MAY_RECEIVE)
def test_one_field_too_many_would_be_seen(department: str) -> None:
    """Whichever it is: the test above would fail."""
    policy, told = load_policy(), with_every_field()
    for field in share(sorted(EVERY_FIELD - MAY_RECEIVE[department])):
        planted = replace(policy, grants={**policy.grants, department: policy.grants[department] | {field}})
        found = wrongs(told, planted)
        assert found, field
        assert all(one.endswith(f": {field}") for one in found)
        assert {one.split("'")[1] for one in found} == {department}


def test_each_bank_receives_its_own_instances_and_no_other_banks() -> None:
    """All that is any bank's comes to one bank, and to no second."""
    told = told_in_the_city()
    banks = [to for to in parts("financial_regulation", told) if to.instance]
    assert len(banks) > 2
    seen = [one["id"] for to in banks for one in received(to, told)]
    assert sorted(seen) == sorted(one["id"] for one in told if one["instance"] is not None)
    for to in banks:
        assert {one["instance"] for one in received(to, told)} == {to.instance}
    assert received(Recipient("justice", instance=banks[0].instance), told) == ()


def test_each_county_receives_its_own_people_and_what_its_city_department_may_see() -> None:
    """What is nobody's own county's comes to the city's department alone."""
    told = told_in_the_city()
    for department in MAY_RECEIVE:
        counties = [to for to in parts(department, told) if to.county]
        assert len(counties) > 1, department
        whole = {one["id"]: one for one in received(Recipient(department), told)}
        for to in counties:
            assert all(one == whole[one["id"]] and one["county"] == to.county for one in received(to, told))
        nobodys = [one for one in whole.values() if one["county"] is None]
        assert len(whole) == len(nobodys) + sum(len(received(to, told)) for to in counties)


def test_of_shares_only_the_applicants_own_came() -> None:
    """Whoever applied is the one whose share it is."""
    shown = 0
    for one in told_in_the_city():
        share = one["draft"].get("further.notary_own_share", {}).get("value")
        if share is not None:
            (named,) = json.loads(share)
            assert named["name"] == one["draft"]["applicant.name"]["value"]
            shown += 1
    assert shown


def test_what_is_sensitive_is_masked_for_whoever_reads_what_others_were_told() -> None:
    """An auditor sees everything that was published, the service centre the form's fields."""
    told = told_in_the_city()
    sensitive = {
        f"{section}.{name}"
        for section, names in load_policy().form.items()
        for name, field in names.items()
        if field.sensitive
    }
    form = {name for name in EVERY_FIELD if not name.startswith("further.")}
    for name, fields in (("auditors", EVERY_FIELD), ("service_centre", form)):
        read = received(Recipient(name), told)
        assert len(read) == len(told)
        assert fields_of(read) <= fields
        for before, one in zip(told, read, strict=True):
            assert name != "auditors" or one["draft"].keys() == before["draft"].keys()
            for field, seen in one["draft"].items():
                value = before["draft"][field]["value"]
                assert (seen["value"] == value) == (field not in sensitive or value is None)


@pytest.mark.parametrize("name", ["data_bureau", "counties", "family", ""])
def test_whom_the_policy_does_not_name_sees_nothing(name: str) -> None:
    """Deny by default."""
    assert received(Recipient(name), told_in_the_city()) == ()
