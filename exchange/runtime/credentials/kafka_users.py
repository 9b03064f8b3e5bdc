"""What Kafka knows of credentials: a SCRAM user for each that works, a deny rule for each that does not.

A connection that is open outlives its user's secret, but not a deny rule, which brokers ask before each
answer. So the rule comes first when somebody is shut out, and goes last when somebody is let in again. What
else a user was allowed goes with the next `apply_access`.
"""

from collections.abc import Mapping
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.acls import apply_access
from exchange.runtime.kafka.clients import make_admin
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


def _denials(user: str) -> Any:
    """Return what finds the rules of `denial`."""
    return AclBindingFilter(
        ResourceType.ANY,
        None,
        ResourcePatternType.ANY,
        acl_principal(user),
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
        info = ScramCredentialInfo(MECHANISM, ITERATIONS)
        self._alter(UserScramCredentialUpsertion(user, info, password.encode()))
        if not wait_until(lambda: self._is_there(user), _LIMIT_S):
            raise ExchangeError(said("credential_kafka", problem=user), said("what_to_start"))
        apply_access(self._settings)
        _done(self._admin.delete_acls([_denials(user)], request_timeout=_LIMIT_S))

    def shut_out(self, user: str) -> None:
        """Refuse a user everything, on open connections as well; then let nobody log in as it any more."""
        _done(self._admin.create_acls(list(denial(user)), request_timeout=_LIMIT_S))
        self._alter(UserScramCredentialDeletion(user, MECHANISM), but=KafkaError.RESOURCE_NOT_FOUND)

    def _alter(self, change: Any, but: int | None = None) -> None:
        _done(self._admin.alter_user_scram_credentials([change], request_timeout=_LIMIT_S), but)

    def _is_there(self, user: str) -> bool:
        """Say whether the brokers know a user: they hear of it moments after the controller has it."""
        known = self._admin.describe_user_scram_credentials(request_timeout=_LIMIT_S).result()
        return user in known


def _done(answers: Mapping[Any, Any], but: int | None = None) -> None:
    """Return once all is done; an error of the code `but` counts as done."""
    for answer in answers.values():
        try:
            answer.result()
        except KafkaException as problem:
            error = problem.args[0]
            if error.code() != but:
                raise ExchangeError(
                    said("credential_kafka", problem=error.str()), said("what_to_start")
                ) from problem
