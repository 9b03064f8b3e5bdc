"""Which partitions each process of a verification takes: so that all of them have about the same to do."""

from collections.abc import Mapping


def balanced_groups(messages: Mapping[int, int], most: int) -> list[frozenset[int]]:
    """Return the partitions in at most so many groups, none of them empty.

    The last process decides how long it takes: partitions are dealt out by how many messages they hold, the
    fullest first, each to the group that has the least so far.

    Args:
        messages: Partition → how many messages it holds.
        most: How many groups, if there are as many partitions.
    """
    groups: list[set[int]] = [set() for _ in range(min(most, len(messages)))]
    held = [0] * len(groups)
    for partition in sorted(messages, key=lambda one: (-messages[one], one)):
        least = held.index(min(held))
        groups[least].add(partition)
        held[least] += messages[partition] + 1  # an empty one is some work, too
    return [frozenset(group) for group in groups]
