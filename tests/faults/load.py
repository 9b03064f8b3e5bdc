"""What departments send while something goes wrong: made-up people, good records and bad ones."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from exchange.runtime.settings import Settings
from tests.journeys.log_tools import Encoding
from tests.people import id_number

KINDS: dict[str, dict[str, Any]] = {
    "death_certificate": {"death_time": "2026-03-01", "death_cause": "心力衰竭"},
    "social_insurance": {"scheme": "RESIDENT_PENSION", "receiving_benefit": True, "account_balance_fen": 100},
    "cremation": {"death_time": "2026-03-01", "cremation_time": "2026-03-01", "cremation_place": "殡仪馆"},
    "hukou_cancellation": {"cancelled_at": "2026-03-01"},
}
STANDING = frozenset(
    {(1, "COMPLETED"), (2, "COMPLETED"), (3, "COMPLETED"), (6, "READY"), (9, "READY"), (12, "READY")}
)
"""What stands announced of everybody whose four records are all in: matter and state."""
DUPLICATE_EVERY, REJECTED_EVERY, HELD_EVERY, BROKEN_EVERY = 20, 50, 100, 100
_REGIONS = ("620502", "620503", "620521", "620522", "620523", "620524", "620525")
_FIRST_BIRTH = date(1930, 1, 1)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as a department sends it; `expected` is how the exchange has to answer."""

    topic: str
    key: str
    value: bytes
    expected: str


@dataclass(frozen=True)
class Load:
    """A stretch of people, nobody else's, and all that is sent of them, in the order of sending."""

    numbers: tuple[str, ...]
    messages: tuple[Sent, ...]

    @property
    def expected(self) -> Counter[str]:
        """How many of each answer there must be in the end."""
        return Counter(message.expected for message in self.messages)


def make_load(settings: Settings, first_person: int, records: int, seed: int = 20260302) -> Load:
    """Return this many records or a few more, of people from this one on; always the same ones.

    Of twenty records one is sent twice, of fifty one is refused by a rule, of a hundred one is of nobody
    known, and one is no Avro at all.
    """
    encoding, chance = Encoding(settings), random.Random(seed + first_person)
    numbers = tuple(number_of(first_person + n) for n in range(-(-records // len(KINDS))))
    good = [
        Sent(*encoding.encode(kind, {"id_number": number, **own}), "ACCEPTED")
        for number in numbers
        for kind, own in KINDS.items()
    ]
    chance.shuffle(good)
    return Load(numbers, tuple(_with_bad_ones(good, encoding)))


def number_of(person: int) -> str:
    """Return the ID number of a made-up person."""
    days, region = divmod(person, len(_REGIONS))
    birth = _FIRST_BIRTH + timedelta(days=days % 20_000)
    return id_number(_REGIONS[region], birth, 11 + 2 * (days // 20_000))


def _with_bad_ones(good: list[Sent], encoding: Encoding) -> Iterator[Sent]:
    for at, message in enumerate(good, 1):
        yield message
        if at % DUPLICATE_EVERY == 0:
            yield Sent(message.topic, message.key, message.value, "DUPLICATE")
        if at % REJECTED_EVERY == 0:  # right by itself, under another person's key
            yield Sent(message.topic, "0" * 18, message.value, "REJECTED")
        if at % HELD_EVERY == 0:
            infant = {"id_type": "NONE", "id_number": None, **KINDS["death_certificate"]}
            yield Sent(*encoding.encode("death_certificate", infant), "HELD")
        if at % BROKEN_EVERY == 0:
            yield Sent(message.topic, message.key, b"no avro", "UNDECODABLE")
