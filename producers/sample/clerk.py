"""A clerk who writes records down: ids, times, and how a number and a name come out in a file."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from stdnum import luhn

from exchange.domain.policy import Policy
from exchange.domain.policy_files.models import Matter
from exchange.domain.policy_files.sample_places import SamplePlaces
from producers.sample.names import as_another_file_writes
from producers.sample.people import Person

SampleLine = dict[str, Any]
"""`{"type": …, "record": {…}}`: one line of what a department hands in."""

BEIJING = timezone(timedelta(hours=8))
T = TypeVar("T")


class Clerk:
    """Writes records; all that is left to chance comes from one random source."""

    def __init__(self, rng: Random, places: SamplePlaces, policy: Policy) -> None:
        self.rng = rng
        self.places = places
        self.policy = policy

    def line(self, record_type: str, person: Person, written_at: datetime, **own: Any) -> SampleLine:
        """A record of the type about the person; what is None is left out, and what is given goes first."""
        record = {
            "record_id": self.record_id(),
            "recorded_at": written_at.isoformat(),
            "name": as_another_file_writes(self.rng, person.name),
            "county": person.county if self.chance(0.7) else None,
            **({"id_number": person.number} if person.number else {"id_type": "NONE"}),
            **own,
        }
        return {"type": record_type, "record": {k: v for k, v in record.items() if v is not None}}

    def anew(self, line: SampleLine, **changes: Any) -> SampleLine:
        """The same record once more under another record id, with some fields changed."""
        return {"type": line["type"], "record": {**line["record"], "record_id": self.record_id(), **changes}}

    def record_id(self) -> str:
        """A UUID of version 4, from the seeded source."""
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    def chance(self, probability: float) -> bool:
        """True as often as the probability says."""
        return self.rng.random() < probability

    def pick(self, choices: Sequence[T]) -> T:
        """One of them."""
        return self.rng.choice(choices)

    def digits(self, count: int) -> str:
        """This many digits."""
        return "".join(self.rng.choice("0123456789") for _ in range(count))

    def numbered(self, shape: str, year: int) -> str:
        """A number of this shape: `{year}` is the year, and each `#` a digit."""
        return "".join(self.digits(1) if one == "#" else one for one in shape.replace("{year}", str(year)))

    def pays(self, matter: Matter) -> bool:
        """True if somebody is paid by it."""
        return matter.matter in self.policy.money_matters

    def ended_by(self, record_type: str) -> Matter | None:
        """The matter that a record of the type ends, if the policy has one."""
        return next((one for one in self.policy.matters if record_type in one.done_by.record), None)

    def issuer(self, record_type: str) -> str:
        """The department that decides it; without one, that of the first."""
        return (self.ended_by(record_type) or self.policy.matters[0]).decides

    def card_no(self) -> str:
        """A card number of 19 digits; one in twelve is a passbook's, whose last digit checks nothing."""
        body = "62" + self.digits(16)
        return body + (self.digits(1) if self.chance(0.08) else luhn.calc_check_digit(body))

    def fen(self, low_yuan: int, high_yuan: int) -> int:
        """An amount between these, in fen."""
        return self.rng.randint(low_yuan * 100, high_yuan * 100)

    def office_hour(self, day: date) -> datetime:
        """A time of that day at which offices are open."""
        return datetime.combine(day, time(9), BEIJING) + timedelta(seconds=self.rng.randint(0, 8 * 3600))

    def after(self, moment: datetime, low_days: int, high_days: int) -> datetime:
        """An office hour this many days later; if that is the same day, at least not before the moment."""
        day = moment.date() + timedelta(days=self.rng.randint(low_days, high_days))
        return max(self.office_hour(day), moment + timedelta(minutes=20))
