"""Partitions are dealt out so that no process of a verification works on long after the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.replay.partition_groups import balanced_groups


@given(st.dictionaries(st.integers(0, 63), st.integers(0, 10**6), min_size=1), st.integers(1, 80))
def test_every_partition_is_in_one_group_and_no_group_is_empty(messages: dict[int, int], most: int) -> None:
    """What no process folds would be compared with nothing, and what two fold would be told twice."""
    groups = balanced_groups(messages, most)
    assert sorted(partition for group in groups for partition in group) == sorted(messages)
    assert len(groups) == min(most, len(messages))
    assert all(groups)


@pytest.mark.parametrize(
    ("messages", "shares"),
    [
        ([60, 10, 20, 10, 10, 10], {60}),  # by turns it would be 90 and 30
        ([5, 5, 5, 5], {10}),
        ([100, 1, 1], {100, 2}),
    ],
)
def test_two_processes_have_as_much_to_do_as_the_partitions_allow(
    messages: list[int], shares: set[int]
) -> None:
    """The slower of the two says when both are done."""
    groups = balanced_groups(dict(enumerate(messages)), 2)
    assert {sum(messages[partition] for partition in group) for group in groups} == shares
