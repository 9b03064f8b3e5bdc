"""What the log took, or refused, before the rules changed stays so; what comes after is read by today's."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.strategies import DECIDERS, OWNERS
from tests.verification.test_acceptance import record, told
from verification.acceptance import AcceptanceRules, Accepted, Refused, accept

SINCE = datetime(2026, 3, 10, tzinfo=UTC)
RULES = AcceptanceRules(DECIDERS, {"characters": SINCE})
BEFORE, AFTER = SINCE - timedelta(microseconds=1), SINCE
NUMBER = record("death_certificate")["id_number"]

# Taken then, refused now: nothing is to be seen in them.
TAKEN_THEN = [
    *(
        {"name": name}
        for name in ("\u200e", "\u00ad", "\ufe0f", "\u3164", "\u115f", "\U000e0100", "\u2800", "\u180b")
    ),
    *({"name": f"·{name}"} for name in ("\u200f", "\u2062", "\U000e0041")),
]
# Refused then, taken now.
REFUSED_THEN = [
    *(({"death_place": place}, "characters_wrong") for place in ("一楼\r\n二楼", "一\r二", "一\t二", "\t")),
    *(({"name": name}, "characters_wrong") for name in ("王\t芳", "\t王芳", "王芳\t")),
    *(({"id_number": f"{one}{NUMBER}"}, "id_characters_wrong") for one in "\u200e\ufeff\u2800\u00ad"),
    ({"id_number": f"\t{NUMBER}"}, "characters_wrong"),
    ({"id_number_original": f"\u200e{NUMBER}"}, "id_original_disagrees"),
]
# The same at all times.
UNCHANGED = [
    *({"name": name} for name in ("王桂芳", "王\u200e桂芳", "王\u3000芳", "䶮", "买买提·艾力")),
    *({"death_place": place} for place in ("一楼\n二楼", "\u200b", "", "秦州区\u3000", " ")),
    *({"id_number": number} for number in (f"\u3000{NUMBER}", f"{NUMBER[:6]}\u00a0{NUMBER[6:]}")),
]


def verdict_at(taken_at, changes):
    record_type = "death_certificate"
    raw = record(record_type, **changes)
    return accept(record_type, raw, owner=OWNERS[record_type], rules=RULES, taken_at=taken_at)


def test_the_tables_are_of_ten_each_at_least():
    """So that a kind is shown and not an example."""
    assert (len(TAKEN_THEN), len(REFUSED_THEN), len(UNCHANGED)) == (11, 13, 12)


@pytest.mark.parametrize("changes", TAKEN_THEN)
def test_a_name_that_was_taken_though_nothing_is_seen_of_it_stands_with_a_warning(changes):
    """An upgrade takes no record out of a case; at the door and after the moment it is refused."""
    before = verdict_at(BEFORE, changes)
    assert isinstance(before, Accepted)
    assert told(before.warnings) == [("name_unseen", "name")]
    for now in (verdict_at(AFTER, changes), verdict_at(None, changes)):
        assert isinstance(now, Refused)
        assert told(now.reasons) == [("text_empty", "name")]


@pytest.mark.parametrize(("changes", "code"), REFUSED_THEN)
def test_what_was_refused_then_does_not_come_alive_by_an_upgrade(changes, code):
    """Its department was told that it was refused, and may have sent another."""
    before = verdict_at(BEFORE, changes)
    assert isinstance(before, Refused)
    assert told(before.reasons) == [(code, next(iter(changes)))]
    assert isinstance(verdict_at(AFTER, changes), Accepted)
    assert isinstance(verdict_at(None, changes), Accepted)


@pytest.mark.parametrize("changes", UNCHANGED)
def test_all_else_is_read_then_as_now(changes):
    """The moment changes what it says and nothing beside."""
    before, after = verdict_at(BEFORE, changes), verdict_at(AFTER, changes)
    assert isinstance(before, Accepted)
    assert isinstance(after, Accepted)
    assert before.record == after.record
    assert before.warnings == after.warnings == ()
