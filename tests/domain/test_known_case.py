"""With `examine_first`, nothing that a department reads or works with shows what is held back from it."""

from typing import Any, cast

import pytest

from avro_schemas.typed_documents import AnnouncementDocument, CaseDocument
from consumers.statistics.facts import matter_facts
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.table import FORMS
from exchange.domain.access.may import WorkPlace
from exchange.domain.case_disclosure import shown_case
from exchange.domain.disclosure import Recipient
from exchange.domain.known_case import known_case
from exchange.domain.uploads.reading import files_for
from tests.cases import Given, applied, examined, given, matter, next_of
from tests.people import id_number
from tests.policies import examining_first
from tests.world import World

POLICY = examining_first()
DEATH = given("death_certificate")
DIGEST = "a" * 64
PAPER = {"kind": 3, "sha256": DIGEST, "original_sighted": False}
BROTHER = {"name": "赵冬生", "id_number": id_number(sequence=84), "phone": "13912345678"}
APPLIED = applied(9, channel="WINDOW", applicant=BROTHER, materials=[PAPER])
SISTER = applied(
    9, label="sister", channel="ONLINE", applicant={"name": "王小红", "id_number": id_number(sequence=82)}
)
IN_ORDER = examined(APPLIED, label="in order")
ASKS = examined(APPLIED, "户口簿缺第二页", label="asks")
AMENDED = next_of(APPLIED, "AMENDED", "amended", recorded_at="2026-03-21T09:00:00+08:00")
HELD = {"not examined": (DEATH, APPLIED), "asked back": (DEATH, APPLIED, ASKS)}
PASSED_ON = {"in order": (DEATH, APPLIED, IN_ORDER), "put right": (DEATH, APPLIED, ASKS, AMENDED)}
JUSTICE = cast(WorkPlace, {"department": "justice"})


def id_of(record: Given) -> str:
    """The id of a record."""
    found: str = record[1]["record_id"]
    return found


def world_of(*records: Given) -> World:
    """A world that examines first."""
    world = World(POLICY)
    for record in records:
        world.publish(record)
    return world


def case_of(*records: Given) -> CaseDocument:
    """The whole case after these records."""
    (found,) = world_of(*records).cases.values()
    return cast(CaseDocument, found)


def seen(*records: Given) -> CaseDocument:
    """The case as justice sees it."""
    world = world_of(*records)
    (found,) = world.cases.values()
    told = cast(
        list[AnnouncementDocument], [one for one in world.announcements if one["department"] == "justice"]
    )
    shown = shown_case(cast(CaseDocument, found), told, JUSTICE, POLICY)
    assert shown is not None
    return shown.case


def offered(action: str, *records: Given) -> set[str | None]:
    """About which applications for matter 9 a form is offered."""
    subjects = FORMS[action].subjects(case_of(*records), POLICY)
    return {one.application for one in subjects if one.matter == 9}


def state_in_the_queue(*records: Given) -> Any:
    """The state of matter 9 as the read model has it."""
    facts = matter_facts(known_case(case_of(*records)), POLICY)
    return next(one.state for one in facts if one.matter == 9)


@pytest.mark.parametrize("name", HELD)
def test_a_department_sees_nothing_of_what_is_held_back(name: str) -> None:
    """Neither who applied, nor how to reach them, nor the file, nor that anybody has."""
    shown = seen(*HELD[name])
    assert (matter(cast(Any, shown), 9)["state"], shown["applications"], shown["examinations"]) == (
        "READY",
        [],
        [],
    )
    said = (BROTHER["name"], BROTHER["id_number"], BROTHER["phone"], DIGEST, id_of(APPLIED))
    assert not [one for one in said if one in str(shown)]
    assert files_for(case_of(*HELD[name]), Recipient("justice"), POLICY) == ()
    assert state_in_the_queue(*HELD[name]) == "READY"


@pytest.mark.parametrize("name", PASSED_ON)
def test_it_sees_what_was_passed_on(name: str) -> None:
    """The twin: so that the test above does not pass because nothing is shown."""
    shown = seen(*PASSED_ON[name])
    assert (matter(cast(Any, shown), 9)["state"], len(shown["examinations"])) == ("APPLIED", 1)
    assert all(one in str(shown) for one in (BROTHER["name"], BROTHER["id_number"], BROTHER["phone"], DIGEST))
    files = files_for(case_of(*PASSED_ON[name]), Recipient("justice"), POLICY)
    assert [one.sha256 for one in files] == [DIGEST]
    assert state_in_the_queue(*PASSED_ON[name]) == "APPLIED"


@pytest.mark.parametrize("action", ["accept", "return", "result"])
def test_no_form_is_about_what_is_held_back(action: str) -> None:
    """What is passed on can be answered, and of two applications the one that is."""
    for records in HELD.values():
        assert offered(action, *records) == set()
    for records in PASSED_ON.values():
        assert offered(action, *records) == {None}
    assert offered(action, DEATH, SISTER, APPLIED) == {id_of(SISTER)}
    assert offered(action, DEATH, SISTER, APPLIED, IN_ORDER) == {None, id_of(SISTER), id_of(APPLIED)}


def test_of_two_applications_the_one_passed_on_is_seen() -> None:
    """Its applicant, and none of the other's papers: which application named them is not told."""
    shown = seen(DEATH, SISTER, APPLIED)
    assert [one["record_id"] for one in shown["applications"]] == [id_of(SISTER)]
    assert "王小红" in str(shown)
    assert not [one for one in (BROTHER["name"], BROTHER["id_number"], DIGEST) if one in str(shown)]


def test_the_window_sees_the_whole() -> None:
    """And reads the files that it took."""
    whole = case_of(DEATH, APPLIED)
    assert matter(cast(Any, whole), 9)["state"] == "APPLIED"
    assert matter(cast(Any, whole), 9)["applications"][0]["held_back"]
    shown = shown_case(whole, (), cast(WorkPlace, {"department": "service_centre"}), POLICY)
    assert shown is not None
    assert shown.case is whole
    assert [one.sha256 for one in files_for(whole, Recipient("service_centre"), POLICY)] == [DIGEST]
    assert FormSubject(application=id_of(APPLIED)) in FORMS["examine"].subjects(whole, POLICY)
