"""Forms: what can be done with a case, what is asked, what it rests on, and what record it makes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from avro_schemas.catalogue import SHIPPED
from exchange.command.handling.run import defaults_of
from exchange.command.views.looks import ACTIONS
from exchange.desk.actions.applications import materials_of
from exchange.desk.actions.changes import ConcernChange, changes_since
from exchange.desk.actions.decisions import KINDS, RESOLVED
from exchange.desk.actions.drawn import DrawnForm, FormSubject, changed_parts, flat, nested, version_of
from exchange.desk.actions.kinds import person_in
from exchange.desk.actions.standing import what_stands
from exchange.desk.actions.table import FORMS
from exchange.desk.asker import SHELL
from exchange.desk.drawing import SubjectUnclearError
from exchange.desk.publishing.records import faults_of
from exchange.domain.identity.links import LINK_KINDS
from exchange.domain.policy import load_policy
from tests.access_tables import TABLE
from tests.case_documents import ESTABLISHED_AT, case_document, conflict, decision, filled, matter, record
from tests.people import LI_XIULAN
from verification.shapes import field_at

POLICY = load_policy()
NOT_A_FORM = {"upload", "assign"}
"""What a handler does that publishes no record of a department's."""
RESULT = {
    "record_id": "result-1",
    "department": "provident_fund",
    "recorded_at": ESTABLISHED_AT,
    "outcome": "ACCEPTED",
    "handler": "张敏",
}


def applied(**more: Any) -> dict[str, Any]:
    """A case whose family has applied for the housing fund, for two different people at once."""
    both = [
        {
            "record_id": f"application-{number}",
            "state": "APPLIED",
            "due": None,
            "result": None,
            "way_out": None,
            "held_back": False,
        }
        for number in (1, 2)
    ]
    return case_document(matters=[matter(8, "provident_fund", "APPLIED", applications=both, **more)])


def drawn(action: str, document: Any, subject: FormSubject) -> DrawnForm:
    """A form as it was drawn on that case."""
    kind = FORMS[action]
    version = version_of(kind.concerns(document, subject))
    questions = kind.questions(document, subject, POLICY)
    return DrawnForm(action, document["case_id"], "r", datetime.now(UTC), version, subject, questions)


def names(action: str, document: Any, subject: FormSubject) -> list[str]:
    """What a form asks."""
    return [one.name for one in drawn(action, document, subject).questions]


def test_every_action_of_the_writing_row_has_a_form() -> None:
    """An action that access.yaml allows and no form makes would be a promise that nobody keeps."""
    row = next(line for line in TABLE.actions if "accept" in line)
    assert set(row) - NOT_A_FORM == set(FORMS)
    assert set(FORMS) <= TABLE.roles[SHELL].may


def test_whoever_asks_who_looked_reads_of_each_form_in_words() -> None:
    """A form that is drawn is a look at the case."""
    assert set(FORMS) <= set(ACTIONS)


def test_every_kind_of_decision_that_the_schema_has_can_be_decided() -> None:
    assert set(KINDS) == field_at("decision", "kind", SHIPPED).symbols


def test_a_matter_is_accepted_where_somebody_has_applied() -> None:
    """For all at once, or for one of several; where nobody has applied there is nothing to accept."""
    found = FORMS["accept"].subjects(applied(), POLICY)
    alone = (FormSubject(8, None, f"application-{number}") for number in (1, 2))
    assert found == (FormSubject(8), *alone)
    assert FORMS["accept"].subjects(case_document(), POLICY) == ()
    ready = case_document(matters=[matter(12, "market_regulation", "READY")])
    assert FORMS["result"].subjects(ready, POLICY) == (FormSubject(12),)


