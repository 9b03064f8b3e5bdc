"""The local copy of the states: what it finds, what time wakes, and that the changelog gives all back."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka import KafkaError
from confluent_kafka.admin import AdminClient, NewTopic

from exchange.domain.values import CaseState, Task
from exchange.folding.state_files import StateFiles
from exchange.folding.states import encode_state
from exchange.folding.work import Batch, wanted_key
from exchange.runtime.join import delivery as delivery_module
from exchange.runtime.join import store
from exchange.runtime.join.delivery import Delivery
from exchange.runtime.join.store import StateStore
from exchange.runtime.kafka.clients import read_batch
from exchange.runtime.settings import Settings
from tests.cases import given, state_of
from tests.waiting import wait_for

PARTITIONS = 2
HERS, HIS, NOBODYS = "a" * 32, "b" * 32, "c" * 32
NOON, ONE, TWO = (f"2026-03-02T{hour}:00:00.000000Z" for hour in (12, 13, 14))

Open = Callable[[str], StateStore]


@pytest.fixture
def delivery(stack: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Delivery]:
    """Writes to a changelog of the test's own, which the stores also read."""
    name = f"case_states.{uuid4()}"
    admin = AdminClient(stack.kafka.client_options())
    admin.create_topics([NewTopic(name, PARTITIONS, 1)])[name].result(30)
    for module in (delivery_module, store):
        monkeypatch.setattr(module, "CASE_STATES", name)
    made = Delivery(stack.kafka, name, PARTITIONS)
    made.own(range(PARTITIONS))
    yield made
    made.close()
    admin.delete_topics([name])[name].result(30)


@pytest.fixture
def copy(stack: Settings, delivery: Delivery, tmp_path: Path) -> Iterator[Open]:
    """Opens the copy in a folder, brought up to the changelog's end."""
    opened: list[StateStore] = []

    def open_copy(folder: str) -> StateStore:
        made = StateStore(tmp_path / folder, stack.kafka)
        made.assign(range(PARTITIONS))
        opened.append(made)
        return made

    yield open_copy
    for one in opened:
        one.close()


def state(case_id: str, *labels: str, due: str | None = None, left: str = "OPEN") -> bytes:
    """A case with these records, and something that somebody owes until then."""
    taken = state_of([given("equity", label) for label in labels]).taken
    task = Task("t", "ACKNOWLEDGE", left, "police", "x", NOON, NOON, due)  # type: ignore[arg-type]
    return encode_state(CaseState(case_id, taken, tasks=(task,) if due else ()))


def batch(partition: int, case_id: str, *labels: str, due: str | None = None) -> Batch:
    """What a batch leaves of a case that took these records."""
    made = Batch(states={partition: {case_id: state(case_id, *labels, due=due)}})
    made.homes[partition] = dict.fromkeys(map(record, labels), case_id)
    made.wakes[partition] = {case_id: due} if due else {}
    return made


def looking(until: str, made: Batch) -> Batch:
    """The same batch, which has also looked at every case of partition 0 that was due before then."""
    made.looked_until[0] = until
    return made


def record(label: str) -> str:
    """The id of the record of a label."""
    return str(given("equity", label)[1]["record_id"])


def write(copy: StateStore, delivery: Delivery, *made: Batch) -> None:
    """Write batches as the join does: the changelog first."""
    for one in made:
        copy.write(one, delivery.write(one))


def everything(copy: StateStore) -> list[object]:
    """All that can be asked of a copy of these tests' cases."""
    return [
        (
            copy.load(partition, [HERS, HIS, NOBODYS, wanted_key("x")]),
            copy.homes(partition, [record(label) for label in "12345"]),
            copy.due(partition, TWO),
        )
        for partition in range(PARTITIONS)
    ]


def test_a_record_is_found_by_its_id_in_the_case_that_took_it(copy: Open, delivery: Delivery) -> None:
    """A correction names nothing more than that; on another partition it is not known."""
    made = copy("one")
    write(made, delivery, batch(0, HERS, "1", "2"), batch(1, HIS, "3"))
    asked = [record(label) for label in "1234"]
    assert made.homes(0, asked) == {record("1"): HERS, record("2"): HERS}
    assert made.homes(1, asked) == {record("3"): HIS}
    assert made.homes(0, []) == {}


