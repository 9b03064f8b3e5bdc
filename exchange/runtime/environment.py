"""What the environment says about where parts are, and which variables must not count."""

import os
from collections.abc import Mapping

VARIABLES: Mapping[str, str] = {
    "kafka": "EXCHANGE_KAFKA",
    "registry": "EXCHANGE_REGISTRY",
    "postgres": "EXCHANGE_POSTGRES",
}


def given_addresses() -> dict[str, str]:
    """Return the addresses that the environment gives: of parts that run elsewhere, not started by us."""
    return {name: os.environ[variable] for name, variable in VARIABLES.items() if os.environ.get(variable)}


def forget_postgres_variables() -> None:
    """Take PostgreSQL's own variables, such as PGSSLMODE and PGSERVICE, out of the environment.

    Each would change how our own database is reached. An address that somebody gives may count on them.
    """
    if "postgres" not in given_addresses():
        for name in [name for name in os.environ if name.startswith("PG")]:
            del os.environ[name]