@pytest.mark.parametrize("number", [one.matter for one in POLICY.matters])
def test_what_a_record_ends_no_result_is_offered_for(number: int) -> None:
    """There results change nothing, but one that asks to put something right."""
    by_record = number in {1, 2, 3, 11}
    document = case_document(matters=[matter(number, "police", "APPLIED")])
    offered = {one: FORMS[one].subjects(document, POLICY) for one in ("accept", "return", "result")}
    own = (FormSubject(number),)
    assert offered == {"accept": () if by_record else own, "return": own, "result": () if by_record else own}
    told = what_stands("result", document, FormSubject(number), POLICY)
    assert bool(told) is by_record


def test_why_there_is_nothing_to_do_is_told() -> None:
    """The record that closes the matter, by its name; or what was said before, by whom and when."""
    document = case_document(matters=[matter(3, "police", "APPLIED", results=[RESULT])])
    (told,) = what_stands("accept", document, FormSubject(3), POLICY)
    assert ("户口注销" in told.zh, "hukou cancellation" in told.en) == (True, True)
    (told,) = what_stands("accept", applied(results=[RESULT]), FormSubject(8), POLICY)
    assert all(word in told.zh for word in ("张敏", "2026-01-05 10:30:00", "受理"))
    assert what_stands("accept", applied(), FormSubject(8), POLICY) == ()
    assert what_stands("return", document, FormSubject(3), POLICY) == ()


def test_what_the_case_knows_is_not_asked() -> None:
    """Of an application: not who has died, and not a matter that is settled."""
    asked = names("apply", case_document(), FormSubject())
    assert not {"name", "id_number"} & set(asked)
    unknown = case_document(form={"deceased": {}, "applicant": {}, "accounts": {}}, conflicts=[])
    assert {"name", "id_number"} <= set(names("apply", unknown, FormSubject()))
    settled = case_document(matters=[matter(4, "human_resources", "COMPLETED")])
    (matters,) = [one for one in drawn("apply", settled, FormSubject()).questions if one.name == "matters"]
    assert "4" not in matters.choices
    assert {"5", "10"} <= set(matters.choices)


def test_a_record_to_choose_is_one_of_the_case() -> None:
    """Which of the rivals is right; and of a person's records, which is meant."""
    torn = case_document(conflicts=[conflict("deceased.death_time", "a", "b")])
    (choice, *_) = drawn("decide", torn, FormSubject(kind="CONFLICT_RESOLVED")).questions
    assert (choice.choices, choice.needed) == (("r",), True)
    (record, number, _) = drawn("decide", torn, FormSubject(kind="PERSON_LINKED")).questions
    assert record.choices == ("certificate-1", "cremation-1")
    assert (number.sensitive, number.needed) == (True, False)


def test_what_is_lacking_or_was_not_asked_is_named() -> None:
    """A rejection needs its reason; no answer fills a field of the record that nobody asked for."""
    questions = drawn("result", applied(), FormSubject(8)).questions
    assert [one.field for one in faults_of({"outcome": "REJECTED"}, questions, ESTABLISHED_AT)] == ["reason"]
    assert faults_of({"outcome": "COMPLETED"}, questions, ESTABLISHED_AT) == ()
    also = {"outcome": "COMPLETED", "department": "police"}
    (unasked,) = faults_of(also, questions, ESTABLISHED_AT)
    assert (unasked.code, unasked.field) == ("field_unknown", "department")


@pytest.mark.parametrize("name", ["matters", "materials", "originals_sighted"])
@pytest.mark.parametrize("answer", [5, "3", True, {}, [3], ["3"], None])
def test_what_asks_for_several_takes_a_list(name: str, answer: Any) -> None:
    """A program may send anything; a record can be made of it all the same."""
    asked = drawn("apply", case_document(), FormSubject()).questions
    found = faults_of({name: answer}, asked, ESTABLISHED_AT)
    codes = {one.code for one in found if one.field == name}
    assert ("not_a_list" in codes) is (str(answer) in {"5", "3", "True"})
    FORMS["apply"].fields(FormSubject(), {name: answer})
    FORMS["examine"].fields(FormSubject(), {name: answer})


