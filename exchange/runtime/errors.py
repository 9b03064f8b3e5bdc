"""The one error that people are meant to read, and the kinds of it that parts tell apart."""

from exchange.folding.errors import ReadAgainError


class ExchangeError(Exception):
    """Says in one line what is wrong, and in a second line what to do about it.

    The command line prints both and exits 1; neither may hold personal data.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class RegistryAwayError(ExchangeError, ReadAgainError):
    """The registry did not answer, or not sensibly. Says nothing about any schema; try again later."""


class RegistryRefusedError(ExchangeError):
    """The registry refused a schema, or does not hold one that it must hold."""
