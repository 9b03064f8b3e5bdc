"""The brokers' own rules, as the access table wants them: what is missing is added, strays are removed.

Rules that refuse are left alone: they are made where a credential is revoked.
"""

from collections.abc import Callable, Collection, Mapping, Set
from functools import partial
from typing import Any, Final

from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from exchange.domain.access.broker_grants import (
    BrokerGrant,
    GrantDifference,
    difference,
    grants,
    outside_users,
    own_users,
)
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.kafka.moving_leaders import answer_of, answers_of
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until

_TIMEOUT_S: Final = 30.0
_RESOURCES: Final[Mapping[str, Any]] = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional_id": ResourceType.TRANSACTIONAL_ID,
    "cluster": ResourceType.BROKER,
}
_NAMES: Final = {resource: name for name, resource in _RESOURCES.items()}
_ANY: Final = (
    *(ResourceType.ANY, None, ResourcePatternType.ANY, None, None),
    *(AclOperation.ANY, AclPermissionType.ANY),
)


def _unanswered(problem: str) -> str:
    return said("access_unanswered", problem=problem)


_asked: Final = partial(answer_of, told=_unanswered)
_done: Final = partial(answers_of, told=_unanswered)


def apply_access(settings: Settings, outside: Set[str]) -> GrantDifference:
    """Make the brokers say what the access table says; return what was added and removed.

    What is missing comes first, so that nobody is refused meanwhile what stays allowed.

    Args:
        settings: those of the principal `admin`.
        outside: the users of outsiders that may do anything. All others lose what they may, so it comes from
            what the exchange keeps, and not from brokers, which may have lost some.

    Raises:
        ExchangeError: the brokers did not answer, or refused.
    """
    admin = make_admin(settings.kafka)
    wanted = _wanted(settings, outside)
    found = difference(wanted, _found(admin))
    _add(admin, found.missing)
    if found.stray:
        filters = _bindings(found.stray, AclBindingFilter)
        _done(lambda: admin.delete_acls(filters, request_timeout=_TIMEOUT_S))
    # The controller has them first; the parts that start next must not be refused by a broker behind it.
    _wait_until_in_force(lambda: not any(difference(wanted, _found(admin))))
    return found


def compare_access(settings: Settings, outside: Set[str]) -> GrantDifference:
    """Return what `apply_access` would do; changes nothing.

    Raises:
        ExchangeError: as there.
    """
    return difference(_wanted(settings, outside), _found(make_admin(settings.kafka)))


def grant_access(settings: Settings, user: str) -> None:
    """Let an outsider's user do what the access table says of its principal; others keep what they have.

    Raises:
        ExchangeError: as `apply_access` says.
    """
    admin, city = make_admin(settings.kafka), settings.city
    wanted = grants(city.access, city.catalogue, outside_users({user}, city.catalogue))
    _add(admin, difference(wanted, _found(admin)).missing)
    _wait_until_in_force(lambda: not difference(wanted, _found(admin)).missing)


def _wanted(settings: Settings, outside: Set[str]) -> frozenset[BrokerGrant]:
    city = settings.city
    return grants(
        city.access, city.catalogue, own_users(city.catalogue) | outside_users(outside, city.catalogue)
    )


def _add(admin: Any, missing: Collection[BrokerGrant]) -> None:
    if missing:
        _done(lambda: admin.create_acls(_bindings(missing), request_timeout=_TIMEOUT_S))


def _wait_until_in_force(condition: Callable[[], bool]) -> None:
    if not wait_until(condition, _TIMEOUT_S):
        raise ExchangeError(said("access_not_in_force", seconds=int(_TIMEOUT_S)), said("what_to_start"))


def _found(admin: Any) -> frozenset[BrokerGrant]:
    found = _asked(lambda: admin.describe_acls(AclBindingFilter(*_ANY), request_timeout=_TIMEOUT_S).result())
    return frozenset(_grant(one) for one in found if one.restype in _NAMES)


def _bindings(found: Collection[BrokerGrant], kind: Any = AclBinding) -> list[Any]:
    return [
        kind(
            _RESOURCES[one.resource],
            one.name,
            ResourcePatternType.PREFIXED if one.prefix else ResourcePatternType.LITERAL,
            one.principal,
            one.host,
            AclOperation[one.operation.upper()],
            AclPermissionType.ALLOW if one.allow else AclPermissionType.DENY,
        )
        for one in found
    ]


def _grant(binding: Any) -> BrokerGrant:
    return BrokerGrant(
        principal=binding.principal,
        resource=_NAMES[binding.restype],
        name=binding.name,
        prefix=binding.resource_pattern_type is ResourcePatternType.PREFIXED,
        operation=binding.operation.name.lower(),
        allow=binding.permission_type is AclPermissionType.ALLOW,
        host=binding.host,
    )
