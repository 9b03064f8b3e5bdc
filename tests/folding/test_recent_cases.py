"""Cases are known for a while: until their state is kept otherwise, or newer ones take the room."""

from exchange.domain.case import case_of
from exchange.domain.policy import load_policy
from exchange.domain.values import CaseState
from exchange.domain.views import WorkedOut
from exchange.folding.work import LIGHTEST, KnownCase, RecentCases
from exchange.folding.written import NO_PARTS

STATE = CaseState("0" * 32)
KNOWN = KnownCase(WorkedOut(STATE, case_of(STATE, load_policy())), NO_PARTS)


def test_a_case_is_known_as_long_as_its_state_is_kept_so() -> None:
    """After a transaction that failed, the state before it is kept still."""
    recent = RecentCases()
    recent.remember((1, "a"), b"state", KNOWN)
    assert recent.find((1, "a"), b"state") is KNOWN
    assert recent.find((1, "a"), b"before") is None
    assert recent.find((2, "a"), b"state") is None


def test_the_oldest_make_room_for_the_latest() -> None:
    """A worker runs for months; a state may be as large as a message may be, and a case is larger than it."""
    room = 2 * LIGHTEST
    recent = RecentCases(most_bytes=room)
    for name in "abac":
        recent.remember((1, name), b"1234", KNOWN)
    assert [name for name in "abc" if recent.find((1, name), b"1234")] == ["a", "c"]
    recent.remember((1, "d"), bytes(room + 1), KNOWN)
    assert not any(recent.find((1, name), b"1234") for name in "abc")
    recent.remember((1, "e"), bytes(room), KNOWN)
    assert recent.find((1, "e"), bytes(room)) is KNOWN
