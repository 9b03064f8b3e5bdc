"""People who sign in at a running exchange, by what its log says of accounts and codes now."""

from datetime import datetime
from pathlib import Path

import pyotp

from exchange.desk.accounts import Handed
from exchange.desk.identity import Shown
from exchange.desk.sign_in import AccountSignIn, make_sign_in
from exchange.runtime.accounts.log import AccountLog, CodeLog
from exchange.runtime.accounts.tables import own_connections
from exchange.runtime.home import Home
from exchange.runtime.principals import DESK
from exchange.runtime.settings import load_settings


def sign_in_of(home: Path) -> AccountSignIn:
    """The sign-in of an exchange that has just started."""
    own = load_settings(home, DESK)
    codes = {one.code_hash: one for one in CodeLog(own).read()}
    tables = own_connections(own.postgres)
    return make_sign_in(Home(own.home), own.city, tables, AccountLog(own).read().get, codes.get)


def shown_by(handed: Handed, now: datetime) -> Shown:
    """What the holder of an account shows, who was handed this when it was opened."""
    code = pyotp.TOTP(handed.totp).at(now) if handed.totp else ""
    return Shown(handed.account.name, handed.password or "", code)