def test_a_number_that_numbers_nothing_stays_as_it_was_typed() -> None:
    """Python reads none of more than 4300 digits."""
    long = "1" * 5000
    assert materials_of([long, "3"], None) == [{"kind": long}, {"kind": 3}]


@pytest.mark.parametrize("kind", ["application", "decision", "nothing", "result", "death_certificate", None])
def test_the_window_withdraws_records_of_its_own_alone(kind: str | None) -> None:
    """What a program makes up belongs nowhere, so that nobody may."""
    place = FORMS["withdraw"].place(case_document(), FormSubject(kind=kind, record="a"), POLICY)
    assert place.get("department") == ("service_centre" if kind in {"application", "decision"} else None)


@pytest.mark.parametrize(
    ("action", "outcome"), [("accept", "ACCEPTED"), ("return", "RETURNED"), ("result", "COMPLETED")]
)
def test_a_result_says_its_outcome_and_what_it_is_about(action: str, outcome: str) -> None:
    subject = FormSubject(10, "银行", "application-1")
    typed = {"outcome": "COMPLETED"} if action == "result" else {}
    made = FORMS[action].fields(subject, typed)
    about = {"matter": 10, "instance": "银行", "application": "application-1"}
    assert made == {"outcome": outcome, **about}


def test_materials_have_their_originals_beside_them() -> None:
    """Whether typed as numbers or with the hash of a file; what was only sighted counts as well."""
    assert materials_of(["1", {"kind": 2, "sha256": "ab"}], ["2", "4"]) == [
        {"kind": 1},
        {"kind": 2, "sha256": "ab", "original_sighted": True},
        {"kind": 4, "original_sighted": True},
    ]


def test_answers_stand_in_parts_as_in_records() -> None:
    typed = {"applicant.name": "王小明", "window": "", "matters": ["4"]}
    assert nested(typed) == {"applicant": {"name": "王小明"}, "matters": ["4"]}
    assert flat(nested(typed)) == {"applicant.name": "王小明", "matters": ["4"]}


def test_what_does_not_concern_a_form_does_not_change_it() -> None:
    """Another matter's result is none of this form's business; that of its own is, and says whose it is."""
    form = drawn("accept", applied(), FormSubject(8))
    others = applied()
    others["matters"].append(matter(4, "human_resources", "COMPLETED", results=[RESULT]))
    assert changes_since(form, FORMS["accept"], others) == ()
    own = applied(results=[RESULT])
    own["matters"][0]["state"] = "ACCEPTED"
    assert changes_since(form, FORMS["accept"], own) == (
        ConcernChange("state", "张敏", ESTABLISHED_AT),
        ConcernChange("results", "张敏", ESTABLISHED_AT),
    )


def test_of_decisions_those_change_a_form_that_would_replace_it() -> None:
    """A hold on another matter does not; one for every bank meets one for a single bank."""
    form = drawn("decide", case_document(), FormSubject(10, "甘肃银行", kind="MATTER_HELD"))
    for changed, more in ((False, {"matter": 3}), (True, {"matter": 10}), (False, {"kind": "PERSON_LINKED"})):
        entry = decision(more.pop("kind", "MATTER_RELEASED"), **more)
        later = case_document(decisions=[entry])
        found = [one.part for one in changes_since(form, FORMS["decide"], later)]
        assert found == (["decisions"] if changed else [])


def test_versions_tell_which_part_is_another() -> None:
    before, now = version_of({"a": 1, "b": [1]}), version_of({"a": 1, "b": [2]})
    assert changed_parts(before, now) == ("b",)
    assert changed_parts(now, now) == ()
    assert changed_parts("", now) == ("a", "b")


def test_a_person_whose_names_disagree_is_called_one_of_them() -> None:
    """What a handler decides about the conflict has to name the person all the same."""
    document = case_document(
        form={"deceased": {"name": filled(None, "conflict"), "id_number": filled(LI_XIULAN)}},
        conflicts=[conflict("deceased.name", "李秀兰", "李秀英")],
    )
    assert person_in(document) == {"id_number": LI_XIULAN, "name": "李秀兰"}


