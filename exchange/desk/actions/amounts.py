"""Amounts as people type them."""

from decimal import Decimal, InvalidOperation

from consumers.labels.results import FEN_PER_YUAN


class UnreadableAnswerError(ValueError):
    """What was typed is no answer to the question."""


def fen_of(yuan: str) -> int:
    """Return an amount in yuan, such as 1234.50, as whole fen.

    Raises:
        UnreadableAnswerError: it is no such amount.
    """
    try:
        fen = Decimal(yuan.replace(",", "")) * FEN_PER_YUAN
    except InvalidOperation:
        raise UnreadableAnswerError(yuan) from None
    if not fen.is_finite() or fen != fen.to_integral_value():
        raise UnreadableAnswerError(yuan)
    return int(fen)
