"""What each role may do in gateway, desk and console, cell by cell: its own actions, in its own place."""

from itertools import product

from exchange.domain.access.may import WorkPlace, may
from tests.access_tables import TABLE
from tests.cells import each_cell

ACTIONS = tuple(action for line in TABLE.actions for action in line)
MACHINE = {"publish", "read_receipts", "follow", "read_schemas"}
ANSWER = {"look", "queue", "acknowledge", "accept", "return", "result", "read_material"} | {
    *("correct", "withdraw_result"),
}
HANDLE = ANSWER | {"search", "unmask"}
BY_HAND = {"supplement"}
# Written from who does what in the plan, not from the policy: role → its actions, and what it is kept within.
ROLES: dict[str, tuple[set[str], set[str]]] = {
    "department_system": (MACHINE, {"department"}),
    "bank_system": (MACHINE, {"department", "bank"}),
    "county_system": (MACHINE, {"department", "county"}),
    "department_handler": (HANDLE | BY_HAND, {"department"}),
    "bank_clerk": (ANSWER | BY_HAND, {"department", "bank"}),
    "county": (HANDLE | BY_HAND, {"department", "county"}),
    "window_clerk": (
        {"look", "search", "queue", "read_progress", "read_family_looks", "unmask"}
        | {"apply", "examine", "upload", "read_material", "decide", "hand_out", "appoint", "enquire"}
        | {"reply", "withdraw", "amend"},
        set(),
    ),
    "supervisor": (HANDLE | {"assign", "read_looks", "read_statistics"}, {"department"}),
    "leader": ({"read_statistics"}, set()),
    "auditor": (
        {"look", "search", "replay", "read_quarantine", "read_looks", "read_family_looks", "read_statistics"},
        set(),
    ),
    "operator": ({"read_quarantine", "retry", "discard", "manage_credentials", "manage_accounts"}, set()),
    "hotline": ({"read_progress", "enquire", "reply"}, set()),
    "portal": ({"read_progress", "read_family_looks", "apply", "upload"}, set()),
    "applicant": ({"read_progress", "read_family_looks"}, {"case"}),
    # What the command line at the home did before there were accounts, and the bureau's own work.
    "shell": (
        HANDLE
        | {
            "follow",
            "assign",
            "read_looks",
            "read_family_looks",
            "read_statistics",
            "read_progress",
            "replay",
            "read_quarantine",
            "retry",
            "discard",
        }
        | {"apply", "examine", "upload", "decide", "hand_out", "appoint", "enquire"}
        | {"reply", "withdraw", "amend"}
        | {"manage_credentials", "manage_accounts"},
        set(),
    ),
}
HERE: WorkPlace = {"department": "health", "county": "620502", "bank": "天水银行", "case": "a"}
ELSEWHERE: WorkPlace = {"department": "police", "county": "620503", "bank": "甘肃银行", "case": "b"}


def holder(role: str) -> WorkPlace:
    """Somebody of a role, kept within what the role asks for."""
    return {limit: name for limit, name in HERE.items() if limit in ROLES[role][1]}


def test_every_role_and_every_action_is_in_the_table() -> None:
    """So that no cell is left out below, and more is refused than allowed."""
    assert ROLES.keys() == TABLE.roles.keys()
    assert set().union(*(actions for actions, _ in ROLES.values())) == set(ACTIONS)
    assert sum(len(actions) for actions, _ in ROLES.values()) < len(ROLES) * len(ACTIONS) / 2


@each_cell(("role", "action"), product(ROLES, ACTIONS))
def test_a_role_may_do_its_own_actions_and_no_others(role: str, action: str) -> None:
    """With what is in its own place."""
    assert may(TABLE, role, action, holder(role), HERE) is (action in ROLES[role][0])


@each_cell(("role", "limit"), product(ROLES, HERE))
def test_nobody_reaches_beyond_what_they_are_kept_within(role: str, limit: str) -> None:
    """Another department's, county's, bank's or person's; or what belongs nowhere."""
    action = min(ROLES[role][0])
    beyond = {**HERE, limit: ELSEWHERE[limit]}
    unplaced = {name: value for name, value in HERE.items() if name != limit}
    bound = limit in ROLES[role][1]
    assert may(TABLE, role, action, holder(role), beyond) is not bound
    assert may(TABLE, role, action, holder(role), unplaced) is not bound


@each_cell(("role", "limit"), product(ROLES, HERE))
def test_whoever_is_kept_within_more_than_the_role_asks_for_is_kept_there(role: str, limit: str) -> None:
    """A window clerk of one county sees that county's people alone."""
    kept = {**holder(role), limit: HERE[limit]}
    action = min(ROLES[role][0])
    assert may(TABLE, role, action, kept, HERE)
    assert not may(TABLE, role, action, kept, {**HERE, limit: ELSEWHERE[limit]})


@each_cell("role", [role for role, (_, within) in ROLES.items() if within])
def test_an_account_that_lacks_what_its_role_is_kept_within_may_do_nothing(role: str) -> None:
    """A bank's clerk of no bank is nobody's clerk."""
    for limit in holder(role):
        kept = {name: value for name, value in holder(role).items() if name != limit}
        assert not any(may(TABLE, role, action, kept, HERE) for action in ACTIONS)


def test_an_unknown_role_and_an_unknown_action_are_refused() -> None:
    """What the table does not say is not so."""
    assert not any(may(TABLE, "mayor", action, {}, HERE) for action in ACTIONS)
    assert not any(may(TABLE, role, "erase", holder(role), HERE) for role in ROLES)
