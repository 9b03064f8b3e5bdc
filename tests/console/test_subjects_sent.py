"""A program that sends back what a form is about, as it was told, names the same."""

import msgspec
import pytest

from exchange.console.api.forms import SubjectNamed, subject_of
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.publishing.outcome import subject_row


@pytest.mark.parametrize(
    "subject",
    [
        FormSubject(10, "甘肃银行", "application-1"),
        FormSubject(4, "甘肃银行", department="human_resources", record="result-1"),
        FormSubject(kind="decision", department="service_centre", record="decision-1"),
    ],
    ids=["a matter", "a result", "a record of the window's"],
)
def test_what_a_form_is_about_comes_back_as_it_was_told(subject: FormSubject) -> None:
    assert subject_of(msgspec.convert(subject_row(subject), SubjectNamed)) == subject
