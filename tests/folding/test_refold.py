"""A case that is asked to be worked out anew is published as the rules have it, and nothing is told twice."""

from dataclasses import replace

from exchange.folding.memory_states import MemoryStates
from exchange.folding.states import decode_state, encode_state
from tests.cases import applied, given
from tests.made_log import ENCODERS, Log, Message, new_step
from topics.catalogue import CASES, MOVES


def asked(log: Log, message: Message, case_id: str, partition: int | None = None) -> Message:
    """The request, on the case's own partition if no other is given."""
    move = {"kind": "REFOLD", "from_case_id": case_id, "to_case_id": case_id, "body": b""}
    place = message.partition() if partition is None else partition
    return log.append(MOVES, place, case_id.encode(), ENCODERS[MOVES](move), message.taken_at_ms)


def test_a_case_is_published_anew_and_departments_hear_nothing_again() -> None:
    """What stands in the topic may be of older rules; what departments were told is remembered."""
    log, states, step = Log(), MemoryStates(), new_step()
    message = log.message(given("death_certificate"))
    first = step.run([message], states)
    states.apply(first)
    (case,) = (output for output in first.outputs if output.topic == CASES)
    batch = step.run([asked(log, message, case.key.decode())], states)
    assert [(output.topic, output.key, output.value) for output in batch.outputs] == [
        (CASES, case.key, case.value)
    ]


def test_limits_are_counted_afresh() -> None:
    """Older rules may have counted them; what they rest on does not say so."""
    log, states, step = Log(), MemoryStates(), new_step()
    register = [{"kind": 3, "original_sighted": False}]
    for record in (given("death_certificate"), applied(9, materials=register)):
        message = log.message(record)
        states.apply(step.run([message], states))
    ((case_id, kept),) = states.kept[message.partition()].items()
    state = decode_state(kept)
    wrong = tuple(replace(one, ran=()) for one in state.counted)
    states.kept[message.partition()][case_id] = encode_state(replace(state, counted=wrong))
    states.apply(step.run([asked(log, message, case_id)], states))
    assert decode_state(states.kept[message.partition()][case_id]) == state
    assert wrong != state.counted


def test_a_partition_on_which_the_case_does_not_live_passes_the_request_over() -> None:
    """It is asked of all, since who asks need not know where a case lives."""
    log, step = Log(), new_step()
    message = log.message(given("death_certificate"))
    batch = step.run([asked(log, message, "0" * 32, 7)], MemoryStates())
    assert (batch.outputs, batch.states) == ([], {})
