"""Who asks by a command."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from exchange.command.terminal.options import actor_of
from exchange.command.terminal.session_file import read_token
from exchange.desk.asker import Asker, shell
from exchange.runtime.home import Home
from exchange.runtime.principals import DESK
from exchange.runtime.settings import Settings, load_settings

if TYPE_CHECKING:  # loaded where somebody signs in, or has
    from exchange.desk.sign_in import AccountSignIn


def asker_of(actor: str, settings: Settings) -> Asker:
    """Return who asks: whoever signed in with `exchange login`, else the shell of whoever may read the home.

    Args:
        actor: who is at the shell, as ``--actor`` says; else the system's user.
        settings: of the home.

    Raises:
        SessionOverError: somebody signed in, and the session has ended: nobody becomes the shell by waiting.
        ExchangeError: a part does not answer.
    """
    token = read_token(Home(settings.home))
    if token is None:
        return shell(actor_of(actor))
    return sign_in_at(settings).find(token, datetime.now(UTC)).asker


def sign_in_at(settings: Settings) -> "AccountSignIn":
    """Return the sign-in of a home, as a command asks it once; applicants do not come this way."""
    from exchange.desk.sign_in import make_sign_in  # noqa: PLC0415 - as above
    from exchange.runtime.accounts.log import AccountLog  # noqa: PLC0415 - as above
    from exchange.runtime.accounts.tables import own_connections  # noqa: PLC0415 - as above

    own = load_settings(settings.home, DESK)
    find = AccountLog(own).read().get
    return make_sign_in(Home(own.home), own.city, own_connections(own.postgres), find, lambda _: None)
