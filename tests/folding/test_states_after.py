"""Folded on a batch that is not kept yet, records come to the same as on what that batch leaves behind."""

from datetime import UTC, datetime, timedelta

import pytest

from exchange.folding.memory_states import MemoryStates
from exchange.folding.outputs import Output
from exchange.folding.work import Batch, StatesAfter
from tests.cases import given, next_of
from tests.histories import POOL
from tests.made_log import Message, new_step
from tests.people import LI_XIULAN
from tests.world import World

UNKNOWN = given("death_certificate", "unknown", id_number=None, id_type="NONE", name="无名氏")
LINK = given(
    "decision",
    "link",
    kind="PERSON_LINKED",
    recorded_at="2026-04-02T09:00:00+08:00",
    in_favour_of=UNKNOWN[1]["record_id"],
    linked_id_number=LI_XIULAN,
)
NOW = datetime(2026, 7, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    """One case claims a record that another gets later; corrections; and a tick after each record."""
    made = World()
    made.publish(LINK)
    for day, record in enumerate((*POOL[:12], UNKNOWN, *POOL[12:], next_of(POOL[0], "REVOKED", "no"))):
        made.publish(record)
        made.tick(NOW + timedelta(days=day))
    return made.messages


def kept_first(batches: list[list[Message]]) -> tuple[list[list[Output]], MemoryStates]:
    """Each batch is kept before the next one is folded."""
    step, states, told = new_step(), MemoryStates(), []
    for one in batches:
        batch = step.run(one, states)
        states.apply(batch)
        told.append(batch.outputs)
    return told, states


def folded_ahead(batches: list[list[Message]]) -> tuple[list[list[Output]], MemoryStates]:
    """Each batch is folded before the one before it is kept."""
    step, states, told, before = new_step(), MemoryStates(), [], Batch()
    for one in batches:
        batch = step.run(one, StatesAfter(states, before))
        states.apply(before)
        told.append(batch.outputs)
        before = batch
    states.apply(before)
    return told, states


@pytest.mark.parametrize("size", [1, 2, 5, 40])
def test_what_is_folded_ahead_is_what_would_be_folded_afterwards(messages: list[Message], size: int) -> None:
    """The same messages, byte for byte, and the same states, homes and times to look again."""
    batches = [messages[at : at + size] for at in range(0, len(messages), size)]
    (told, states), (told_ahead, states_ahead) = kept_first(batches), folded_ahead(batches)
    assert told_ahead == told
    assert vars(states_ahead) == vars(states)


def test_what_a_batch_removes_is_gone_for_the_one_on_top_of_it() -> None:
    """The claims on a record go when it has come; kept they are still there for a moment."""
    kept = MemoryStates()
    kept.apply(Batch(states={0: {"wanted/x": b"claims", "case": b"old"}}, homes={0: {"y": "case"}}))
    after = StatesAfter(kept, Batch(states={0: {"wanted/x": None}}, homes={0: {"x": "case"}}))
    assert after.load(0, ["wanted/x", "case", "none"]) == {"case": b"old"}
    assert after.homes(0, ["x", "y", "z"]) == {"x": "case", "y": "case"}
