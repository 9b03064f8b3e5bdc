"""What a handler reads of a form: what is asked and how, and what became of it, in both languages."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from exchange.command.views.forms import FormSheet
from exchange.desk.actions.changes import ConcernChange
from exchange.desk.actions.drawn import DrawnForm, FormQuestion, FormSubject
from exchange.desk.actions.entries import record_entries
from exchange.desk.actions.table import FORMS
from exchange.desk.publishing.outcome import FormOutcome
from exchange.domain.policy import load_policy
from tests.case_documents import case_document
from verification.reasons import reason
from verification.shapes import field_at

POLICY = load_policy()
SHEET = FormSheet(POLICY, "zh")
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
FORM = DrawnForm("accept", "0" * 32, "record-1", NOW, "v", FormSubject(4), ())


def told(outcome: FormOutcome) -> str:
    """What is said of an outcome."""
    return "\n".join(SHEET.outcome(outcome))


def test_who_comes_second_reads_who_was_faster_and_when() -> None:
    """A handler by name, a department by its own; and that nothing typed is lost."""
    changes = (ConcernChange("state", "张敏", NOW), ConcernChange("results", "human_resources", NOW))
    lines = told(FormOutcome("CHANGED", FORM, {}, changes=changes))
    for words in (
        "张敏，2026-03-02 09:30:00",
        "市人社局",
        "state of the matter",
        "没有丢失",
        "nothing that was typed",
    ):
        assert words in lines


def test_what_cannot_stand_is_named_with_its_question() -> None:
    lines = told(FormOutcome("UNFIT", FORM, {}, reasons=(reason("field_missing", "reason"),)))
    term = field_at("result", "reason", POLICY.schemas).doc.partition(":")[0]
    assert f"field_missing {term} · reason" in lines


def test_a_reason_calls_a_field_as_the_form_asks_for_it() -> None:
    """Of a list, without the place in it; a name that the form does not have stands for itself."""
    returned = replace(FORM, action="return")
    reasons = (reason("field_missing", "to_correct[0]"), reason("field_unknown", "colour", nearest=""))
    lines = told(FormOutcome("UNFIT", returned, {}, reasons=reasons))
    term = field_at("result", "to_correct", POLICY.schemas).doc.partition(":")[0]
    assert "to_correct" not in lines
    assert all(word in lines for word in (f"{term} · to correct", "colour"))


def test_what_is_being_processed_is_no_failure() -> None:
    lines = told(FormOutcome("BEING_PROCESSED", FORM, {}))
    assert "record-1" in lines
    assert "没有丢失" not in lines


def test_every_question_of_every_form_has_its_name_in_both_languages() -> None:
    """In the words of its schema; a choice says what it is, a record by its type and department."""
    case = case_document()
    asked = 0
    for kind in FORMS.values():
        for subject in kind.subjects(case, POLICY)[:40]:
            for question in kind.questions(case, subject, POLICY):
                line = SHEET.question(kind.record_type, question, needed=question.needed)
                assert " · " in line, (kind.action, question.name)
                assert all(SHEET.choice(question, value) for value in question.choices)
                asked += 1
    assert asked > 50


CASE: Any = case_document()


def test_a_choice_says_what_it_is() -> None:
    entries = record_entries(CASE)
    question = FormQuestion("in_favour_of", "one", ("certificate-1",), entries=entries)
    assert SHEET.choice(question, "certificate-1").startswith("死亡证明")
    assert SHEET.choice(FormQuestion("outcome"), "COMPLETED") == "办结"
    assert SHEET.subject_part("matter", 4).startswith("4 ")
