"""Runs one form from the command line: drawn, filled by a person or a program, sent, and told of."""

import json as json_text
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typer

from exchange.command.handling.asking import ask_all, choose
from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.language import language_of
from exchange.command.views.forms import AGAIN, CASE, WHICH, FormSheet
from exchange.desk.actions.drawn import DrawnForm, FormSubject, flat
from exchange.desk.actions.table import FORMS
from exchange.desk.asker import Asker, NotAllowedError
from exchange.desk.desk import Desk, open_desk
from exchange.desk.drawing import NothingToDoError, SubjectUnclearError, draw
from exchange.desk.persons import AskedPerson, asked_person
from exchange.desk.publishing.outcome import FormOutcome, drawn_row
from exchange.desk.publishing.publish import publish
from exchange.runtime.errors import ExchangeError
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings

STANDARD_INPUT: Final = "-"


class FormRefusedError(ExchangeError):
    """No form was drawn: there is no such number, or a file holds none of this action."""


_REFUSALS: Final[Mapping[type[ExchangeError], str]] = {
    NotAllowedError: "not_allowed",
    NothingToDoError: "nothing_to_do",
    SubjectUnclearError: "subject_unclear",
    FormRefusedError: "form_refused",
}
"""What a program is told by a code: none of it is another part's doing, and all stay so if sent again."""


@dataclass(frozen=True)
class FormOrder:
    """What a command was told.

    Attributes:
        action: as access.yaml calls it.
        case: a case id or a number; `-`: the first line of standard input; empty: asked for.
        wanted: what the form is to be about, as far as that was said.
        given: the answers that were given as options.
        file: a file with the others: `{"form": …, "answers": {…}}`, as `--draw` prints it.
        draw: whether the form is only to be drawn.
    """

    action: str
    case: str = field(repr=False)
    wanted: FormSubject
    given: Mapping[str, Any] = field(repr=False)
    file: str
    draw: bool
    json: bool
    actor: str
    home: Path | None

    @property
    def by_a_person(self) -> bool:
        """Whether somebody is there to be asked."""
        return sys.stdin.isatty() and not (self.json or self.file or self.draw)


def run_form(order: FormOrder) -> None:
    """Run a form to its end; exit 1 where nothing was published, or the record was rejected.

    Raises:
        typer.BadParameter: what was said is not enough, or no case.
        ExchangeError: it is not to be done, which a program is told in its line, or a part does not answer.
    """
    try:
        _run(order)
    except tuple(_REFUSALS) as refusal:
        if order.json:
            print_json(refusal_row(refusal))
        raise


def refusal_row(refusal: ExchangeError) -> dict[str, object]:
    """Return what a program is told of a form that was not drawn; a sentence is Chinese, then English."""
    code = next(code for kind, code in _REFUSALS.items() if isinstance(refusal, kind))
    lines = refusal.message.split("\n  ")
    told = {"message_zh": "\n".join(lines[::2]), "message_en": "\n".join(lines[1::2])}
    return {"end": "REFUSED", "reasons": [{"code": code, **told}]}


def _run(order: FormOrder) -> None:
    content = _read(order.file)
    configure_logs(logging.WARNING)
    settings = load_settings(order.home)
    asker = asker_of(order.actor, settings)
    with open_desk(settings) as desk:
        run = _FormRun(desk, asker, order, FormSheet(desk.policy, language_of("")))
        form, given = _form_in(content, order.action), order.given
        if form is None:
            person = run.person()
            form = run.draw(person.case_id)
            given = {**_number_of(person, form), **given}
        default = {} if order.by_a_person else defaults_of(form)
        if order.draw:
            print_json(drawn_row(form, {**default, **given}))
            return
        outcome = run.send(form, {**default, **flat(content.get("answers", {})), **given})
        if order.json:
            print_json(outcome.as_json())
    if not outcome.is_in:
        raise typer.Exit(1)


