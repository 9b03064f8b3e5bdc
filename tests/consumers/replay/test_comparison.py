"""What verification compares of a case: what its records give from nothing, not what came by steps."""

from types import SimpleNamespace
from typing import Any

from consumers.replay.compared_content import CASE, digest
from consumers.replay.comparison import Comparison
from consumers.replay.sides import Thing
from exchange.folding.memory_states import MemoryStates
from tests.cases import applied, given
from tests.made_log import Log, new_step
from topics.catalogue import CASES


def test_a_case_that_was_spared_too_much_step_by_step_is_named() -> None:
    """The live join and the fold spare the same work: if that were wrong, both would be, alike."""
    log, states, step = Log(), MemoryStates(), new_step()
    for record in (given("death_certificate"), applied(9)):
        batch = step.run([log.message(record)], states)
        states.apply(batch)
    (published,) = (output for output in batch.outputs if output.topic == CASES)
    case_id = published.key.decode()
    fold: Any = SimpleNamespace(states=states, step=step, partitions=frozenset({published.partition}))
    comparison = Comparison(settings=None, fold=fold)  # type: ignore[arg-type] - nothing is asked of it
    right, wrong = digest(published.value), digest(b"spared too much")
    alike = Thing(case_id, CASE, "", {"log": wrong, "live": wrong, "read_model": wrong})
    assert [one.sides for one in comparison.judged(alike)] == [("log", "live")]
    sound = Thing(case_id, CASE, "", {"log": right, "live": right, "read_model": right})
    assert not list(comparison.judged(sound))
