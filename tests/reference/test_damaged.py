"""A damaged name among others: the engine does what the reference model says, in whatever order they come."""

from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from tests.cases import NAME, Given, given, next_of
from tests.consumers.history.past_world import PastWorld
from tests.reference.comparison import differences, expected_of
from tests.reference.histories import OTHER_NAME

DAMAGED, OTHERWISE_DAMAGED = "李?兰", "李秀?"
TYPES = ("death_certificate", "cremation", "social_insurance", "medical_insurance")
names = st.sampled_from((NAME, NAME, DAMAGED, OTHERWISE_DAMAGED, OTHER_NAME))


@st.composite
def histories(draw: st.DrawFn) -> list[Given]:
    """Some facts under some names, one amended perhaps, one linked or unlinked by a handler perhaps."""
    facts = [given(name, name=draw(names)) for name in TYPES[: draw(st.integers(2, len(TYPES)))]]
    later = [next_of(draw(st.sampled_from(facts)), "AMENDED", "later", name=draw(names))]
    decided = draw(st.sampled_from(("PERSON_LINKED", "PERSON_UNLINKED")))
    favoured = draw(st.sampled_from(facts))[1]["record_id"]
    decisions = [given("decision", kind=decided, in_favour_of=favoured)]
    chosen = facts + draw(st.sampled_from(([], later, decisions, later + decisions)))
    return draw(st.permutations(chosen))


@settings(max_examples=20, deadline=None, derandomize=True)
@drawn(histories())
def test_a_damaged_name_holds_its_own_record_alone(records: list[Given]) -> None:
    """Which records wait, what is established, and which warnings stand with which record."""
    world = PastWorld()
    for record in records:
        world.publish(record)
    assert differences(world, expected_of(world.published)) == []
