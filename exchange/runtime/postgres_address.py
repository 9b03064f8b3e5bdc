"""Where our own database is, as each role comes to it.

Embedded, each that reads or writes it has a role of its own, and one file of the home holds all passwords. A
database that runs elsewhere is reached by everybody as its one DSN says.
"""

import os
from typing import Final
from urllib.parse import quote

from exchange.runtime.home import Home

OWNER: Final = "exchange"
"""The database, and the role that owns it: for who keeps it, not for what reads and writes it."""


def password_file(home: Home) -> str:
    """Return what a DSN ends in, so that it may be shown and logged: where the password is, not which."""
    return f"?passfile={quote(os.fsencode(home.secrets / 'pgpass'))}"


def dsn_of(home: Home, address: str, role: str) -> str:
    """Return our database's DSN as a role of it, given the owner's; another database's as it is.

    Where there is no such role, the DSN lets nobody in.
    """
    if not address.endswith(password_file(home)):
        return address
    return address.replace(f"//{OWNER}@", f"//{role}@", 1)
