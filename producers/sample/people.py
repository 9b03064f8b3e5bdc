"""Made-up people of a city, with numbers whose check digits are right and that are given only once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum.iso7064 import mod_11_2

from exchange.domain.policy_files.sample_places import SamplePlaces
from producers.sample import names

TODAY = date(2026, 3, 31)
"""The day on which the sample is set: fixed, so that nothing in it depends on a clock."""

NameMaker = Callable[[Random, bool], str]
_PEOPLES: Mapping[str, NameMaker] = {
    "汉族": names.han_name,
    "回族": names.hui_name,
    "维吾尔族": names.uyghur_name,
    "藏族": names.tibetan_name,
    "东乡族": names.hui_name,
    "满族": names.han_name,
    "蒙古族": names.han_name,
}
_SHARES = {"汉族": 88, "回族": 6, "维吾尔族": 1, "藏族": 2, "东乡族": 1, "满族": 1, "蒙古族": 1}
_SHARES_WHERE_HUI_LIVE = {"汉族": 29, "回族": 70, "东乡族": 1}


@dataclass(frozen=True, slots=True)
class Person:
    """One person; `number` is None if nobody knows it, `county` is the one they are registered in."""

    number: str | None
    name: str
    male: bool
    born: date
    ethnicity: str
    county: str

    @property
    def number_15(self) -> str:
        """The number as files before 1999 have it; only for people born before 2000."""
        assert self.number is not None  # noqa: S101 - nobody without a number is in such a file
        return self.number[:6] + self.number[8:17]

    @property
    def sex(self) -> str:
        """As certificates write it."""
        return "男" if self.male else "女"


def number_of(region: str, born: date, sequence: int) -> str:
    """An 18-digit number with its check digit; an odd sequence is a man's."""
    body = f"{region}{born:%Y%m%d}{sequence:03d}"
    return f"{body}{mod_11_2.calc_check_digit(body)}"


class Register:
    """Registers people, each number once."""

    def __init__(self, rng: Random, places: SamplePlaces) -> None:
        self._rng = rng
        self._places = places
        self._given: set[str] = set()

    def resident(
        self,
        ages: tuple[int, int] = (55, 97),
        *,
        county: str | None = None,
        ethnicity: str | None = None,
        region: str | None = None,
    ) -> Person:
        """Someone of an age in years, registered in the county; `region` if the number is from elsewhere."""
        rng = self._rng
        code = county or rng.choice(list(self._places.districts))
        male = rng.random() < 0.52
        born = TODAY - timedelta(days=rng.randint(ages[0] * 365, ages[1] * 365))
        people = ethnicity or _ethnicity(rng, hui=code == self._places.burying_district)
        number = self._number(region or code, born, male)
        return Person(number, _PEOPLES[people](rng, male), male, born, people, self._places.districts[code])

    def foreigner(self, name: str, born: date, *, male: bool, number: str | None = None) -> Person:
        """Someone with a permanent residence card, in the form of 2023 if no number is given."""
        county = self._places.districts[self._places.district(0)]
        return Person(
            number or self._number("911840", born, male), name, male, born, "外国血统中国籍人士", county
        )

    def without_number(self, name: str, born: date, *, male: bool, county: str) -> Person:
        """An infant not registered yet, or a body that nobody has named."""
        return Person(None, name, male, born, "汉族", self._places.districts[county])

    def _number(self, region: str, born: date, male: bool) -> str:
        while True:
            number = number_of(region, born, self._rng.randrange(1 if male else 2, 999, 2))
            if number not in self._given:
                self._given.add(number)
                return number


def _ethnicity(rng: Random, *, hui: bool) -> str:
    shares = _SHARES_WHERE_HUI_LIVE if hui else _SHARES
    return rng.choices(list(shares), list(shares.values()))[0]
