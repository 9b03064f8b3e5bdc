"""How pages say what the desk says: names, times and amounts in the reader's language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from consumers.labels.words import department_words, for_people, matter_words, record_words
from exchange.domain.policy import Policy
from topics.labels import Labels, Language, Words
from verification.times import SHANGHAI

LABELS: Final = Labels(__file__)
_COMMA: Final = LABELS["comma"]
_SEMICOLON: Final = LABELS["semicolon"]
_OF_ONE: Final = LABELS["of_one"]
_DAY: Final = LABELS["day"]
_DAY_OF_YEAR: Final = LABELS["day_of_year"]
_MOMENT: Final = LABELS["moment"]
_MONTHS: Final = LABELS.table("months")


@dataclass(frozen=True, slots=True)
class Naming:
    """Names things in one language.

    Attributes:
        policy: the city's rules, which have the names.
        language: of the reader.
        today: in Asia/Shanghai; days of this year are told without it.
    """

    policy: Policy
    language: Language
    today: date

    def say(self, text: Words) -> str:
        """Return words in the language."""
        return text.first(self.language)

    def department(self, code: str) -> str:
        """Return a department's name."""
        return self.say(department_words(code, self.policy))

    def matter(self, number: int, instance: str | None = None) -> str:
        """Return a matter's name, and the bank that it is about."""
        name = self.say(matter_words(number, self.policy))
        return name if instance is None else self.say(_OF_ONE.filled(name=name, one=self.bank(instance)))

    def matters(self, numbers: Iterable[int]) -> Iterator[str]:
        """Yield the names of several matters."""
        return (self.matter(number) for number in numbers)

    def bank(self, instance: str) -> str:
        """Return the name of a bank; of one that the policy does not know, what records call it."""
        known = (bank.name for bank in self.policy.banks.known if bank.instance == instance)
        return next(known, for_people(instance))

    def record(self, record_type: str) -> str:
        """Return what kind of record it is."""
        return self.say(record_words(record_type, self.policy))

    def day(self, day: date) -> str:
        """Return a day."""
        text = _DAY if day.year == self.today.year else _DAY_OF_YEAR
        return self.say(text.filled(year=day.year, month=_MONTHS[str(day.month)], day=day.day))

    def moment(self, moment: datetime) -> str:
        """Return an instant as the clock of China shows it, to the minute."""
        here = moment.astimezone(SHANGHAI)
        return self.say(_MOMENT.filled(day=self.day(here.date()), time=here.strftime("%H:%M")))

    def listed(self, parts: Iterable[str]) -> str:
        """Return short parts in a row."""
        return self.say(_COMMA).join(parts)

    def joined(self, parts: Iterable[str]) -> str:
        """Return longer parts in a row."""
        return self.say(_SEMICOLON).join(parts)
