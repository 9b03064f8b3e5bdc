"""What verification compares of a case: what its records give from nothing, not what came by steps."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from consumers.replay.compared_content import CASE, STANDING, digest, of_folded_case, of_index_row
from consumers.replay.compared_entries import ComparedEntries, Thing
from consumers.replay.comparison import Comparison
from exchange.folding.memory_states import MemoryStates
from tests.cases import applied, given
from tests.made_log import Log, new_step
from topics.catalogue import CASES


class AskedStates(MemoryStates):
    """States that note which partitions they are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    def load(self, partition: int, keys: list[str]) -> Mapping[str, bytes]:
        """Return what is kept under these keys."""
        self.asked.append(partition)
        return super().load(partition, keys)


def test_a_case_that_was_spared_too_much_step_by_step_is_named() -> None:
    """The live join and the fold spare the same work: if that were wrong, both would be, alike.

    Of the partitions in the group only the one that has the case is asked for it.
    """
    log, states, step = Log(), AskedStates(), new_step()
    for record in (given("death_certificate"), applied(9)):
        batch = step.run([log.message(record)], states)
        states.apply(batch)
    (published,) = (output for output in batch.outputs if output.topic == CASES)
    case_id = published.key.decode()
    states.asked.clear()
    place = of_folded_case(case_id, published.partition).value
    assert place is not None
    fold: Any = SimpleNamespace(states=states, step=step, partitions=frozenset(range(12)))
    comparison = Comparison(settings=None, fold=fold)  # type: ignore[arg-type] - nothing is asked of it
    right, wrong = digest(published.value), digest(b"spared too much")
    alike = Thing(case_id, CASE, "", {"folded": place, "live": wrong, "read_model": wrong})
    assert [one.sides for one in comparison.judged(alike)] == [("log", "live")]
    sound = Thing(case_id, CASE, "", {"folded": place, "live": right, "read_model": right})
    assert not list(comparison.judged(sound))
    assert states.asked == [published.partition] * 2


def test_what_was_told_of_a_matter_that_the_policy_no_longer_has_is_history() -> None:
    """A city took it out: what its department heard stands, and verification finds no fault in that."""
    fold: Any = SimpleNamespace(step=new_step())
    comparison = Comparison(settings=None, fold=fold)  # type: ignore[arg-type] - nothing is asked of it
    told = {"live": b'{"transition":"READY","proofs":[]}'}
    found = {
        name: list(comparison.judged(Thing("case", STANDING, name, told)))
        for name in ("03/police/", "99/police/")
    }
    assert [one.missing for one in found["03/police/"]] == [("log",)]
    assert found["99/police/"] == []


def test_of_a_receipt_that_was_given_again_the_last_is_compared(tmp_path: Path) -> None:
    """What was refused first and taken later belongs to a case by then; a row as it was first is named."""
    comparison = Comparison(settings=None, fold=None)  # type: ignore[arg-type] - nothing is asked of them
    first = {
        "receipt_id": "records.x/0/1",
        "case_id": None,
        "partition": 0,
        "offset": 1,
        "status": "REJECTED",
    }
    later = {**first, "case_id": "case", "offset": 2, "status": "ACCEPTED"}
    for number, shown in enumerate((later, first)):
        sides = ComparedEntries(tmp_path / str(number))
        for side, rows in (("live", (first, later)), ("read_model", (shown,))):
            for row in rows:
                sides.note(of_index_row(side, {**row, "value": b"avro"}))  # type: ignore[arg-type]
        found = {one.missing for thing in sides.things() for one in comparison.judged(thing)}
        assert found == (set() if shown is later else {("live",), ("read_model",)})
        sides.close()
