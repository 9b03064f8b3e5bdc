"""Which receipt answers which record."""

from life_events_client.answers import Receipt
from life_events_client.batches import Batch
from life_events_client.expected import Expected


def batch(name: str, *record_ids: str) -> Batch:
    """Records of these ids."""
    return Batch(name, record_ids, tuple(b"" for _ in record_ids))


def receipt(record_id: str, status: str = "ACCEPTED") -> Receipt:
    """A receipt of an id."""
    return Receipt(record_id, f"receipt of {record_id}", "cremation", status)  # type: ignore[arg-type]


def statuses(expected: Expected, one: Batch, after: int = 0) -> list[tuple[int, str]]:
    """What has come for a batch, as far as it is told."""
    return [(line, found.status) for line, found in expected.behind(one, after)]


def test_a_record_that_stands_twice_in_a_file_has_both_its_verdicts_in_their_order() -> None:
    """The first line is the one that was taken, the second the duplicate."""
    expected, one, other = Expected(), batch("1", "a", "b", "a"), batch("2", "A")
    for each in (one, other):
        expected.expect(each, 0, {})
    for said in (receipt("a"), receipt("b", "HELD"), receipt("a", "DUPLICATE"), receipt("a", "REJECTED")):
        expected.take(said)
    assert statuses(expected, one) == [(1, "ACCEPTED"), (2, "HELD"), (3, "DUPLICATE")]
    assert statuses(expected, other) == [(1, "REJECTED")]


def test_receipts_are_told_in_the_order_of_the_lines_and_those_of_others_not_at_all() -> None:
    expected, one, other = Expected(), batch("1", "a", "b", "c"), batch("2", "a")
    expected.expect(one, 1, {2: receipt("b", "REJECTED")})
    expected.expect(other, 0, {})
    for said in (receipt("another's"), receipt("a")):
        expected.take(said)
    assert statuses(expected, other) == [(1, "ACCEPTED")]
    assert statuses(expected, one, 1) == [(2, "REJECTED")]
    expected.take(receipt("c"))
    assert statuses(expected, one, 2) == [(3, "ACCEPTED")]
    assert statuses(expected, one, 3) == []


def test_what_is_forgotten_keeps_nothing_and_takes_nothing_from_others() -> None:
    expected, one, other = Expected(), batch("1", "a", "b"), batch("2", "a")
    for each in (one, other):
        expected.expect(each, 0, {})
    expected.forget(one)
    assert not expected.knows(one)
    expected.take(receipt("a"))
    assert statuses(expected, other) == [(1, "ACCEPTED")]
    expected.forget(other)
    assert not expected._waiting
    assert not expected._come