def waiting(number: int, *words: str, **more: Any) -> dict[str, Any]:
    """A matter that waits for what the window gives."""
    owed = [{"prerequisite": word, "owed_by": ["service_centre"], "since": ESTABLISHED_AT} for word in words]
    return matter(number, "civil_affairs", "WAITING", waiting_for=owed, **more)


REOPENED = decision("MATTER_NOT_APPLICABLE", "REOPENED", matter=3)
BURIAL, BANK_HELD = waiting(2, "burial_or_cremation"), waiting(10, "release", instance="甘肃银行")
HELD_RECORD = record("notary-1", "notary", "justice", held=True)


@pytest.mark.parametrize(
    ("more", "awaited"),
    [
        ({}, []),
        ({"matters": [waiting(3, "death")]}, []),
        ({"matters": [BURIAL]}, [FormSubject(2, kind="MATTER_NOT_APPLICABLE")]),
        ({"matters": [waiting(3, "release")]}, [FormSubject(3, kind="MATTER_RELEASED")]),
        ({"matters": [BANK_HELD]}, [FormSubject(10, "甘肃银行", kind="MATTER_RELEASED")]),
        ({"decisions": [REOPENED]}, [FormSubject(3, kind="MATTER_NOT_APPLICABLE")]),
        ({"decisions": [{**REOPENED, "standing": "IN_FORCE"}]}, []),
        ({"conflicts": [conflict("deceased.name", "李秀兰", "李秀英")]}, [FormSubject(kind=RESOLVED)]),
        ({"records": [HELD_RECORD]}, [FormSubject(kind=kind) for kind in LINK_KINDS]),
        ({"records": [{**HELD_RECORD, "moved_to": "another"}]}, []),
    ],
)
def test_what_a_case_waits_for_a_decision_on_is_told_from_what_may_be_decided(
    more: dict[str, Any], awaited: list[FormSubject]
) -> None:
    """A case in which nothing is unclear offers dozens of decisions, of which none is asked for."""
    document: Any = case_document(**{"conflicts": [], **more})
    offered = FORMS["decide"].subjects(document, POLICY)
    assert [one for one in offered if FORMS["decide"].awaited(document, one, POLICY)] == awaited
    assert len(offered) > len(awaited)


def test_an_examination_says_how_each_material_stands_and_ticks_none() -> None:
    """The worst of an application's matters counts; whoever sights originals says so each time."""

    def asked(*states: str, applications: int = 1) -> tuple[dict[str, str], list[bool]]:
        papers = [
            matter(number, "police", "APPLIED", materials=[{"kind": 2, "state": state}])
            for number, state in zip((3, 10, 9), states, strict=False)
        ]
        of_one = case_document()["applications"] * applications
        document: Any = case_document(matters=papers, applications=of_one)
        questions = drawn("examine", document, FormSubject(application="application-1")).questions
        return dict(questions[0].standing), [one.all_by_default for one in questions]

    nothing_ticked = [False] * 3
    assert asked("verified_by_data", "verified_by_data") == ({"2": "verified_by_data"}, nothing_ticked)
    assert asked("verified_by_data", "original_to_sight") == ({"2": "original_to_sight"}, nothing_ticked)
    assert asked("supplied", "missing") == ({"2": "missing"}, nothing_ticked)
    assert asked("supplied", "verified_by_data") == ({"2": "supplied"}, nothing_ticked)
    assert asked("verified_by_data", "supplied", "missing") == ({"2": "supplied"}, nothing_ticked), (
        "not asked"
    )
    assert asked("verified_by_data", applications=2) == ({}, nothing_ticked), "perhaps another applicant's"


