"""What waits on disk is delivered over faults and crashes: nothing is lost, nothing has two verdicts."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, strategies

from life_events_client import backlog
from life_events_client.backlog import Backlog
from life_events_client.carrier import Carrier
from life_events_client.errors import ClientError, ExchangeAway, RecordDiffers
from life_events_client.model import PlainRecord
from life_events_client.records import HukouCancellation
from life_events_client.store import Store
from tests.cells import each_cell
from tests.client.gateway import FAULTS, REFUSED_NAME, Fault, Gateway
from tests.client.memory import Clock, MemoryRunner
from tests.client.test_publishing import record, stored
from tests.client.ways import Kind, over_both_ways, way_to

WORK = strategies.lists(
    strategies.one_of(
        strategies.integers(1, 5),
        strategies.sampled_from(["send", "collect", "restart", "change over"]),
    ),
    max_size=30,
)
"""So many records are put, or something is done with them."""


class Machine:
    """A department's machine: what it has put, and what it has heard."""

    def __init__(self, folder: Path, gateway: Gateway, kind: Kind = "http") -> None:
        self.kind = kind
        self.path, self.gateway, self.clock = folder / "store.sqlite", gateway, Clock()
        self.put: list[HukouCancellation] = []
        self.heard: list[str] = []
        self.start()

    def start(self) -> None:
        """Open what is on disk."""
        self.store = Store(self.path)
        self.backlog = Backlog(self.store)
        way = way_to(self.kind, self.gateway, self.clock, 3)
        runner = MemoryRunner(self.gateway, self.clock)
        self.carrier = Carrier(way, self.backlog, runner, lambda one: self.heard.append(one.record_id))

    def do(self, work: int | str) -> None:
        """Do one thing; what the exchange cannot do now is left for later."""
        if work in {"restart", "change over"}:
            if work == "change over":
                self.kind = "kafka" if self.kind == "http" else "http"
            self.store.close()
            self.start()
        elif isinstance(work, int):
            new = [record(REFUSED_NAME if number == 2 else "王桂芳") for number in range(work)]
            self.backlog.put(new)
            self.put += new
        else:
            self.deliver(work)

    def deliver(self, work: str) -> bool:
        """Send or collect, whether it works or not."""
        try:
            return self.carrier.send() if work == "send" else self.carrier.collect()
        except ExchangeAway:
            return True
        except ClientError as problem:
            assert type(problem).__name__ == "TooFast", problem  # noqa: PT017 - nothing else may come
            return True

    def settle(self) -> None:
        """Go on until all is delivered."""
        while self.deliver("send") or self.deliver("collect"):
            pass


@pytest.fixture
def kind() -> Kind:
    """Over HTTP, unless a test says otherwise."""
    return "http"


@pytest.fixture
def machine(tmp_path: Path, kind: Kind) -> Iterator[Machine]:
    """A machine in front of a gateway without faults."""
    made = Machine(tmp_path, Gateway(), kind)
    yield made
    made.store.close()


@over_both_ways
@given(work=WORK, faults=strategies.lists(strategies.sampled_from(FAULTS), max_size=40))
def test_over_any_work_faults_and_restarts_each_record_has_one_verdict_and_order_is_kept(
    kind: Kind, work: list[int | str], faults: list[Fault]
) -> None:
    """What a clerk has entered is delivered, once, however often the machine is switched off.

    Nor does it matter when a department changes over from HTTP to Kafka, or back.
    """
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(backlog, "BATCH_LINES", 3)
        machine = Machine(Path(folder), Gateway(faults=iter(faults)), kind)
        for one in chain(work, ["restart"]):
            machine.do(one)
        machine.settle()
        good = [one.record_id for one in machine.put if one.name != REFUSED_NAME]
        assert stored(machine.gateway, "kafka" if "change over" in work else kind) == good
        assert machine.heard == [one.record_id for one in machine.put]
        assert machine.backlog.is_settled()
        counts = Counter(machine.backlog.counts())
        if "change over" in work:  # who does so twice may be told of the second way that it came second
            counts["ACCEPTED"] += counts.pop("DUPLICATE", 0)
        assert counts == Counter(ACCEPTED=len(good), REJECTED=len(machine.put) - len(good))
        machine.store.close()


@over_both_ways
def test_what_is_refused_is_kept_with_its_reasons_until_it_is_discarded(machine: Machine) -> None:
    """A clerk corrects it from what was sent; good neighbours have gone on."""
    machine.do(3)
    machine.settle()
    [refused] = machine.backlog.refused()
    assert refused.receipt.reasons[0].code == "name_placeholder"
    assert refused.record.as_json()["name"] == REFUSED_NAME
    machine.backlog.discard(refused.record.record_id)
    assert machine.backlog.refused() == []
    assert machine.backlog.counts() == {"ACCEPTED": 2, "DISCARDED": 1}


