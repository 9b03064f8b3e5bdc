"""Each role, each action, each place: who may do what with whose matter, both ways."""

from itertools import product
from typing import Final

from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.table import FORMS
from exchange.desk.asker import Asker, NotAllowedError
from exchange.desk.drawing import place_for
from exchange.domain.access.may import WorkPlace, may
from exchange.domain.case_disclosure import shown_case
from exchange.domain.policy import load_policy
from exchange.domain.policy_files.access import KeptWithin
from tests.access_tables import TABLE
from tests.case_documents import case_document, matter, record

POLICY: Final = load_policy()
BANK, OTHER_BANK = "91620500439150008B", "91110000100003962T"
QINZHOU, MAIJI = "620502", "620503"


def said(department: str) -> dict[str, str]:
    """A result of a department, as far as it tells whose it is."""
    return {"record_id": f"result-{department}", "department": department}


CASE: Final = case_document(
    records=[record("hukou-1", "hukou_cancellation", "police", county="秦州区")],
    matters=[
        matter(4, "human_resources", "COMPLETED", results=[said("human_resources")]),
        matter(10, "financial_regulation", "REJECTED", instance=BANK, results=[said("financial_regulation")]),
    ],
)
HERE: Final[WorkPlace] = {"case": CASE["case_id"], "county": QINZHOU}
DECIDED: Final = {
    "human_resources": (FormSubject(4), {**HERE, "department": "human_resources"}),
    "bank": (FormSubject(10, BANK), {**HERE, "department": "financial_regulation", "bank": BANK}),
    "window": (FormSubject(), {**HERE, "department": "service_centre"}),
}
"""Whose it is → a form's subject, and where that belongs."""
DEPARTMENT: Final = frozenset({"accept", "return", "result", "correct", "withdraw_result", "acknowledge"})
WINDOW: Final = frozenset(
    {"apply", "amend", "examine", "hand_out", "appoint", "enquire", "reply", "withdraw", "decide"}
)
ACTIONS: Final = {
    **dict.fromkeys(DEPARTMENT, ("human_resources", "bank")),
    **dict.fromkeys(WINDOW, ("window",)),
}
MAY: Final = {
    "department_handler": DEPARTMENT,
    "bank_clerk": DEPARTMENT,
    "county": DEPARTMENT,
    "supervisor": DEPARTMENT,
    "window_clerk": WINDOW,
    "portal": frozenset({"apply"}),
    "hotline": frozenset({"enquire", "reply"}),
    "shell": WINDOW | DEPARTMENT,
}
"""Role → what it may publish; the others publish nothing at the desk."""
NEEDS: Final[dict[str, frozenset[KeptWithin]]] = {
    "department_handler": frozenset({"department"}),
    "supervisor": frozenset({"department"}),
    "bank_clerk": frozenset({"department", "bank"}),
    "county": frozenset({"department", "county"}),
}
KEPT: Final[tuple[WorkPlace, ...]] = (
    {},
    *({"department": one} for one in ("human_resources", "financial_regulation", "police")),
    *({"department": "financial_regulation", "bank": one} for one in (BANK, OTHER_BANK)),
    *({"department": "human_resources", "county": one} for one in (QINZHOU, MAIJI)),
    *({"department": "service_centre", "county": one} for one in (QINZHOU, MAIJI)),
    *({"county": one} for one in (QINZHOU, MAIJI)),
)


def expected(role: str, action: str, kept: WorkPlace, belongs: WorkPlace) -> bool:
    """What the two tables above come to."""
    return (
        action in MAY.get(role, ())
        and NEEDS.get(role, frozenset()) <= kept.keys()
        and all(belongs.get(limit) == name for limit, name in kept.items())
    )


def found(role: str, action: str, kept: WorkPlace, subject: FormSubject, whose: str) -> bool:
    """What the desk says."""
    asker = Asker("王芳", role, kept, "api")
    department = DECIDED[whose][1]["department"]
    if action in {"acknowledge", "withdraw_result"}:
        subject = subject._replace(department=department, record=f"result-{department}")
    if action == "withdraw":
        subject = subject._replace(kind="enquiry")
    place = place_for(asker, FORMS[action], CASE, subject, POLICY)
    try:
        asker.require(action, place, TABLE)
    except NotAllowedError:
        return False
    return True