@dataclass(frozen=True)
class _FormRun:
    desk: Desk
    asker: Asker
    order: FormOrder
    sheet: FormSheet

    def person(self) -> AskedPerson:
        """Return whom the case id or the number means."""
        person = asked_person(self.desk.case_ids, self._case())
        if person is None:
            raise FormRefusedError(said("no_such_number"))
        return person

    def draw(self, case_id: str) -> DrawnForm:
        """Return the form about what is meant; where that is several, a person chooses."""
        try:
            return draw(self.desk, self.asker, self.order.action, case_id, self.order.wanted)
        except SubjectUnclearError as unclear:
            if not self.order.by_a_person:
                for one in unclear.subjects:
                    say(f"  {self.sheet.subject(one)}")
                raise
            wanted = self._chosen(unclear.subjects)
            return draw(self.desk, self.asker, self.order.action, case_id, wanted)

    def _chosen(self, subjects: tuple[FormSubject, ...]) -> FormSubject:
        """Return the subject that a person chooses: what kind, then which matter, bank and application."""
        for name in ("kind", "matter", "instance", "application", "record"):
            values = tuple(dict.fromkeys(getattr(one, name) for one in subjects))
            if len(values) > 1:
                told = (self.sheet.subject_part(name, value) for value in values)
                wanted = choose(self.sheet.both(WHICH), values, told)
                subjects = tuple(one for one in subjects if getattr(one, name) == wanted)
        return subjects[0]

    def send(self, form: DrawnForm, given: Mapping[str, Any]) -> FormOutcome:
        """Send a form; a person is asked what is missing, and what could not stand, and may send it again."""
        typed = dict(given)
        while True:
            if self.order.by_a_person:
                record_type = FORMS[form.action].record_type
                typed = ask_all(self.sheet, record_type, form.questions, typed)
            outcome = publish(self.desk, self.asker, form, typed)
            self.tell(outcome)
            if outcome.end in {"ANSWERED", "BEING_PROCESSED"} or not self._again():
                return outcome
            typed = _without(typed, outcome)
            form = self._anew(form) if outcome.end == "CHANGED" else form

    def _case(self) -> str:
        text = self.order.case
        if text == STANDARD_INPUT:
            text = sys.stdin.readline()
        elif not text and self.order.by_a_person:
            text = typer.prompt(self.sheet.both(CASE), err=True)
        if not text.strip():
            raise typer.BadParameter(said("case_missing"))
        return text.strip()

    def tell(self, outcome: FormOutcome) -> None:
        for line in self.sheet.outcome(outcome):
            say(line)

    def _again(self) -> bool:
        return self.order.by_a_person and typer.confirm(self.sheet.both(AGAIN), default=True, err=True)

    def _anew(self, form: DrawnForm) -> DrawnForm:
        return draw(self.desk, self.asker, form.action, form.case_id, form.subject)


def defaults_of(form: DrawnForm) -> dict[str, list[str]]:
    """Return the answers that stand for who is not asked and gives none."""
    return {one.name: [*one.choices] for one in form.questions if one.all_by_default}


def _number_of(person: AskedPerson, form: DrawnForm) -> dict[str, str]:
    """Return the number by which somebody was asked for of whom nothing is known."""
    return {one.name: person.asked for one in form.questions if one.name == "id_number" and person.by_number}


def _without(typed: Mapping[str, Any], outcome: FormOutcome) -> dict[str, Any]:
    """Return the answers without those that cannot stand: these are asked again."""
    wrong = {one.field.partition("[")[0] for one in outcome.reasons}
    return {name: value for name, value in typed.items() if name not in wrong}


def _read(file: str) -> dict[str, Any]:
    """Return what a file says; nothing where none is named."""
    if not file:
        return {}
    try:
        text = sys.stdin.read() if file == STANDARD_INPUT else Path(file).read_text(encoding="utf-8")
        content = json_text.loads(text)
    except (UnicodeDecodeError, ValueError):
        raise FormRefusedError(said("form_unreadable")) from None
    if not isinstance(content, dict) or not isinstance(content.get("answers", {}), dict):
        raise FormRefusedError(said("form_unreadable"))
    return content


def _form_in(content: Mapping[str, Any], action: str) -> DrawnForm | None:
    """Return the form that a file holds; None if it has answers alone."""
    row = content.get("form")
    if row is None:
        return None
    try:
        if row["action"] != action:
            raise FormRefusedError(said("form_of_another_action", action=row["action"]))
        names = ("case_id", "record_id", "version")
        case_id, record_id, version = (str(row[name]) for name in names)
        at, subject = datetime.fromisoformat(row["recorded_at"]), FormSubject(**row["subject"])
    except (KeyError, TypeError, ValueError):
        raise FormRefusedError(said("form_unreadable")) from None
    return DrawnForm(action, case_id, record_id, at, version, subject, ())
