"""Where our own database is, as each role comes to it, and tells its password to nobody.

Embedded, each that reads or writes it has a role of its own, and one file of the home holds all passwords. A
database that runs elsewhere is reached by everybody as its one DSN says.
"""

import os
from typing import Final
from urllib.parse import quote

from exchange.runtime.home import Home

OWNER: Final = "exchange"
"""The database, and the role that owns it: for who keeps it, not for what reads and writes it."""
LOGIN_CHECKED: Final = "scram-sha-256"
"""The way in by which both sides show that they know the password. Whoever takes the port while the server
is away would else ask for the password itself, and be told."""


def dsn_end(home: Home) -> str:
    """Return what a DSN ends in: where the password is, not which, so that it may be shown and logged."""
    return f"{password_file(home)}&require_auth={LOGIN_CHECKED}"


def dsn_of(home: Home, address: str, role: str) -> str:
    """Return our database's DSN as a role of it, given the owner's; another database's as it is.

    Where there is no such role, the DSN lets nobody in.
    """
    place, own, _ = address.partition(password_file(home))
    return place.replace(f"//{OWNER}@", f"//{role}@", 1) + dsn_end(home) if own else address


def password_file(home: Home) -> str:
    """Return where the passwords are, as a DSN says it."""
    return f"?passfile={quote(os.fsencode(home.secrets / 'pgpass'))}"
