"""Who asks at this terminal: whoever has signed in with `exchange login`, else the shell of the home."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from exchange.command.accounts.session_file import read_token
from exchange.command.terminal.options import actor_of
from exchange.desk.asker import Asker, shell
from exchange.runtime.home import Home, find_home
from exchange.runtime.principals import DESK
from exchange.runtime.settings import load_settings

if TYPE_CHECKING:  # loaded where somebody has signed in
    from exchange.desk.sign_in import SignIn


def asker_here(home: Path | None, actor: str) -> Asker:
    """Return who asks.

    Args:
        home: as the command line gives it.
        actor: who is at the shell, as `--actor` says; whoever has signed in is nobody else.

    Raises:
        SessionOverError: somebody signed in, and the session has ended: nobody becomes the shell by waiting.
        ExchangeError: a part does not answer.
    """
    token = read_token(find_home(home))
    if token is None:
        return shell(actor_of(actor))
    return sign_in_here(home).find(token, datetime.now(UTC)).asker


def sign_in_here(home: Path | None) -> "SignIn":
    """Return the sign-in of an exchange, as a command asks it once; applicants do not come this way."""
    from exchange.desk.sign_in import make_sign_in  # noqa: PLC0415 - as above
    from exchange.runtime.accounts.log import AccountLog  # noqa: PLC0415 - as above
    from exchange.runtime.accounts.tables import own_connections  # noqa: PLC0415 - as above

    settings = load_settings(home, DESK)
    accounts = AccountLog(settings).read()
    tables = own_connections(settings.postgres)
    return make_sign_in(Home(settings.home), settings.city, tables, accounts.get, lambda _: None)