@over_both_ways
def test_a_record_discarded_early_does_not_shift_the_receipts_of_others(machine: Machine) -> None:
    """The lines of a batch stay what they were until all are answered."""
    machine.do(5)
    machine.do(5)
    machine.deliver("send")
    while not machine.backlog.refused():
        machine.deliver("collect")  # some lines each time
    [refused] = machine.backlog.refused()
    machine.backlog.discard(refused.record.record_id)
    machine.settle()
    assert machine.heard == [one.record_id for one in machine.put]
    assert machine.backlog.counts() == {"ACCEPTED": 8, "DISCARDED": 1, "REJECTED": 1}


@each_cell("ways", [("http", "kafka"), ("kafka", "http")])
def test_what_went_one_way_is_answered_over_the_other(ways: tuple[Kind, Kind]) -> None:
    """A department that changes over in the middle of a day waits for no receipt in vain."""
    with TemporaryDirectory() as folder:
        machine = Machine(Path(folder), Gateway(), ways[0])
        for work in (2, "send", "change over"):
            machine.do(work)
        machine.settle()
        assert machine.kind == ways[1]
        assert machine.backlog.counts() == {"ACCEPTED": 2}
        machine.store.close()


def test_a_batch_that_is_refused_whole_is_divided_until_the_bad_record_stands_alone(machine: Machine) -> None:
    """One record that is too long for some proxy keeps nobody else up."""
    machine.gateway.most_bytes = 2_000
    long = PlainRecord("hukou_cancellation", {"name": "王" * 1000})
    for one in (record(), long, record()):
        machine.backlog.put([one])
    machine.settle()
    assert machine.backlog.counts() == {"ACCEPTED": 2, "REJECTED": 1}
    [refused] = machine.backlog.refused()
    assert (refused.record.record_id, refused.receipt.reasons[0].code) == (long.record_id, "too_large")


def test_nothing_is_refused_because_a_wrong_address_answers(machine: Machine) -> None:
    """A proxy that knows nothing of the exchange must not empty an outbox."""
    machine.do(1)
    machine.settle()
    machine.do(1)
    machine.gateway.lost = True
    with pytest.raises(ClientError, match="404"):
        machine.carrier.send()
    machine.gateway.lost = False
    machine.settle()
    assert machine.backlog.counts() == {"ACCEPTED": 2}


@over_both_ways
def test_what_is_taken_leaves_no_person_on_the_disk(machine: Machine) -> None:
    """A stolen machine tells nothing of those whose records were delivered."""
    machine.do(2)
    assert "王桂芳".encode() in everything(machine)
    machine.settle()
    machine.store.close()
    assert "王桂芳".encode() not in everything(machine)
    machine.start()


def everything(machine: Machine) -> bytes:
    """All bytes that are kept."""
    return b"".join(file.read_bytes() for file in machine.path.parent.iterdir())


def test_the_disk_has_all_before_put_returns_and_nothing_that_was_erased(machine: Machine) -> None:
    """No test can pull the plug: that SQLite is asked for what survives it is seen here."""
    with machine.store.reading() as connection:
        asked = ("journal_mode", "synchronous", "secure_delete")
        said = [connection.execute(f"PRAGMA {setting}").fetchone()[0] for setting in asked]
    assert said == ["wal", 2, 1]


@over_both_ways
def test_a_record_put_again_is_one_and_another_under_its_id_is_none(machine: Machine) -> None:
    """Who repeats does no harm; who mixes ids up is told, and nothing of what came with it is kept."""
    mine = record()
    for _ in range(2):
        machine.backlog.put([mine])
    other = PlainRecord("hukou_cancellation", {"record_id": mine.record_id, "name": "李明"})
    with pytest.raises(RecordDiffers):
        machine.backlog.put([record(), other])
    machine.settle()
    assert machine.gateway.log == [mine.record_id]
    machine.backlog.put([mine])
    assert machine.backlog.is_settled()


def test_receipts_are_forgotten_in_time_and_refusals_are_not(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor are those of a batch that is not answered to its end: its lines are counted by them."""
    monkeypatch.setattr(backlog, "KEPT_DAYS", -1)
    machine.do(3)
    machine.settle()
    machine.do(5)
    machine.deliver("send")
    machine.deliver("collect")
    machine.backlog.forget_old()
    assert machine.backlog.counts() == {"REJECTED": 1, "ACCEPTED": 2, "WAITING": 3}
    machine.settle()
    assert machine.heard == [one.record_id for one in machine.put]
