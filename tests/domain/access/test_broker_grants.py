"""The access table as grants: each of ours has what its code does, each outsider what is its own."""

import pytest

from exchange.command.stack.run import RUNNERS
from exchange.domain.access.broker_grants import (
    BrokerGrant,
    difference,
    grants,
    outside_users,
    own_users,
    principal_of,
)
from exchange.domain.policy_files.access import writer_for
from exchange.runtime import principals
from tests.access_tables import CATALOGUE, OUTSIDE, OWN, TABLE
from tests.cells import each_cell
from topics.catalogue import JOIN_GROUP

USERS = {name: name for name in (*OWN, *OUTSIDE)}
KINDS = sorted({topic.kind for topic in CATALOGUE.topics})
# Written from what each part's code does, not from the policy.
READS = {
    "joiner": {"records", "moves", "clock", "redeliveries", "case_states"},
    "projector": {"cases", "tasks", "receipts", "matters", "quarantine", "quarantine_actions", "access"},
    "clock": {"clock"},
    "reconciler": {"records", "receipts", "quarantine", "cases", "redeliveries"},
    "notifier": {"cases"},
    "gateway": {"matters", "receipts", "credentials", "schemas"},
    "desk": {"accounts", "applicant_codes", "schemas"},
    "console": {
        *("records", "moves", "receipts", "matters", "tasks"),
        *("schemas", "accounts", "grants", "credentials"),
    },
    "operator": set(KINDS)
    - {
        "case_states",
        "schemas",
        "quarantine_actions",
        "credentials",
        "accounts",
        "grants",
        "applicant_codes",
    },
    "auditors": set(KINDS) - {"case_states", "accounts", "applicant_codes"},
    "service_centre": {"records", "receipts", "quarantine", "tasks"},
    **{code: {"records", "receipts", "quarantine", "matters"} for code in CATALOGUE.deciding},
}
WRITES = {
    "joiner": {"cases", "case_states", "matters", "receipts", "quarantine", "moves", "tasks"},
    "clock": {"clock"},
    "reconciler": {"redeliveries"},
    "gateway": {"receipts", "quarantine", "access"},
    **{writer_for(code): {"records"} for code in CATALOGUE.publishers},
    "desk": {"applicant_codes"},
    "console": {"access", "accounts", "grants", "quarantine_actions"},
    "operator": {
        *("records", "receipts", "quarantine"),
        *("access", "moves", "redeliveries", "quarantine_actions"),
    },
    **{code: {"records"} for code in CATALOGUE.publishers},
}
WRITERS = {writer_for(code): code for code in CATALOGUE.publishers}
WHOLE = {*OWN, "auditors"} - WRITERS.keys()
"""Who has all topics of a kind; the others have their own of it."""


def lets(found: frozenset[BrokerGrant], user: str, operation: str, resource: str, name: str) -> bool:
    """Whether the brokers would let a user do this, as they read their rules."""
    return any(
        one.allow
        and (one.principal, one.operation, one.resource) == (f"User:{user}", operation, resource)
        and (name.startswith(one.name) if one.prefix else one.name in {name, "*"})
        for one in found
    )


GRANTS = grants(TABLE, CATALOGUE, USERS)


def is_right(principal: str, operation: str, kind: str, department: str | None) -> bool:
    """What the order of who does what says of a topic."""
    kinds = (READS if operation == "read" else WRITES).get(principal, set())
    return kind in kinds and (
        principal in WHOLE or kind == "tasks" or WRITERS.get(principal, principal) == department
    )


CELLS = [
    (principal, operation, topic.name, is_right(principal, operation, topic.kind, topic.department))
    for principal in USERS
    for operation in ("read", "write")
    for topic in CATALOGUE.topics
]


def test_the_table_of_cells_is_whole_and_more_is_refused_than_allowed() -> None:
    """Thirty-one principals, every topic, both operations."""
    allowed = sum(right for *_, right in CELLS)
    assert len(CELLS) == len(USERS) * len(CATALOGUE.topics) * 2 > 2500
    assert 300 < allowed < len(CELLS) / 2


