"""What a handler types at a prompt: read as it is meant, or asked again."""

import pytest

from exchange.command.handling.asking import answer_of, ask_all, choose
from exchange.command.views.forms import FormSheet
from exchange.desk.actions.amounts import UnreadableAnswerError, fen_of
from exchange.desk.actions.drawn import FormQuestion
from exchange.domain.policy import load_policy

CHOICES = ("COMPLETED", "REJECTED")


@pytest.mark.parametrize(
    ("kind", "choices", "text", "answer"),
    [
        ("text", (), "土葬", "土葬"),
        ("one", CHOICES, "2", "REJECTED"),
        ("one", CHOICES, "COMPLETED", "COMPLETED"),
        ("several", ("4", "5", "9"), "4、9", ["4", "9"]),
        ("several", ("4", "5", "12"), "12", ["12"]),
        ("several", ("8", "9", "10", "1"), "10、1", ["10", "1"]),
        ("texts", (), "缺公证书，缺照片", ["缺公证书", "缺照片"]),
        ("texts", ("甘肃银行",), "1,农业银行", ["甘肃银行", "农业银行"]),
        ("yes_no", (), "Y", True),
        ("yes_no", (), "n", False),
        ("fen", (), "1,234.50", 123450),
    ],
)
def test_an_answer_is_read_as_it_is_meant(
    kind: str, choices: tuple[str, ...], text: str, answer: object
) -> None:
    """A choice by its number or as it is written, several with commas of any kind, money in yuan."""
    assert answer_of(FormQuestion("q", kind, choices), text) == answer  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "choices", "text"),
    [
        ("text", (), ""),
        ("one", CHOICES, "3"),
        ("one", CHOICES, "0"),
        ("several", ("4", "5"), "4,7"),
        ("several", ("4", "5", "9"), "3"),
        ("several", ("4", "5"), "1"),
        ("yes_no", (), "也许"),
        ("fen", (), "1.005"),
        ("fen", (), "一百"),
        ("fen", (), "NaN"),
        ("fen", (), "Infinity"),
    ],
)
def test_what_is_no_answer_is_asked_again(kind: str, choices: tuple[str, ...], text: str) -> None:
    """Nothing is guessed: half a fen is no money."""
    with pytest.raises(UnreadableAnswerError):
        answer_of(FormQuestion("q", kind, choices), text)  # type: ignore[arg-type]


def test_yuan_become_whole_fen() -> None:
    assert (fen_of("0.01"), fen_of("1e3"), fen_of("-5")) == (1, 100_000, -500)
    assert fen_of("12,345,678,901,234,567.89") == 1_234_567_890_123_456_789


@pytest.mark.parametrize(
    "text", ["1e999999", "-1E999999999", "0e999999", "1e17", "9" * 5000, "1e-999999", "NaN"]
)
def test_no_amount_takes_more_than_it_may(text: str) -> None:
    """As a whole number, 1e999999 alone would take minutes; what no account holds is refused unread."""
    with pytest.raises(UnreadableAnswerError):
        fen_of(text)


def test_a_matter_is_chosen_by_its_number_and_told_by_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line's number is no answer where the choices have numbers: 2 would mean two matters."""
    typed = iter(("2", "5"))
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(typed))
    assert choose("?", (None, 4, 5), ("全部", "4 抚恤金", "5 养老金")) == 5
    lines = capsys.readouterr().err.splitlines()
    assert (lines[1:4], lines[-1]) == (["  0. 全部", "  4 抚恤金", "  5 养老金"], "  = 5 养老金")


def test_what_has_no_number_is_chosen_by_its_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "2")
    assert choose("?", (None, "a"), ("all", "a")) == "a"
    assert "  2. a" in capsys.readouterr().err.splitlines()


def test_what_was_chosen_is_told_by_name_before_it_is_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "10")
    question = FormQuestion("matters", "several", ("4", "10"))
    sheet = FormSheet(load_policy(), "zh")
    assert ask_all(sheet, "application", (question,), {}) == {"matters": ["10"]}
    listed, echoed = [line for line in capsys.readouterr().err.splitlines() if "小额存款" in line]
    assert (listed.split()[0], echoed) == ("10", f"  = {listed.strip()}")