def test_a_result_that_was_superseded_is_not_handed_out() -> None:
    """The family would sign for a rejection that no longer stands."""
    results = [RESULT | {"record_id": "a", "outcome": "REJECTED"}]
    for in_force, offered in ((False, ()), (True, (FormSubject(),))):
        document = case_document(
            matters=[matter(9, "justice", "ACCEPTED", results=results)],
            records=[record("a", "result", "justice", in_force=in_force)],
            handovers=[],
        )
        assert FORMS["hand_out"].subjects(document, POLICY) == offered


def test_only_results_that_count_are_handed_out() -> None:
    """One that changed nothing, since a record ends the matter, is no paper that a family waits for."""
    ended = [RESULT | {"outcome": "COMPLETED"}]
    for number, offered in ((3, ()), (8, (FormSubject(),))):
        document = case_document(matters=[matter(number, "police", "APPLIED", results=ended)], handovers=[])
        assert FORMS["hand_out"].subjects(document, POLICY) == offered


@pytest.mark.parametrize(
    ("subjects", "option"),
    [
        ((FormSubject(application="a"), FormSubject(application="b")), "--application"),
        ((FormSubject(4), FormSubject(5)), "--matter"),
        ((FormSubject(4, record="a"), FormSubject(5, record="b")), "--record"),
        ((FormSubject(4, kind="MATTER_HELD"), FormSubject(kind="CONFLICT_RESOLVED")), "--matter, --kind"),
    ],
)
def test_what_is_unclear_is_named_by_options_that_tell_it_apart(
    subjects: tuple[FormSubject, ...], option: str
) -> None:
    """A command has no others: an examination is of an application, and of no matter."""
    assert f"with {option}." in SubjectUnclearError("examine", subjects).hint


def test_who_hands_out_and_names_no_result_hands_out_all() -> None:
    """A program, or a clerk who gives everything as options; nothing else is chosen for anybody."""
    results = [RESULT | {"record_id": one, "outcome": "COMPLETED"} for one in ("a", "b")]
    ended = case_document(matters=[matter(8, "police", "COMPLETED", results=results)], handovers=[])
    form = drawn("hand_out", ended, FormSubject())
    assert defaults_of(form) == {"results": ["a", "b"]}
    typed = {"delivery": "WINDOW", "recipient_name": "王小明"} | defaults_of(form)
    assert faults_of(typed, form.questions, ESTABLISHED_AT) == ()
    assert defaults_of(drawn("apply", case_document(), FormSubject())) == {}


def enquiry(record_id: str, **more: Any) -> dict[str, Any]:
    """What somebody asked at the window."""
    asked = {"text": "何时办结？", "matter": 4, "reply": None, "closed_at": None, "handler": "张敏"}
    return {"record_id": record_id, "recorded_at": ESTABLISHED_AT, **asked, **more}


def test_a_reply_is_to_an_open_enquiry_and_keeps_what_was_asked() -> None:
    """It is the enquiry said anew: sent again, when the case has it already, it is the same."""
    open_one, closed = enquiry("a"), enquiry("b", closed_at="2026-03-05")
    before = case_document(enquiries=[open_one, closed])
    assert FORMS["reply"].subjects(before, POLICY) == (FormSubject(record="a"),)
    assert FORMS["reply"].subjects(case_document(enquiries=[closed]), POLICY) == ()
    form = drawn("reply", before, FormSubject(record="a"))
    replied = [record("a", "enquiry", "service_centre", in_force=False)]
    replied += [record("c", "enquiry", "service_centre", action="AMENDED", supersedes="a", revision=2)]
    after = case_document(enquiries=[enquiry("c", reply="已办结"), closed], records=replied)
    made = [FORMS["reply"].replaces(one, form.subject) for one in (before, after)]
    named = {"action": "AMENDED", "supersedes": "a", "revision": 2}
    assert made == [{**named, "text": "何时办结？", "matter": 4}] * 2
    assert [one.part for one in changes_since(form, FORMS["reply"], after)] == ["enquiries"]


