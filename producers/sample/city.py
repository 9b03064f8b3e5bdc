"""The sample as a whole: people, their records, and the order in which these happen to arrive."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from random import Random

from exchange.domain.policy import Policy
from exchange.domain.policy_files.sample_places import SamplePlaces
from producers.sample import stories
from producers.sample.clerk import Clerk, SampleLine
from producers.sample.mess import handed_in_twice, unacceptable
from producers.sample.people import Person, Register
from producers.sample.rarities import rare_cases
from producers.sample.window import window_work

PEOPLE = 320
SEED = 20260331


@dataclass(frozen=True, slots=True)
class MadeUpCity:
    """What departments hand in, in the order of arrival; `showcase` is somebody with every entitlement."""

    lines: tuple[SampleLine, ...]
    showcase: Person


def sample_city(places: SamplePlaces, policy: Policy, people: int = PEOPLE, seed: int = SEED) -> MadeUpCity:
    """Make the city's records; the same for the same arguments, on every machine and every day.

    Args:
        places: where they live, in the city's words.
        policy: says what is applied for, and who decides.
        people: how many ordinary stories are told; the rare cases and the faulty records come on top.
        seed: another seed gives another city.
    """
    clerk = Clerk(Random(seed), places, policy)  # noqa: S311 - made-up data, not a secret
    register = Register(clerk.rng, places)
    showcase = register.resident((68, 82), county=places.district(0), ethnicity="汉族")
    told = [stories.everything(clerk, register, showcase)]
    told += [_story(clerk, register, at) for at in range(people - 1)]
    # Left to chances of its own, so that all else is as it would be without it.
    window = Clerk(Random(f"window {seed}"), places, policy)  # noqa: S311 - as above
    worked = [window_work(window, story, all_of_it=not at) for at, story in enumerate(told)]
    told += rare_cases(clerk, register)
    lines = [line for story in told for line in story]
    lines += handed_in_twice(clerk, lines) + unacceptable(clerk, register)
    lines += [line for story in worked for line in story]
    clerk.rng.shuffle(lines)
    return MadeUpCity(tuple(lines), showcase)


def _story(clerk: Clerk, register: Register, at: int) -> list[SampleLine]:
    """Somebody's story: the rarer ones come round at fixed places, so that even a small city has them."""
    return _ROUND.get(at % 40, _usual)(clerk, register)


def _living(clerk: Clerk, register: Register) -> list[SampleLine]:
    return stories.living(clerk, register.resident((20, 90)))


def _abnormal(clerk: Clerk, register: Register) -> list[SampleLine]:
    return stories.abnormal(clerk, register.resident((18, 70)), both=clerk.chance(0.5))


def _declared_dead(clerk: Clerk, register: Register) -> list[SampleLine]:
    return stories.declared_dead(clerk, register.resident((40, 80)))


def _backfilled(clerk: Clerk, register: Register) -> list[SampleLine]:
    return stories.backfilled(clerk, register.resident((70, 99)))


def _buried(clerk: Clerk, register: Register, *, decided: bool) -> list[SampleLine]:
    return stories.buried(
        clerk, register.resident(county=clerk.places.burying_district, ethnicity="回族"), decided=decided
    )


def _nothing_to_claim(clerk: Clerk, register: Register) -> list[SampleLine]:
    return stories.nothing_to_claim(clerk, register.resident())


def _everything(clerk: Clerk, register: Register) -> list[SampleLine]:
    return stories.everything(clerk, register, register.resident((60, 85)))


def _far_from_home(clerk: Clerk, register: Register) -> list[SampleLine]:
    return stories.usual(clerk, register, register.resident(ethnicity="维吾尔族"))


def _usual(clerk: Clerk, register: Register) -> list[SampleLine]:
    return stories.usual(clerk, register, register.resident())


_ROUND: Mapping[int, Callable[[Clerk, Register], list[SampleLine]]] = {
    **dict.fromkeys((0, 10, 20, 30), _living),
    **dict.fromkeys((1, 11), _abnormal),
    **dict.fromkeys((3, 13, 23), _backfilled),
    **dict.fromkeys((4, 24), partial(_buried, decided=True)),
    **dict.fromkeys((14, 34), partial(_buried, decided=False)),
    **dict.fromkeys((5, 25), _nothing_to_claim),
    2: _declared_dead,
    6: _everything,
    7: _far_from_home,
}