def test_every_form_has_its_cells() -> None:
    """A form that nobody is tried with would be one that anybody may send."""
    assert set(ACTIONS) == set(FORMS)


def test_each_cell_is_as_the_table_says() -> None:
    """A department's handler does not reach another's matter, a bank another bank's, a county another's."""
    cells = {
        (role, action, whose, *sorted(kept.items())): (
            found(role, action, kept, DECIDED[whose][0], whose),
            expected(role, action, kept, DECIDED[whose][1]),
        )
        for role, (action, places), kept in product(TABLE.roles, ACTIONS.items(), KEPT)
        for whose in places
    }
    assert {cell: pair for cell, pair in cells.items() if pair[0] != pair[1]} == {}
    allowed = sum(told for told, _ in cells.values())
    assert (len(cells), allowed) == (3780, 171)


def test_who_is_refused_at_one_place_is_let_in_at_the_own() -> None:
    """For each refusal of somebody who is kept within a place, the twin: the same person, at that place."""
    refused = [
        (role, action, kept, whose)
        for role, (action, places), kept in product(MAY, ACTIONS.items(), KEPT)
        for whose in places
        if action in MAY[role]
        and NEEDS.get(role, frozenset()) <= kept.keys()
        and not found(role, action, kept, DECIDED[whose][0], whose)
    ]
    twins = [
        (role, action, {limit: DECIDED[whose][1].get(limit, "") for limit in kept}, whose)
        for role, action, kept, whose in refused
        if kept.keys() <= DECIDED[whose][1].keys()
    ]
    assert len(twins) > 100
    for role, action, kept, whose in twins:
        assert found(role, action, kept, DECIDED[whose][0], whose)


def test_a_case_of_no_known_county_is_the_countys_where_somebody_applies() -> None:
    """A death at home: no record tells yet whose it is. What is known counts before where the clerk sits."""
    unknown = case_document(records=[])
    for county, there in ((QINZHOU, True), (MAIJI, True)):
        clerk = Asker("张敏", "window_clerk", {"county": county}, "api")
        place = place_for(clerk, FORMS["apply"], unknown, FormSubject(), POLICY)
        assert (place.get("county") == county) is there
        assert place_for(clerk, FORMS["decide"], unknown, FormSubject(), POLICY).get("county") is None
        assert place_for(clerk, FORMS["apply"], CASE, FormSubject(), POLICY)["county"] == QINZHOU


def test_until_a_record_tells_whose_person_it_is_the_window_that_took_an_application_goes_on_with_it() -> (
    None
):
    """It examines what it took, hands out, and is shown the case; other counties' windows are not."""
    taken = {"a": "秦州区", "b": "麦积区"}
    at_home = [record(one, "application", "service_centre", county=county) for one, county in taken.items()]
    known = record("h", "hukou_cancellation", "police", county="麦积区")
    unknown, told = case_document(records=at_home[:1]), case_document(records=[known, *at_home])
    for clerk, mine, document in (
        (QINZHOU, True, unknown),
        (MAIJI, False, unknown),
        (QINZHOU, False, told),
        (MAIJI, True, told),
    ):
        asker = Asker("张敏", "window_clerk", {"county": clerk}, "api")
        for action, subject in (("examine", FormSubject(application="a")), ("hand_out", FormSubject())):
            place = place_for(asker, FORMS[action], document, subject, POLICY)
            assert may(TABLE, asker.role, action, asker.kept_within, place) is mine
        assert (shown_case(document, (), asker.kept_within, POLICY) is not None) is mine
    both = case_document(records=at_home)
    for clerk in (QINZHOU, MAIJI):
        assert shown_case(both, (), {"county": clerk}, POLICY)
    examine = FORMS["examine"].place(both, FormSubject(application="a"), POLICY)
    assert (examine["county"], FORMS["hand_out"].place(both, FormSubject(), POLICY)["county"]) == (
        QINZHOU,
        MAIJI,
    )
