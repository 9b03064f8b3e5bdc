"""What the log took, or refused, before the rules changed stays so; what comes after is read by today's."""

from datetime import UTC, datetime, timedelta

from exchange.domain.policy import load_policy
from tests.cells import each_cell
from tests.strategies import DECIDERS, MATERIALS, OWNERS
from tests.verification.test_acceptance import record, told
from verification.acceptance import AcceptanceRules, Accepted, Refused, accept

SINCE = datetime(2026, 3, 10, tzinfo=UTC)
LATER = SINCE + timedelta(days=1)
MOMENTS = {"characters": SINCE, "names": SINCE, "name_words": LATER}
RULES = AcceptanceRules(DECIDERS, MATERIALS, MOMENTS, load_policy().acceptance.names)
BEFORE, AFTER = SINCE - timedelta(microseconds=1), SINCE
NUMBER = record("death_certificate")["id_number"]

# Taken then, refused now: nothing is to be seen in them.
TAKEN_THEN = [
    *(
        {"name": name}
        for name in ("\u200e", "\u00ad", "\ufe0f", "\u3164", "\u115f", "\U000e0100", "\u2800", "\u180b")
    ),
    *({"name": name} for name in ("\u200e ", "\ufe0f\u3000", "\u00ad\u00ad")),
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


# Seen, and no name: signs alone.
SIGNS = ["、", "-", "/", "—", "***", "???", "～", ",", "( )", "＿"]
DOTS = ["。", ".", "...", "·", "．", " • ", "・・", "。 。", "‧", "｡", "●", "·\u200b"]
DOTS_TAKEN_THEN = ["…", "·\u200f", ".\u2062", "\u00ad。"]


def verdict_at(taken_at, changes):
    record_type = "death_certificate"
    raw = record(record_type, **changes)
    return accept(record_type, raw, owner=OWNERS[record_type], rules=RULES, taken_at=taken_at)


def test_the_tables_are_of_ten_each_at_least():
    """So that a kind is shown and not an example."""
    assert (len(TAKEN_THEN), len(REFUSED_THEN), len(UNCHANGED)) == (11, 13, 12)


@each_cell("changes", TAKEN_THEN)
def test_a_name_that_was_taken_though_nothing_is_seen_of_it_stands_with_a_warning(changes):
    """An upgrade takes no record out of a case; at admission and after the moment it is refused.

    What is no name to be seen is a placeholder like any other: in receipt, state and case alike.
    """
    before = verdict_at(BEFORE, changes)
    assert isinstance(before, Accepted)
    assert told(before.warnings) == [("name_placeholder", "name")]
    for now in (verdict_at(AFTER, changes), verdict_at(None, changes)):
        assert isinstance(now, Refused)
        assert told(now.reasons) == [("text_empty", "name")]


@each_cell(("changes", "code"), REFUSED_THEN)
def test_what_was_refused_then_does_not_come_alive_by_an_upgrade(changes, code):
    """Its department was told that it was refused, and may have sent another."""
    before = verdict_at(BEFORE, changes)
    assert isinstance(before, Refused)
    assert told(before.reasons) == [(code, next(iter(changes)))]
    assert isinstance(verdict_at(AFTER, changes), Accepted)
    assert isinstance(verdict_at(None, changes), Accepted)


def name_at(name, taken_at):
    """What becomes of a certificate with such a name: why it is refused or held, and what is remarked."""
    answer = verdict_at(taken_at, {"name": name})
    if isinstance(answer, Refused):
        return "refused", *(code for code, _ in told(answer.reasons))
    why = answer.held or answer.warnings
    return "held" if answer.held else "taken", *(code for code, _ in told(why))


@each_cell("name", [*SIGNS, *DOTS, *DOTS_TAKEN_THEN])
def test_a_dot_alone_is_held_as_any_other_sign_is(name):
    """Something is seen, and it is no name: the department has a record, and a handler may link it."""
    assert name_at(name, None) == name_at(name, LATER) == ("held", "name_placeholder")


@each_cell("name", DOTS)
@each_cell("taken_at", [BEFORE, AFTER, LATER - timedelta(microseconds=1)])
def test_dots_that_were_refused_as_empty_stay_refused(name, taken_at):
    """Its department was told."""
    assert name_at(name, taken_at) == ("refused", "text_empty")


@each_cell(
    ("name", "before", "between"),
    [
        *((name, "taken", ("held", "name_placeholder")) for name in SIGNS),
        *((name, "taken", ("refused", "text_empty")) for name in DOTS_TAKEN_THEN),
        *((name, "taken", ("taken", "name_placeholder")) for name in ("待查明", "未查明", "n.a.", "NaT")),
    ],
)
def test_other_names_of_nobody_stay_as_they_were_taken(name, before, between):
    """What was effective by the rules of its day stays so, and is remarked upon."""
    assert name_at(name, BEFORE) == (before, "name_placeholder")
    assert name_at(name, AFTER) == between
    assert name_at(name, LATER) == ("held", "name_placeholder")


@each_cell("name", ["王。芳", "买买提．艾力", "J. R. Tolkien", "·王", "待查", "王待查", "Nat", "N. A."])
@each_cell("taken_at", [BEFORE, AFTER, LATER, None])
def test_a_name_with_dots_is_a_name_at_all_times(name, taken_at):
    """Only what has nothing else is none; 待查 was known before."""
    known = {"待查": ("taken" if taken_at == BEFORE else "held", "name_placeholder")}
    known["·王"] = ("taken", "name_with_more")
    assert name_at(name, taken_at) == known.get(name, ("taken",))


@each_cell("changes", UNCHANGED)
def test_all_else_is_read_then_as_now(changes):
    """The moment changes what it says and nothing beside."""
    before, after = verdict_at(BEFORE, changes), verdict_at(AFTER, changes)
    assert isinstance(before, Accepted)
    assert isinstance(after, Accepted)
    assert before.record == after.record
    assert before.warnings == after.warnings == ()
