"""What a program is told where no form could be drawn."""

import json
from pathlib import Path
from typing import Any

import pytest

from exchange.command.handling import run
from exchange.command.handling.run import FormOrder, FormRefusedError, refusal_row, run_form
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.asker import NotAllowedError
from exchange.desk.drawing import NothingToDoError, SubjectUnclearError
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said


def order(file: str, *, json: bool) -> FormOrder:
    """An order to accept, by a file."""
    return FormOrder("accept", "", FormSubject(), {}, file, False, json, "", None)


@pytest.mark.parametrize("wanted", [True, False])
def test_a_broken_file_is_one_line_for_a_program_and_none_for_a_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wanted: bool
) -> None:
    file = tmp_path / "form.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(FormRefusedError):
        run_form(order(str(file), json=wanted))
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["end"], row["reasons"][0]["code"]) for row in rows] == [("REFUSED", "form_refused")] * wanted


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (NotAllowedError(said("not_allowed", role="county", action="apply")), "not_allowed"),
        (NothingToDoError(said("nothing_to_do", action="accept")), "nothing_to_do"),
        (SubjectUnclearError("accept", (FormSubject(4), FormSubject(5))), "subject_unclear"),
    ],
)
def test_a_refusal_has_its_code_and_both_languages(refusal: ExchangeError, code: str) -> None:
    row: Any = refusal_row(refusal)
    (reason,) = row["reasons"]
    assert (row["end"], reason["code"]) == ("REFUSED", code)
    assert f"{reason['message_zh']}\n  {reason['message_en']}" == refusal.message


def test_what_a_part_could_not_do_is_no_refusal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program may send it again: nobody has said no."""

    def away(_home: object) -> None:
        raise ExchangeError("PostgreSQL does not answer")

    monkeypatch.setattr(run, "load_settings", away)
    with pytest.raises(ExchangeError):
        run_form(order("", json=True))
    assert not capsys.readouterr().out
