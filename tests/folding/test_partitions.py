"""All who write to the log agree where a person's records go."""

from aiokafka.partitioner import murmur2 as murmur2_of_aiokafka
from hypothesis import given
from hypothesis import strategies as st

from exchange.folding.partitions import murmur2, partition_of
from tests.cells import each_cell
from tests.people import LI_XIULAN, WANG_JIANGUO

KAFKAS_OWN = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}
"""What Kafka's own test of its hash says (``UtilsTest.testMurmur2``), as Java has numbers: with a sign."""


@each_cell("data", KAFKAS_OWN, ids=lambda data: data.decode())
def test_the_hash_is_kafkas(data: bytes) -> None:
    """A department's client in Java finds the partition that ours finds."""
    assert murmur2(data) == KAFKAS_OWN[data] % 2**32


@given(st.binary(max_size=40))
def test_the_hash_is_that_of_another_client(data: bytes) -> None:
    """Whatever is hashed, and wherever it ends within a word."""
    assert murmur2(data) == murmur2_of_aiokafka(data)


def test_a_persons_partition_never_moves() -> None:
    """The count is fixed, the hash is: a number written years ago and today meet."""
    assert [partition_of(number, 12) for number in (LI_XIULAN, WANG_JIANGUO)] == [6, 8]
