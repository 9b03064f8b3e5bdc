"""What a handler types at a prompt: read as it is meant, or asked again."""

import pytest

from exchange.command.handling.asking import UnreadableAnswerError, answer_of, fen_of
from exchange.desk.actions.drawn import FormQuestion

CHOICES = ("COMPLETED", "REJECTED")


@pytest.mark.parametrize(
    ("kind", "choices", "text", "answer"),
    [
        ("text", (), "土葬", "土葬"),
        ("one", CHOICES, "2", "REJECTED"),
        ("one", CHOICES, "COMPLETED", "COMPLETED"),
        ("several", ("4", "5", "9"), "4、9", ["4", "9"]),
        ("several", ("4", "5", "12"), "12", ["12"]),
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