def test_a_case_is_woken_when_its_time_is_over_and_once(copy: Open, delivery: Delivery) -> None:
    """Not at the very moment, which is still in time, nor again by each tick to come."""
    made = copy("one")
    write(made, delivery, batch(0, HERS, due=NOON), batch(0, HIS, due=ONE), batch(1, NOBODYS, due=NOON))
    assert made.due(0, NOON) == []
    assert made.due(0, ONE) == [HERS]
    assert made.due(0, TWO) == made.due(0, TWO) == [HERS, HIS]
    write(made, delivery, looking(TWO, batch(0, HIS, due=TWO)))
    assert made.due(0, "2027") == [HIS]
    assert made.due(1, TWO) == [NOBODYS]


def test_what_was_woken_for_nothing_is_not_looked_at_again(copy: Open, delivery: Delivery) -> None:
    """It was acknowledged meanwhile: a batch that changes no state forgets the time all the same."""
    made = copy("one")
    write(made, delivery, batch(0, HERS, due=NOON))
    before = made.offset(0)
    assert made.due(0, TWO) == [HERS]
    write(made, delivery, looking(TWO, Batch()))
    assert (made.due(0, TWO), made.offset(0)) == ([], before)
    made.close()
    assert copy("one").due(0, TWO) == []


def test_what_was_woken_and_has_a_new_time_is_looked_at_then(copy: Open, delivery: Delivery) -> None:
    """A rule failed on it: no state changes, and its time is put off."""
    made = copy("one")
    write(made, delivery, batch(0, HERS, due=NOON))
    assert made.due(0, ONE) == [HERS]
    write(made, delivery, looking(ONE, Batch(wakes={0: {HERS: ONE}})))
    assert (made.due(0, ONE), made.due(0, TWO)) == ([], [HERS])


def test_a_case_that_wakes_again_at_the_same_moment_is_kept(copy: Open, delivery: Delivery) -> None:
    """Looked at and written anew with what is still owed then."""
    made = copy("one")
    write(made, delivery, batch(0, HERS, due=NOON))
    write(made, delivery, looking(TWO, batch(0, HERS, due=NOON)))
    assert made.due(0, TWO) == [HERS]


def test_a_case_stays_due_until_what_came_of_looking_at_it_is_kept(copy: Open, delivery: Delivery) -> None:
    """A batch is folded while the one before it is written, and may be thrown away: its time is not over."""
    made = copy("one")
    write(made, delivery, batch(0, HERS, due=NOON))
    assert made.due(0, TWO) == [HERS]
    write(made, delivery, batch(0, HIS, due=ONE))
    assert made.due(0, TWO) == [HERS, HIS]


def test_a_claim_on_a_record_goes_when_the_record_has_come(copy: Open, delivery: Delivery) -> None:
    """It is gone from the copy, and from every copy made of the changelog later."""
    made, key = copy("one"), wanted_key("x")
    write(made, delivery, Batch(states={0: {key: b"claims"}}))
    assert made.load(0, [key]) == {key: b"claims"}
    write(made, delivery, Batch(states={0: {key: None, HERS: state(HERS)}}))
    for one in (made, copy("two")):
        assert one.load(0, [key, HERS]).keys() == {HERS}


def test_a_copy_that_was_lost_is_made_again_from_the_changelog_with_all_that_finds_it(
    copy: Open, delivery: Delivery
) -> None:
    """Records, times, claims: as if nothing had happened."""
    made = copy("one")
    write(made, delivery, batch(0, HERS, "1", due=NOON), batch(1, HIS, "3", due=ONE))
    write(made, delivery, Batch(states={0: {wanted_key("x"): b"claims"}}), batch(0, NOBODYS, "4"))
    copy("two").close()
    write(made, delivery, batch(0, HERS, "1", "2", due=NOON))
    again = copy("three")
    assert everything(again) == everything(copy("two")) == everything(made)
    again.close()
    assert everything(copy("three")) == everything(made)


