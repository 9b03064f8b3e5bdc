"""What a refold would change: counted before anybody is told anything."""

from consumers.replay.differences import Difference, differing_matters
from consumers.replay.refold_effect import RefoldEffect

LOG_AND_LIVE = ("log", "live")


def case(case_id: str, matters: int, *fields: str) -> Difference:
    """A case that comes out otherwise."""
    return Difference(case_id, "case", "", LOG_AND_LIVE, fields=fields, matters=matters)


def told(case_id: str, name: str) -> Difference:
    """Something of which a department hears anew, or no longer."""
    return Difference(case_id, "announcement", name, LOG_AND_LIVE, missing=("live",))


def test_cases_matters_departments_and_announcements_are_counted() -> None:
    """A case differs between any two sides, but is worked out once; a department hears of several matters."""
    effect = RefoldEffect(
        (
            case("b", 2, "matters[0].state", "matters[4].state"),
            case("a", 0, "form.deceased.name.value"),
            Difference("a", "case", "", ("live", "read_model"), fields=("form",)),
            told("b", "03/police/"),
            told("b", "10/police/"),
            told("a", "05/human_resources/"),
            Difference("c", "task", "t", LOG_AND_LIVE, missing=("log",)),
        )
    )
    assert effect.row() == {
        "cases": 2,
        "matters": 2,
        "all_cases_looked_into": True,
        "departments": ["human_resources", "police"],
        "announcements": 3,
    }
    assert effect.case_ids == ("a", "b")


def test_what_was_not_looked_into_is_said() -> None:
    """Of very many cases only the first are looked into."""
    assert not RefoldEffect((case("a", 1, "matters"), case("b", 0))).complete


def test_where_nothing_differs_nothing_changes() -> None:
    """Its twin."""
    assert RefoldEffect(()).row() == {
        "cases": 0,
        "matters": 0,
        "all_cases_looked_into": True,
        "departments": [],
        "announcements": 0,
    }


def test_a_matter_that_one_side_alone_has_differs_and_equal_ones_do_not() -> None:
    """A matter may be new, gone, or wanted from several banks."""
    waiting = {"matter": 3, "instance": None, "state": "WAITING"}
    bank = {"matter": 11, "instance": "102", "state": "READY"}
    before = {"matters": [waiting, bank]}
    assert differing_matters(before, {"matters": [bank, waiting]}) == 0
    assert differing_matters(before, {"matters": [{**waiting, "state": "READY"}, bank]}) == 1
    assert differing_matters(before, {"matters": [waiting, {**bank, "instance": "103"}]}) == 2
    assert differing_matters(before, {}) == 2
