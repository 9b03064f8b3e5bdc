"""Asks a handler what a form asks, one question after the other; what is known is not asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import typer

from exchange.command.terminal.console import say
from exchange.command.views.forms import FormSheet
from exchange.desk.actions.amounts import UnreadableAnswerError, fen_of
from exchange.desk.actions.drawn import FormQuestion
from exchange.runtime.sentences import said

_SEVERAL: Final = frozenset({"several", "texts"})
_SEPARATORS: Final = str.maketrans("，、；;", ",,,,")
_YES: Final = frozenset({"y", "yes", "true", "1"})
_NO: Final = frozenset({"n", "no", "false", "0"})
T = TypeVar("T")


def ask_all(
    sheet: FormSheet, record_type: str, questions: Iterable[FormQuestion], known: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the answers: what is known already, and what was typed."""
    typed = dict(known)
    for one in questions:
        if one.name not in typed:
            needed = one.is_needed(typed)
            answer = _ask(sheet, sheet.question(record_type, one, needed=needed), one, needed=needed)
            typed |= {} if answer is None else {one.name: answer}
            for line in _echo(sheet, one, answer):
                say(f"  = {line}")
    return typed


def choose(heading: str, among: Sequence[T], told: Iterable[str]) -> T:
    """Return the one of several that is chosen by its number."""
    say(heading)
    lines = tuple(told)
    numbers = _numbers(among)
    for number, line in zip(numbers, lines, strict=True):
        say(_line(number, line))
    while True:
        text = typer.prompt("", prompt_suffix="> ", err=True).strip()
        if text in numbers:
            say(f"  = {lines[numbers.index(text)]}")
            return among[numbers.index(text)]
        say(said("answer_not_a_choice"))


def _numbers(among: Sequence[object]) -> tuple[str, ...]:
    """Return what to type for each choice: a matter's or a material's own number, 0 for all, or its line."""
    own = tuple("0" if one is None else str(one) for one in among)
    return own if all(map(str.isdecimal, own)) else tuple(str(line) for line in range(1, len(own) + 1))


def _line(number: str, told: str) -> str:
    """Return a choice behind what is typed for it; a matter's name begins with its number already."""
    return f"  {told}" if told.split(" ", 1)[0] == number else f"  {number}. {told}"


def _echo(sheet: FormSheet, question: FormQuestion, answer: Any) -> Iterator[str]:
    """Yield by name what was chosen, before it is sent."""
    for one in answer if isinstance(answer, list) else [answer]:
        if one in question.choices:
            yield sheet.choice(question, one)


def _ask(sheet: FormSheet, heading: str, question: FormQuestion, *, needed: bool) -> Any:
    say(heading)
    for number, value in zip(_numbers(question.choices), question.choices, strict=True):
        say(_line(number, sheet.choice(question, value)))
    while True:
        text = typer.prompt("", prompt_suffix="> ", default="", show_default=False, err=True).strip()
        if not text and not needed:
            return None
        try:
            return answer_of(question, text)
        except UnreadableAnswerError:
            say(said("answer_not_a_choice" if question.choices else "answer_unreadable"))


def answer_of(question: FormQuestion, text: str) -> Any:
    """Return the answer that a text is: a choice by its number or as it is written, money in yuan.

    Raises:
        UnreadableAnswerError: it is none.
    """
    if not text:
        raise UnreadableAnswerError(question.name)
    if question.kind in _SEVERAL:
        parts = [part.strip() for part in text.translate(_SEPARATORS).split(",")]
        return [_one(question, part) for part in parts if part]
    if question.kind == "yes_no":
        return _yes_or_no(question, text.lower())
    return fen_of(text) if question.kind == "fen" else _one(question, text)


def _one(question: FormQuestion, text: str) -> str:
    if text in question.choices or not question.choices:
        return text
    numbers = _numbers(question.choices)
    if text in numbers:
        return question.choices[numbers.index(text)]
    if question.kind == "texts":  # choices of what is known, and there may be more
        return text
    raise UnreadableAnswerError(question.name)


def _yes_or_no(question: FormQuestion, text: str) -> bool:
    if text in _YES | _NO:
        return text in _YES
    raise UnreadableAnswerError(question.name)