def test_a_copy_that_lags_behind_catches_up(copy: Open, delivery: Delivery) -> None:
    """The worker died between changelog and copy: of what it had written nothing is missing."""
    copy("one").close()
    behind = copy("two")
    write(copy("one"), delivery, batch(0, HERS, "1", due=NOON))
    behind.assign(())
    behind.assign(range(PARTITIONS))
    assert (behind.homes(0, [record("1")]), behind.due(0, ONE)) == ({record("1"): HERS}, [HERS])


def test_an_end_before_the_changelogs_end_is_not_taken_for_it(
    copy: Open, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broker that has just begun to lead a partition may not know yet how far it goes."""
    ends: list[int] = []

    def begins_with_an_end(*args: Any) -> list[Any]:
        if not ends:
            ends.append(0)
            return [_End()]
        return read_batch(*args)

    write(copy("one"), delivery, batch(0, HERS, "1"))
    monkeypatch.setattr(store, "read_batch", begins_with_an_end)
    assert copy("two").homes(0, [record("1")]) == {record("1"): HERS}


class _End:
    """The end of a partition's log, met at its beginning."""

    def error(self) -> KafkaError:
        return KafkaError(KafkaError._PARTITION_EOF)

    def partition(self) -> int:
        return 0

    def offset(self) -> int:
        return 0


def test_a_copy_that_was_half_forgotten_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while its files were deleted: what is left of them must not be taken for a copy."""
    files = StateFiles(tmp_path)
    files.open(0)
    files.take(0, {b"wanted/x": b"1"}, 7)
    with monkeypatch.context() as killed:
        killed.setattr(shutil, "rmtree", _kill)
        with pytest.raises(KeyboardInterrupt):
            files.forget(0)
    again = StateFiles(tmp_path)
    again.open(0)
    assert (again.offset(0), again.load(0, [wanted_key("x")])) == (-1, {})
    again.forget(0)
    again.shut(0)
    assert [path.name for path in tmp_path.iterdir()] == ["0"]


def _kill(folder: Path, **_: object) -> None:
    (folder / "CURRENT").unlink(missing_ok=True)
    if folder.exists():
        raise KeyboardInterrupt


def test_what_is_over_wakes_nobody_in_a_copy_made_again(copy: Open, delivery: Delivery) -> None:
    """A task that is late has been told of; only what is open has a time to come."""
    late = Batch(states={0: {HERS: state(HERS, due=NOON, left="LATE")}})
    delivery.write(late)
    assert copy("one").due(0, TWO) == []


TAKES = """
import os, sys
from pathlib import Path
from exchange.folding.state_files import StateFiles
files = StateFiles(Path(sys.argv[1]))
files.open(0)
for number in range(3000):
    files.take(0, {b"wanted/%d" % number: b"x" * 1000}, number)
    if number == 1000:
        files.secure(0)
os._exit(9)
"""


def test_a_copy_whose_making_was_broken_off_holds_all_that_it_says_it_holds(tmp_path: Path) -> None:
    """What is taken in bulk is not logged: after a kill the last of it is gone, and the offset with it."""
    assert subprocess.run([sys.executable, "-c", TAKES, str(tmp_path)], check=False).returncode == 9
    files = StateFiles(tmp_path)
    files.open(0)
    reached = files.offset(0)
    assert 1000 <= reached < 2999
    keys = [f"wanted/{number}" for number in range(3000)]
    assert set(files.load(0, keys)) == set(keys[: reached + 1])
    files.shut(0)


def test_what_was_taken_in_one_go_is_put_in_order_afterwards(tmp_path: Path) -> None:
    """Meanwhile it lies as it came, in many files; for good that would make every look slower."""
    files = StateFiles(tmp_path)
    files.open(0)
    files.expect_much(0)
    for number in range(20):
        files.take(0, {b"wanted/" + os.urandom(16): os.urandom(1000) for _ in range(1000)}, number)

    def tables() -> int:
        return len(list((tmp_path / "0").glob("*.sst")))

    assert tables() > 5
    files.secure(0)
    wait_for("the tables to be merged", lambda: tables() < 4, every_s=0.05)
    files.shut(0)
