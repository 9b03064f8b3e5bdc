"""What the brokers are told of the access table: one grant for each thing that somebody may do."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from exchange.domain.policy_files.access import (
    AccessTable,
    GroupWord,
    PrincipalEntry,
    TopicOperation,
    kind_of,
    own_principals,
)
from topics.catalogue import JOIN_GROUP, NO_GROUP, Catalogue, Topic

ResourceKind = Literal["topic", "group", "transactional_id"]
BrokerOperation = Literal["read", "write", "describe"]
EVERY: Final = "*"
"""The name by which Kafka means every resource of a kind."""
REFUSED_NOTHING: Final = frozenset({"admin"})
"""The brokers let these do everything (`super.users`): a grant would say less than is so."""
_CREDENTIAL: Final = re.compile(r"(?P<principal>(bank|county|system)\.\w+|\w+)(\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class BrokerGrant:
    """That a user of the brokers may, or where ``allow`` is false may not, do something with a resource.

    Both ``read`` and ``write`` let a user know, too, that the resource is there.
    """

    principal: str
    """As the brokers write it: `User:health.2`."""
    resource: str
    """A `ResourceKind`; of those found there, also the cluster."""
    name: str
    prefix: bool
    """Whether ``name`` only begins the names meant."""
    operation: str
    """A `BrokerOperation`, or another one that somebody has given at the brokers."""
    allow: bool = True
    host: str = EVERY


class GrantDifference(NamedTuple):
    """What would have to be done so that the brokers say what the table says."""

    missing: tuple[BrokerGrant, ...]
    stray: tuple[BrokerGrant, ...]
    """They let somebody do what the table does not."""


def difference(wanted: Set[BrokerGrant], found: Set[BrokerGrant]) -> GrantDifference:
    """Return what is missing and what is astray, each in order.

    What refuses something is never astray: it takes nothing more than the table does, and a revoked
    credential is refused by it for ever.
    """
    stray = (grant for grant in found - wanted if grant.allow)
    return GrantDifference(tuple(sorted(wanted - found)), tuple(sorted(stray)))


def principal_of(user: str) -> str:
    """Return the principal of a user of the brokers: `health.2` is the second credential of `health`."""
    found = _CREDENTIAL.fullmatch(user)
    return found["principal"] if found else user


def grants(table: AccessTable, catalogue: Catalogue, users: Mapping[str, str]) -> frozenset[BrokerGrant]:
    """Return all that users may do at the brokers.

    Args:
        table: who may what.
        catalogue: the topics that it speaks of.
        users: user of the brokers → its principal; one that is not known may do nothing.
    """
    return frozenset(
        BrokerGrant(f"User:{user}", *granted)
        for user, principal in users.items()
        if principal not in REFUSED_NOTHING
        for granted in _granted(table, catalogue, principal)
    )


def own_users(catalogue: Catalogue) -> dict[str, str]:
    """Return our own principals, each a user of the brokers by its own name."""
    return {name: name for name in own_principals(catalogue)}


def outside_users(users: Set[str], catalogue: Catalogue) -> dict[str, str]:
    """Return, of users of the brokers, those of an outsider that is known, each with its principal."""
    found = {user: principal_of(user) for user in users}
    return {user: name for user, name in found.items() if kind_of(name, catalogue)}


class _ResourcePattern(NamedTuple):
    text: str
    prefix: bool


class _Granted(NamedTuple):
    resource: ResourceKind
    name: str
    prefix: bool
    operation: BrokerOperation


def _granted(table: AccessTable, catalogue: Catalogue, principal: str) -> Iterator[_Granted]:
    entry = table.entry(principal, catalogue)
    if entry is None:
        return
    operations: tuple[TopicOperation, ...] = ("read", "write")
    for operation in operations:
        topics = table.topics(principal, operation, catalogue)
        yield from (_Granted("topic", *name, operation) for name in _named(topics, catalogue))
    if entry.sees_all_topics:
        yield _Granted("topic", EVERY, False, "describe")
    if entry.reads:  # every client names a group, also one that keeps its place itself
        yield _Granted("group", NO_GROUP, False, "describe")
    yield from _in_groups(entry, principal)


def _named(topics: Collection[Topic], catalogue: Catalogue) -> Iterator[_ResourcePattern]:
    """Yield the names of topics; of all those of a kind, what their names begin with."""
    counts = Counter(topic.kind for topic in catalogue.topics)
    whole = {kind for kind, count in Counter(topic.kind for topic in topics).items() if count == counts[kind]}
    for topic in topics:
        if topic.kind not in whole:
            yield _ResourcePattern(topic.name, False)
    for kind in whole:
        alone = kind in catalogue.by_name
        yield _ResourcePattern(kind, False) if alone else _ResourcePattern(f"{kind}.", True)


def _in_groups(entry: PrincipalEntry, principal: str) -> Iterator[_Granted]:
    own = _ResourcePattern(f"{principal}.", True)
    groups: dict[GroupWord, _ResourcePattern] = {"join": _ResourcePattern(JOIN_GROUP, False), "own": own}
    transactions: dict[GroupWord, _ResourcePattern] = {
        "join": _ResourcePattern(f"{JOIN_GROUP}-", True),
        "own": own,
    }
    yield from (_Granted("group", *groups[word], "read") for word in entry.groups)
    yield from (_Granted("group", *groups[word], "describe") for word in entry.asks_groups)
    yield from (_Granted("transactional_id", *transactions[word], "write") for word in entry.transactions)
