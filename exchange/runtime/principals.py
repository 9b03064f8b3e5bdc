"""As whom each process of ours comes to Kafka; the password of each lies in the home, file 0600."""

from typing import Final

from exchange.runtime.home import Home

BROKER: Final = "broker"
"""The brokers and controllers to each other."""
ADMIN: Final = "admin"
"""What `exchange up` and `deploy` make topics and rights as. Nothing that reads or writes events is it."""
OPERATOR: Final = "operator"
"""The command line of whoever may read the home."""
DESK: Final = "desk"
"""What signs people in, in whichever process that is."""
CONSOLE: Final = "console"
"""What serves pages and the desk's HTTP API."""
PARTS: Final = ("joiner", "projector", "clock", "reconciler", "notifier", "gateway", CONSOLE)
OWN: Final = (BROKER, ADMIN, OPERATOR, DESK, *PARTS)


def kafka_passwords(home: Home) -> dict[str, str]:
    """Return the Kafka password of every principal of ours, made on the first call."""
    return {name: home.secret(kafka_secret(name)) for name in OWN}


def kafka_secret(principal: str) -> str:
    """Return the name of the secret that holds a principal's Kafka password."""
    return f"kafka_{principal}"