@each_cell(("principal", "operation", "topic", "right"), CELLS)
def test_each_may_read_and_write_what_is_its_own_and_nothing_else(
    principal: str, operation: str, topic: str, right: bool
) -> None:
    """One department never speaks for another, and nobody outside says what came of a record."""
    assert lets(GRANTS, principal, operation, "topic", topic) is right


@each_cell(
    ("resource", "name", "operation", "who"),
    [
        ("group", JOIN_GROUP, "read", {"joiner"}),
        ("group", JOIN_GROUP, "describe", {"reconciler", "operator"}),
        ("group", "health.reader", "read", {"health"}),
        ("group", "health_x.reader", "read", set()),
        ("group", "auditors.1", "read", {"auditors"}),
        ("group", "unused", "read", set()),
        ("group", "unused", "describe", set(READS)),
        ("transactional_id", f"{JOIN_GROUP}-all", "write", {"joiner"}),
        ("transactional_id", f"{JOIN_GROUP}0-all", "write", set()),
        ("transactional_id", "health.1", "write", set()),
        ("topic", "__consumer_offsets", "read", set()),
        ("topic", "__consumer_offsets", "describe", {"projector", "operator", "console"}),
    ],
)
def test_groups_and_transactions_are_those_of_the_join_and_of_each_outsider(
    resource: str, name: str, operation: str, who: set[str]
) -> None:
    """Who could join the join's group would take partitions from it, and lose what is on them."""
    assert {user for user in USERS if lets(GRANTS, user, operation, resource, name)} == who


def test_nothing_but_reading_writing_and_seeing_is_granted() -> None:
    """Topics and rules are made as `admin`, whom the brokers refuse nothing and who needs no rule."""
    assert {one.operation for one in GRANTS} == {"read", "write", "describe"}
    assert not grants(TABLE, CATALOGUE, {"admin": "admin"})


def test_our_own_principals_are_the_same_wherever_they_are_named() -> None:
    """One that the table lacks may do nothing; a part that is no principal of its own has no password."""
    assert own_users(CATALOGUE).keys() == {*principals.OWN, *WRITERS} - {principals.BROKER}
    assert set(principals.PARTS) == RUNNERS.keys()


@pytest.mark.parametrize("user", ["nobody", "data_bureau", "counties", "broker", "bank", "Health", ""])
def test_whoever_is_not_in_the_table_may_do_nothing(user: str) -> None:
    """The bureau is no outsider: it acts through our parts and the operator."""
    assert not grants(TABLE, CATALOGUE, {user: user})
    assert not outside_users({user}, CATALOGUE)


@each_cell(
    ("user", "principal"),
    [
        ("health", "health"),
        ("health.12", "health"),
        ("bank.916205007366258510", "bank.916205007366258510"),
        ("bank.91620500439150008B.2", "bank.91620500439150008B"),
        ("county.620502", "county.620502"),
        ("county.620502.3", "county.620502"),
        ("health.x", "health.x"),
        ("health.1.2", "health.1.2"),
        ("health-1", "health-1"),
    ],
)
def test_a_credential_is_a_user_of_its_principal(user: str, principal: str) -> None:
    """So two can be in use while one is replaced."""
    assert principal_of(user) == principal


def test_two_credentials_of_one_principal_may_the_same() -> None:
    """And one that is called like a part of ours is none of it."""
    first, second = (
        grants(TABLE, CATALOGUE, outside_users({user}, CATALOGUE)) for user in ("health.1", "health.2")
    )
    assert first
    assert {one.principal for one in first} == {"User:health.1"}
    assert {(one.name, one.operation) for one in first} == {(one.name, one.operation) for one in second}
    assert outside_users({"joiner.1", "joiner", "admin", "admin.1", "operator.1"}, CATALOGUE) == {}


def test_what_is_missing_and_what_is_astray_are_told_apart() -> None:
    """A rule that refuses is neither: a revoked credential is kept out by it."""
    wanted, kept, stray = (BrokerGrant("User:health", "topic", name, False, "read") for name in "abc")
    denied = BrokerGrant("User:health", "topic", "b", False, "read", allow=False)
    elsewhere = BrokerGrant("User:health", "topic", "a", False, "read", host="10.0.0.9")
    found = difference({wanted, kept}, {kept, stray, denied, elsewhere})
    assert found == ((wanted,), (elsewhere, stray))
    assert difference({kept}, {kept, denied}) == ((), ())
