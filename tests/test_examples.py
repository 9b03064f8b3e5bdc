"""A night looks longer than a commit does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.examples import look_longer, share


def tried(*, times: float, limit: int | None = None) -> int:
    """How many examples a test tries whose own number is the limit, if it has one."""
    found = []

    @given(st.integers())
    def test(number: int) -> None:
        found.append(number)

    if limit is not None:
        test = settings(max_examples=limit, database=None)(test)
    look_longer(test, times)
    test()
    return len(found)


@pytest.mark.parametrize(("times", "count"), [(1, 7), (25, 175), (0.3, 2), (0.01, 1)])
def test_a_test_tries_so_many_times_its_own_number(times: float, count: int) -> None:
    """Each test knows what is enough for a commit; the night multiplies, and `make quick` takes a part."""
    assert tried(times=times, limit=7) == count


def test_a_test_without_a_number_of_its_own_looks_longer_too() -> None:
    """No test is left out for having said nothing."""
    assert tried(times=3) == 3 * settings().max_examples


@pytest.mark.parametrize(("times", "count"), [(1, 10), (100, 10), (0.3, 4), (0.01, 1)])
def test_a_share_of_a_table_is_taken_from_all_of_it_and_by_night_there_is_no_more_of_it(
    times: float, count: int
) -> None:
    """`make test` leaves nothing out."""
    found = share(range(10), times)
    assert (found[0], len(found)) == (0, count)
    assert found == sorted(set(found))


def test_a_state_machine_keeps_its_own_count() -> None:
    """Its histories are long: it has a variable of its own."""

    class Machine(RuleBasedStateMachine):
        @rule()
        def step(self) -> None:
            """Do nothing."""

    before = Machine.TestCase.settings
    look_longer(Machine.TestCase.runTest, 25)
    assert Machine.TestCase.settings is before


def test_a_library_that_keeps_settings_elsewhere_is_noticed() -> None:
    """Otherwise the night would look no longer, and say nothing."""
    with pytest.raises(AttributeError):
        look_longer(lambda: None, 25)
