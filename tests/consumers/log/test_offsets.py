"""A reader's place in a topic, as a value and as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.log.offsets import Offsets, OffsetsUnreadableError

PLACES = st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=40).map(lambda found: Offsets(tuple(found)))
WRITTEN = "0:12,1:3,2:0"
UNREADABLE = (
    *("", " ", "0", "0:", ":12", "0:12", "0:12,1:3", "0:12,1:3,2:0,3:9", "0:12,1:3,2:0,"),
    *("0:12,2:0,1:3", "0:12,1:3,1:3", "1:12,2:3,3:0", "0:12, 1:3,2:0", " 0:12,1:3,2:0", "0:12,1:3,2:0\n"),
    *("0:-1,1:3,2:0", "0:+1,1:3,2:0", "0:012,1:3,2:0", "00:12,1:3,2:0", "0:1_2,1:3,2:0", "0:1.0,1:3,2:0"),
    *("0:１２,1:3,2:0", "0:12；1:3；2:0", "0:0x1,1:3,2:0", "0:9223372036854775808,1:3,2:0", "now", "start"),
    *(f"0:{'9' * 4000},1:3,2:0", "0:12,1:3,2:0;DROP TABLE read_model.receipts", "0:12,1:3,2:\0"),
)


@given(PLACES)
def test_a_place_is_read_as_it_was_written(place: Offsets) -> None:
    """A department that was cut off goes on where it was."""
    assert Offsets.parse(str(place), len(place.next)) == place


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_not_a_place_of_the_topic_is_refused(text: str) -> None:
    """Read wrongly, it would pass over announcements, or give all of them again."""
    with pytest.raises(OffsetsUnreadableError):
        Offsets.parse(text, 3)


@given(st.text("0123456789:,", max_size=30))
def test_whatever_is_read_is_written_the_same_way(text: str) -> None:
    """There is one text for each place, so that two texts can be compared."""
    try:
        found = Offsets.parse(text, 3)
    except OffsetsUnreadableError:
        return
    assert str(found) == text


def test_a_place_moves_on_in_one_partition_alone() -> None:
    """The others have been read no further."""
    assert str(Offsets.parse(WRITTEN, 3).passed(1, 7)) == "0:12,1:8,2:0"
    assert str(Offsets.start(3)) == "0:0,1:0,2:0"


@pytest.mark.parametrize(
    ("text", "beyond"),
    [("0:12,1:3,2:0", False), ("0:0,1:0,2:0", False), ("0:0,1:4,2:0", True), ("0:0,1:0", True)],
)
def test_a_place_is_beyond_another_if_it_is_in_any_partition(text: str, beyond: bool) -> None:
    """So it is known that a topic was made anew, where one partition alone is shorter now."""
    assert Offsets.parse(text, text.count(":")).is_beyond(Offsets.parse(WRITTEN, 3)) == beyond
