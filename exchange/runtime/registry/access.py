"""How the schema registry is reached: where it is, and as whom a client comes to it."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.sentences import said

READER: Final = "reader"
"""The registry's user that may read everything in it and change nothing."""
DEPLOYER: Final = "deployer"
"""Its user that may also register, export, import and change rules: for the deploy step alone."""
USERS: Final = (READER, DEPLOYER)


@dataclass(frozen=True, slots=True)
class RegistryAccess:
    """A registry's address, and a user of it. The password is never printed.

    Raises:
        ExchangeError: the address names a user; addresses are shown and logged, so none may hold a password.
    """

    url: str
    """Base URL of its Confluent-compatible API."""
    user: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        if urlsplit(self.url).username is not None:
            users = ", ".join(USERS)
            raise ExchangeError(said("registry_names_user"), said("registry_user_in_file", users=users))

    @property
    def auth(self) -> tuple[str, str]:
        """Return user and password, as HTTP clients take them."""
        return self.user, self.password


def registry_passwords(home: Home) -> dict[str, str]:
    """Return the password of each user of the registry that runs here, made on the first call."""
    return {user: home.secret(registry_secret(user)) for user in USERS}


def registry_secret(user: str) -> str:
    """Return the name of the secret that holds the password of one of the registry's users."""
    return f"registry_{user}"