def ended(*results: dict[str, Any], number: int = 8) -> Any:
    """A case in which a matter has ended, with the records of its results."""
    entries = [record(one["record_id"], "result", one["department"]) for one in results]
    own = [{"application": None, **one} for one in results]
    return case_document(
        matters=[matter(number, "provident_fund", "REJECTED", results=own)], records=entries, handovers=[]
    )


def test_what_was_said_of_the_end_is_corrected_and_nothing_else() -> None:
    """An acceptance was no end; where a record ends the matter, that record is corrected."""
    rejected = RESULT | {"record_id": "r", "outcome": "REJECTED"}
    (subject,) = FORMS["correct"].subjects(ended(RESULT, rejected), POLICY)
    assert subject == FormSubject(8, record="r")
    replaced = FORMS["correct"].replaces(ended(rejected), subject)
    assert replaced == {"action": "AMENDED", "supersedes": "r", "revision": 2}
    assert FORMS["correct"].fields(subject, {"outcome": "COMPLETED"})["outcome"] == "COMPLETED"
    assert FORMS["correct"].subjects(ended(RESULT), POLICY) == ()
    assert FORMS["correct"].subjects(ended(rejected, number=3), POLICY) == ()
    settled = ended(rejected)
    settled["records"][0]["in_force"] = False
    assert FORMS["correct"].subjects(settled, POLICY) == ()


def test_a_result_is_withdrawn_by_whoever_said_it() -> None:
    """Of a matter that another department decides by now, as well."""
    document = ended(RESULT)
    (subject,) = FORMS["withdraw_result"].subjects(document, POLICY)
    assert (subject.record, subject.department) == ("result-1", "provident_fund")
    document["matters"][0]["department"] = "police"
    place = FORMS["withdraw_result"].place(document, subject, POLICY)
    assert place["department"] == "provident_fund"
    document["records"] = [record("result-1", "result", "provident_fund", in_force=False)]
    results, document["matters"][0]["results"] = document["matters"][0]["results"], []
    assert FORMS["withdraw_result"].place(document, subject, POLICY) == place, "once it is withdrawn, too"
    document["matters"][0]["results"] = results
    taken_back = FORMS["withdraw_result"].replaces(document, subject)
    assert taken_back == {
        **{"action": "REVOKED", "supersedes": "result-1", "revision": 2},
        **{"matter": 8, "instance": None, "outcome": "ACCEPTED", "application": None},
    }


def test_the_window_withdraws_what_it_published_but_unlinks_by_a_decision() -> None:
    document = case_document(
        decisions=[decision("MATTER_HELD", matter=4), decision("PERSON_LINKED", record_id="linked")],
        enquiries=[enquiry("a")],
        **{name: [] for name in ("applications", "examinations", "handovers", "appointments")},
    )
    subjects = FORMS["withdraw"].subjects(document, POLICY)
    assert {(one.kind, one.record) for one in subjects} == {("decision", "decision-1"), ("enquiry", "a")}
    kept = [FORMS["withdraw"].replaces(document, one) for one in subjects]
    assert kept[0]["text"] == "何时办结？"
    assert {name: kept[1][name] for name in ("kind", "matter", "reason")} == {
        "kind": "MATTER_HELD",
        "matter": 4,
        "reason": "家属提供村委会证明",
    }
    assert [FORMS["withdraw"].becomes(one) for one in subjects] == ["enquiry", "decision"]


def test_an_application_that_is_withdrawn_says_whose_it_was() -> None:
    applied_for = case_document()["applications"][0]
    (subject,) = [
        one for one in FORMS["withdraw"].subjects(case_document(), POLICY) if one.kind == "application"
    ]
    made = FORMS["withdraw"].replaces(case_document(), subject)
    assert made["matters"] == applied_for["matters"]
    assert made["applicant"] == {
        name: one["value"] for name, one in applied_for["applicant"].items() if one["value"] is not None
    }
