"""Records filed under a wrong number, or under none, find their person; and go back where that was wrong."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice

import pytest

from exchange.folding.partitions import partition_of
from exchange.runtime.settings import Settings
from tests.cases import Given, given, matter, next_of
from tests.journeys.live import Document, Live, kill_worker
from tests.journeys.log_tools import CATALOGUE, Encoding, ends, produce
from tests.people import QINZHOU, id_number
from tests.waiting import wait_for
from topics.catalogue import CASES, MOVES

LATER, LAST = "2026-04-02T09:00:00+08:00", "2026-04-05T09:00:00+08:00"
MANY = 20
HERS = id_number(QINZHOU, date(1935, 1, 1), 916)
PENSION = given("social_insurance", "moves", id_number=HERS)
UNKNOWN = given("death_certificate", "moves", id_number=None, id_type="NONE", name="无名氏")
UNKNOWN_KEY = f"provisional:{UNKNOWN[1]['record_id']}"
ABOUT_UNKNOWN = {"id_number": HERS, "in_favour_of": UNKNOWN[1]["record_id"]}
LINKED = given("decision", "moves", kind="PERSON_LINKED", recorded_at=LATER, **ABOUT_UNKNOWN)
UNLINKED = given("decision", "moves back", kind="PERSON_UNLINKED", recorded_at=LAST, **ABOUT_UNKNOWN)


@dataclass(frozen=True)
class Mistyped:
    """A certificate under a wrong number, and the pension under the right one, on another partition."""

    wrong: str
    right: str

    @property
    def certificate(self) -> Given:
        """As the hospital filed it first."""
        return given("death_certificate", f"moves {self.wrong}", id_number=self.wrong)

    @property
    def pension(self) -> Given:
        """What is known of the right one."""
        return given("social_insurance", f"moves {self.right}", id_number=self.right)

    @property
    def correction(self) -> Given:
        """The hospital corrects the number."""
        label = f"moves {self.wrong} corrected"
        return next_of(self.certificate, "AMENDED", label, id_number=self.right, recorded_at=LATER)


def mistyped() -> Iterator[Mistyped]:
    """Pairs of numbers that no other test knows."""
    for days in count(0, 2):
        first, second = (date(1936, 1, 1) + timedelta(days=days + more) for more in (0, 1))
        pair = Mistyped(id_number(QINZHOU, first, 916), id_number(QINZHOU, second, 916))
        if partition(pair.wrong) != partition(pair.right):
            yield pair


def partition(key: str) -> int:
    """Where a person's records meet."""
    return partition_of(key, CATALOGUE.by_name[CASES].partitions)


PAIRS = mistyped()


@pytest.fixture(scope="module")
def live(stack: Settings) -> Live:
    """The running exchange."""
    return Live(stack)


def assert_moved(pair: Mistyped, live: Live, cases: dict[str, Document]) -> None:
    """The death is the right person's, and who asks for the wrong one is sent there."""
    wrong, right = live.case_id(pair.wrong), live.case_id(pair.right)
    assert (cases[wrong]["forwards_to"], cases[right]["forwards_to"]) == (right, None)
    assert [one["moved_to"] for one in cases[wrong]["records"]] == [right]
    assert [cases[case_id]["death_established"] for case_id in (wrong, right)] == [False, True]
    assert {matter(cases[right], number)["state"] for number in (2, 3, 4, 5, 9)} == {"READY"}


def standing(announcements: list[Document], case_id: str) -> dict[int, str]:
    """What was told last of each matter of a case."""
    return {one["matter"]: one["transition"] for one in announcements if one["case_id"] == case_id}


WITHDRAWN = dict.fromkeys((1, 2, 3, 9, 12), "SUSPENDED")
TOLD = {1: "COMPLETED", **dict.fromkeys((2, 3, 4, 5, 9, 12), "READY")}


def test_a_number_corrected_at_the_source_takes_the_case_to_the_right_person(
    live: Live, exchange: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """What was told of the wrong one is taken back; whoever asks under the old number sees the right case."""
    pair = next(PAIRS)
    live.publish(pair.certificate, pair.pension)
    assert live.case(pair.wrong)["death_established"]
    live.publish(pair.correction)
    assert_moved(pair, live, live.cases())
    assert standing(live.told(pair.wrong), live.case_id(pair.wrong)) == WITHDRAWN
    assert standing(live.told(pair.right), live.case_id(pair.right)) == TOLD

    live.until_visible()
    asked = exchange("case", pair.wrong, "--json", "--home", str(live.settings.home))
    assert json.loads(asked.stdout)["case_id"] == live.case_id(pair.right)


def test_a_correction_that_comes_before_what_it_corrects_waits_for_it(live: Live) -> None:
    """On a partition where nothing is known yet; of the wrong person nobody is told at all."""
    pair = next(PAIRS)
    live.publish(pair.correction, pair.pension)
    live.publish(pair.certificate)
    assert_moved(pair, live, live.cases())
    assert live.told(pair.wrong) == []
    assert standing(live.told(pair.right), live.case_id(pair.right)) == TOLD


def test_an_unknown_body_is_linked_and_unlinked_and_all_is_as_it_was(live: Live) -> None:
    """The handler was wrong: the body waits again, and everybody who was told of a death hears of it."""
    live.publish(PENSION, UNKNOWN)
    before, waiting = live.case(HERS), live.case(UNKNOWN_KEY)
    assert (before["death_established"], waiting["records"][0]["held"]) == (False, True)
    live.publish(LINKED)
    assert live.case(HERS)["death_established"]
    assert live.case(UNKNOWN_KEY)["forwards_to"] == live.case_id(HERS)
    assert standing(live.told(HERS), live.case_id(HERS)) == TOLD
    live.publish(UNLINKED)
    after = live.case(HERS)
    kept = [one for one in after["records"] if one["type"] != "decision"]
    assert {**after, "records": kept, "decisions": []} == before
    assert live.case(UNKNOWN_KEY) == waiting
    assert standing(live.told(HERS), live.case_id(HERS)) == dict.fromkeys(TOLD, "SUSPENDED")


def test_a_worker_killed_while_cases_move_loses_none_of_them(live: Live) -> None:
    """Killed when the first has been heard of, and once more at once: all comes out as without it."""
    pairs = list(islice(PAIRS, MANY))
    live.publish(*(one for pair in pairs for one in (pair.certificate, pair.pension)))
    encoding, corrections = Encoding(live.settings), [pair.correction for pair in pairs]
    moves = ends(live.settings, [MOVES])
    produce(live.settings, [encoding.encode(kind, dict(record)) for kind, record in corrections])
    wait_for("the first move", lambda: ends(live.settings, [MOVES]) != moves, every_s=0.001)
    kill_worker(live.settings)
    kill_worker(live.settings)
    live.settle()
    cases, announcements = live.cases(), live.announcements()
    for pair in pairs:
        assert_moved(pair, live, cases)
        assert standing(announcements, live.case_id(pair.wrong)) == WITHDRAWN
        assert standing(announcements, live.case_id(pair.right)) == TOLD
    meaning = {(one["id"], one["case_id"], one["matter"], one["transition"]) for one in announcements}
    assert len(meaning) == len({one["id"] for one in announcements})
