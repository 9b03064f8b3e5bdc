"""What all tables for people share: their look, and how matters, records and departments are named."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rich import box
from rich.table import Table

from consumers.labels.words import department_words, for_people, matter_words, record_words
from exchange.domain.policy import Policy
from topics.labels import Labels, Language, Words

LABELS: Final = Labels(__file__)
_SEPARATOR: Final = LABELS["separator"]
_OF_ONE: Final = LABELS["of_one"]
_COMMA: Final = LABELS["comma"]


@dataclass(frozen=True)
class Sheet:
    """Words and tables, with one language first."""

    policy: Policy
    language: Language

    def say(self, text: Words) -> str:
        """Return the words in the language asked for."""
        return text.first(self.language)

    def both(self, text: Words) -> str:
        """Return the words in both languages."""
        return text.both(self.language)

    def department(self, code: str) -> str:
        """Return a department's name."""
        return self.say(department_words(code, self.policy))

    def matter(self, number: int, instance: str | None) -> str:
        """Return a matter's number and name, and the bank that it is about."""
        name = f"{number} {self.say(matter_words(number, self.policy))}"
        return name if instance is None else self.say(_OF_ONE.filled(name=name, one=for_people(instance)))

    def record(self, record_type: str, department: str) -> str:
        """Return what kind of record it is and whose."""
        return f"{self.say(record_words(record_type, self.policy))} ({self.department(department)})"

    def table(self, title: Words, columns: Iterable[Words | str]) -> Table:
        """Return an empty table."""
        table = Table(title=self.both(title), title_justify="left", box=box.SIMPLE_HEAD, expand=False)
        for column in columns:
            table.add_column(column if isinstance(column, str) else self.say(column), overflow="fold")
        return table

    def joined(self, parts: Iterable[str]) -> str:
        """Return parts in a row."""
        return self.say(_SEPARATOR).join(parts)

    def listed(self, parts: Iterable[str]) -> str:
        """Return short parts in a row."""
        return self.say(_COMMA).join(parts)
