"""Amounts as people type them."""

from decimal import Decimal, InvalidOperation
from typing import Final

from consumers.labels.results import FEN_PER_YUAN

_CHARACTERS: Final = 28
_DIGITS: Final = 17
"""Before the point: as a whole number of fen, more fits no field; and 1e999999 would take all there is."""


class UnreadableAnswerError(ValueError):
    """What was typed is no answer to the question."""


def fen_of(yuan: str) -> int:
    """Return an amount in yuan, such as 1234.50, as whole fen.

    Raises:
        UnreadableAnswerError: it is no such amount.
    """
    try:
        amount = Decimal(yuan.replace(",", "")) if len(yuan) <= _CHARACTERS else Decimal("NaN")
    except InvalidOperation:
        raise UnreadableAnswerError(yuan) from None
    if not amount.is_finite() or amount.adjusted() >= _DIGITS:
        raise UnreadableAnswerError(yuan)
    fen = amount * FEN_PER_YUAN
    if fen != fen.to_integral_value():
        raise UnreadableAnswerError(yuan)
    return int(fen)
