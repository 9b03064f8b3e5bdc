"""What a broker is told so that nobody comes in without a password, or further than a rule allows.

The passwords of our own principals, brokers and controllers among them, stand in the broker's own
configuration: they are known before there is any log to keep them in, and a home from before comes up locked.
Everybody else is a SCRAM user on the log (ADR 0055).

PLAIN tells whoever answers the password itself. So it is spoken on listeners alone where the broker has first
shown our own certificate (ADR 0060); SCRAM tells nobody a password.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from exchange.runtime.principals import ADMIN, BROKER

CLIENT, OWN, CONTROLLER, OUTSIDE = "CLIENT", "OWN", "CONTROLLER", "OUTSIDE"
PROTOCOLS: Final = f"{CLIENT}:SASL_PLAINTEXT,{OWN}:SASL_SSL,{CONTROLLER}:SASL_SSL,{OUTSIDE}:SASL_SSL"
_PLAIN: Final = "org.apache.kafka.common.security.plain.PlainLoginModule required"
_SCRAM: Final = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
FIXED: Final[Mapping[str, object]] = {
    "controller.listener.names": CONTROLLER,
    "inter.broker.listener.name": OWN,
    "listener.security.protocol.map": PROTOCOLS,
    "sasl.mechanism.inter.broker.protocol": "PLAIN",
    "sasl.mechanism.controller.protocol": "PLAIN",
    "listener.name.client.sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "listener.name.client.scram-sha-512.sasl.jaas.config": _SCRAM,
    # SCRAM: as whom the gateway writes for each department is said on the log, with the departments.
    "listener.name.own.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512",
    "listener.name.own.scram-sha-512.sasl.jaas.config": _SCRAM,
    "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
    # Each thread of an encrypted listener loads the certificate, and controllers have little to say.
    "listener.name.controller.num.network.threads": 1,
    "ssl.keystore.type": "PEM",
    "ssl.keystore.location": "secrets/own.pem",
    "ssl.truststore.type": "PEM",
    "ssl.truststore.location": "secrets/own_certificate.pem",
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "allow.everyone.if.no.acl.found": "false",
    # Who guesses passwords waits a second for each answer; nobody else waits.
    "connection.failed.authentication.delay.ms": 1000,
    "super.users": f"User:{BROKER};User:{ADMIN}",
}


BEYOND: Final[Mapping[str, object]] = {
    # Our own principals are none of these users, so nobody is one of them from elsewhere.
    "listener.name.outside.sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "listener.name.outside.scram-sha-512.sasl.jaas.config": _SCRAM,
    "listener.name.outside.ssl.keystore.type": "PEM",
}
"""What is told of the listener for other machines."""
KEYSTORE: Final = "listener.name.outside.ssl.keystore.location"
"""Names its certificate. Told anew to a running broker, it makes it read the file again."""


def locks(passwords: Mapping[str, str]) -> dict[str, object]:
    """Return what a broker is told of who may come in.

    Args:
        passwords: of each principal of ours; hex, so that none needs to be quoted.
    """
    return {
        **FIXED,
        "listener.name.own.plain.sasl.jaas.config": known_users(passwords, passwords),
        "listener.name.controller.plain.sasl.jaas.config": known_users(passwords, [BROKER]),
    }


def known_users(passwords: Mapping[str, str], known: Iterable[str]) -> str:
    """Return, as Java's login modules read it, the login of the broker itself and the users whom it knows."""
    users = " ".join(f'user_{name}="{passwords[name]}"' for name in known)
    return f'{_PLAIN} username="{BROKER}" password="{passwords[BROKER]}" {users};'
