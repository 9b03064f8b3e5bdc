"""An announcement is shown once, in bounded memory."""

from consumers.announcements.follower import Seen


def test_an_announcement_repeated_is_not_new() -> None:
    """At least once on the way, once on the screen."""
    seen = Seen()
    assert [seen.first_time(one) for one in "abaab"] == [True, True, False, False, False]


def test_memory_of_ids_is_bounded_and_keeps_the_latest() -> None:
    """A follower may run for years."""
    seen = Seen(limit=2)
    for one in "abac":
        seen.first_time(one)
    assert not seen.first_time("a")
    assert not seen.first_time("c")
    assert seen.first_time("b")
