"""What Kafka knows of credentials: a SCRAM user for each, and a deny rule for each that does not work.

A connection that is open outlives its user's secret, but not a deny rule, which brokers ask before each
answer. So the rule comes first when somebody is shut out, and goes last when somebody is let in again. What
else a user was allowed goes with the next `apply_access`.

No user is ever removed: brokers of Kafka 4.4.0 that start on a log in which some were removed may forget
every user there is (ADR 0058). Who is shut out gets a password that nobody knows.
"""

from collections.abc import Mapping, Set
from functools import partial
from typing import Any, Final, NamedTuple

from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from exchange.domain.access.broker_grants import GrantDifference, outside_users
from exchange.domain.policy_files.access import writer_for
from exchange.runtime.credentials.secrets import new_secret
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.kafka.acls import apply_access, compare_access, grant_access
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.kafka.moving_leaders import answer_of, answers_of
from exchange.runtime.principals import kafka_secret
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until

MECHANISM: Final = ScramMechanism.SCRAM_SHA_512
ITERATIONS: Final = 4096
"""Kafka's least: secrets are 256 random bits, which no number of rounds makes harder to guess."""
ANY: Final = "*"
_EVERYTHING: Final = (
    (ResourceType.TOPIC, ANY),
    (ResourceType.GROUP, ANY),
    (ResourceType.TRANSACTIONAL_ID, ANY),
    (ResourceType.BROKER, "kafka-cluster"),
)
_LIMIT_S: Final = 10.0


def _not_done(problem: str) -> str:
    return said("credential_kafka", problem=problem)


_asked: Final = partial(answer_of, told=_not_done)
_done: Final = partial(answers_of, told=_not_done)


class SeenUsers(NamedTuple):
    """What the brokers know of users, by their names."""

    users: frozenset[str]
    """Those of outsiders that have a secret."""
    denied: frozenset[str]
    """Those that are refused everything."""


def acl_principal(user: str) -> str:
    """Return how rules call a Kafka user."""
    return f"User:{user}"


def denial(user: str) -> tuple[Any, ...]:
    """Return the rules that refuse a user everything, whatever else allows it."""
    return tuple(
        AclBinding(
            kind,
            name,
            ResourcePatternType.LITERAL,
            acl_principal(user),
            ANY,
            AclOperation.ALL,
            AclPermissionType.DENY,
        )
        for kind, name in _EVERYTHING
    )


def _denials(user: str | None = None) -> Any:
    """Return what finds the rules of `denial`; without a user, those of all."""
    return AclBindingFilter(
        ResourceType.ANY,
        None,
        ResourcePatternType.ANY,
        acl_principal(user) if user else None,
        None,
        AclOperation.ANY,
        AclPermissionType.DENY,
    )


class KafkaUsers:
    """Lets users of the brokers in, and shuts them out.

    Args:
        settings: those of the principal `admin`.

    Raises:
        ExchangeError: the brokers do not answer, or refuse; so does each method.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._admin = make_admin(settings.kafka, {"socket.timeout.ms": int(_LIMIT_S * 1000)})

    def let_in(self, user: str, password: str) -> None:
        """Let a user log in with this password, which replaces any other, and do what its principal may."""
        self._set_passwords({user: password})
        # The brokers hear of it moments after the controller has it.
        if not wait_until(lambda: user in self._with_secrets(), _LIMIT_S):
            raise ExchangeError(_not_done(user), said("what_to_start"))
        grant_access(self._settings, user)
        _done(lambda: self._admin.delete_acls([_denials(user)], request_timeout=_LIMIT_S))

    def let_in_writers(self) -> None:
        """Let the gateway write for each department, as a user of its own; their rules are said elsewhere."""
        home, publishers = Home(self._settings.home), self._settings.city.catalogue.publishers
        self._set_passwords({user: home.secret(kafka_secret(user)) for user in map(writer_for, publishers)})

    def shut_out(self, user: str) -> None:
        """Refuse a user everything, on open connections as well; then let nobody log in as it any more."""
        _done(lambda: self._admin.create_acls(list(denial(user)), request_timeout=_LIMIT_S))
        self._set_passwords({user: new_secret()})

    def seen(self, known: Set[str]) -> SeenUsers:
        """Return what the brokers know now.

        Args:
            known: users of outsiders, whether or not the catalogue still knows their principals.
        """
        rules = _asked(lambda: self._admin.describe_acls(_denials(), request_timeout=_LIMIT_S).result())
        found, secrets = frozenset(rules), self._with_secrets()
        denied = {rule.principal.removeprefix("User:") for rule in found}
        return SeenUsers(
            secrets & known | outside_users(secrets, self._settings.city.catalogue).keys(),
            frozenset(user for user in denied if found.issuperset(denial(user))),
        )

    def compare_access(self, working: frozenset[str]) -> GrantDifference:
        """Return what `apply_access` would do."""
        return compare_access(self._settings, working)

    def apply_access(self, working: frozenset[str]) -> GrantDifference:
        """Make the brokers' rules say what the access table says of ours and of these; return the change."""
        return apply_access(self._settings, working)

    def _set_passwords(self, passwords: Mapping[str, str]) -> None:
        info = ScramCredentialInfo(MECHANISM, ITERATIONS)
        changes = [
            UserScramCredentialUpsertion(user, info, password.encode())
            for user, password in passwords.items()
        ]
        _done(lambda: self._admin.alter_user_scram_credentials(changes, request_timeout=_LIMIT_S))

    def _with_secrets(self) -> frozenset[str]:
        """Return the names of all users whom the brokers would let log in by SCRAM."""
        found = _asked(lambda: self._admin.describe_user_scram_credentials(request_timeout=_LIMIT_S).result())
        return frozenset(found)
