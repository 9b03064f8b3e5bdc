"""How words ask a view for names: in the reader's language, as that view writes them."""

from typing import Protocol

from exchange.domain.policy import Policy
from topics.labels import Language, Words


class Namer(Protocol):
    """Names things in one language."""

    @property
    def policy(self) -> Policy:
        """The city's rules, which have the names."""

    @property
    def language(self) -> Language:
        """Of the reader."""

    def say(self, text: Words) -> str:
        """Return words in the language."""

    def department(self, code: str) -> str:
        """Return a department's name."""

    def matter(self, number: int, instance: str | None) -> str:
        """Return a matter's name, and the bank that it is about."""
