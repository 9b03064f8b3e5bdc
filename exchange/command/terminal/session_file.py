"""Where somebody who has signed in keeps the session: in a file of their own, one for each home.

Shape: `$XDG_CONFIG_HOME/exchange/sessions/<digest of the home's path>`, mode 0600, holds the token alone.
"""

import hashlib
import os
from pathlib import Path

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, write_private
from exchange.runtime.sentences import said
from exchange.runtime.users_home import expanded


def read_token(home: Home) -> str | None:
    """Return the token of whoever has signed in here; None where nobody has."""
    file = session_file(home)
    return file.read_text(encoding="ascii").strip() if file.exists() else None


def keep_token(home: Home, token: str) -> None:
    """Keep a session's token in place of any before."""
    file = session_file(home)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(file, token)


def forget_token(home: Home) -> None:
    """Forget the session."""
    session_file(home).unlink(missing_ok=True)


def session_file(home: Home) -> Path:
    """Return where the token for a home is.

    Raises:
        ExchangeError: the user has no home of their own.
    """
    base = expanded(os.environ.get("XDG_CONFIG_HOME") or "~/.config")
    if base is None:
        raise ExchangeError(
            said("home_of_nobody", folder="~/.config"),
            said("name_another_folder", option="XDG_CONFIG_HOME"),
        )
    digest = hashlib.sha256(os.fsencode(home.root.resolve())).hexdigest()[:32]
    return base.absolute() / "exchange" / "sessions" / digest
