"""Signing in and out: an account shows who comes, an applicant's code which case it is about."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from exchange.desk.asker import System
from exchange.desk.guessing import Guessing
from exchange.desk.identity import IdentityProvider, LocalProvider, Shown
from exchange.desk.sessions import DeskSession, FindAccount, FindCode, Sessions
from exchange.domain.accounts import is_name
from exchange.runtime.accounts.failed_log import note_failed
from exchange.runtime.accounts.secrets import AccountSecrets
from exchange.runtime.accounts.tables import DeskTables
from exchange.runtime.city import City
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.sentences import said

NoteFailure = Callable[[str, datetime], None]
"""Told the address from which somebody was not let in, and when."""


class SignInRefusedError(ExchangeError):
    """What was shown lets nobody in; it is not said what of it is wrong."""

    def __init__(self, *, by_code: bool = False) -> None:
        if by_code:  # a family knows nothing of accounts
            super().__init__(said("code_refused"), said("code_again"))
        else:
            super().__init__(said("sign_in_refused"), said("sign_in_again"))


class AccountSignIn:
    """Lets people in and out.

    Args:
        provider: says who somebody is.
        find_account: finds an account.
        sessions: keep who is in.
        guessing: slows down who guesses.
        find_code: finds an applicant's code.
        secrets: hash such codes.
        note_failure: told of each that was not let in.

    Raises:
        ExchangeError: PostgreSQL does not answer; so does each method.
    """

    def __init__(
        self,
        provider: IdentityProvider,
        find_account: FindAccount,
        sessions: Sessions,
        guessing: Guessing,
        find_code: FindCode,
        secrets: AccountSecrets,
        note_failure: NoteFailure,
    ) -> None:
        self.find_account = find_account
        self.sessions = sessions
        self._provider = provider
        self._guessing = guessing
        self._find_code = find_code
        self._secrets = secrets
        self._note_failure = note_failure

    def sign_in(self, shown: Shown, address: str, system: System, now: datetime) -> str:
        """Let the holder of an account in; return the token of the session.

        Raises:
            SlowDownError: too many guesses were wrong here.
            SignInRefusedError: what is shown lets nobody in.
        """
        # What no account can be called is kept nowhere: it may be a password.
        places = self._guessing.count(shown.name if is_name(shown.name) else "", address, now)
        account = self._provider.identify(shown, now)
        if account is None:
            self._note_failure(address, now)
            raise SignInRefusedError
        self._guessing.give_back(places, account.name, address)
        return self.sessions.begin(account, system, now)

    def sign_in_with_code(self, code: str, address: str, system: System, now: datetime) -> str:
        """Let an applicant in with the code on the 收件凭证; return the token of the session.

        Raises:
            SlowDownError, SignInRefusedError: as above.
        """
        places = self._guessing.count("", address, now)
        found = self._find_code(self._secrets.code_hash(code))
        if found is None or not found.works:
            self._note_failure(address, now)
            raise SignInRefusedError(by_code=True)
        self._guessing.give_back(places, "", address)
        return self.sessions.begin_by_code(found.code_hash, system, now)

    def find(self, token: str, now: datetime) -> DeskSession:
        """Return the session of whoever shows a token, with the asker that they are.

        Raises:
            SessionOverError: there is none, or it has ended.
        """
        return self.sessions.find(token, now)

    def sign_out(self, token: str) -> None:
        """End a session."""
        self.sessions.end(token)


def make_sign_in(
    home: Home, city: City, tables: DeskTables, find_account: FindAccount, find_code: FindCode
) -> AccountSignIn:
    """Return the sign-in of an exchange, by its own accounts."""
    policy, table, secrets = city.accounts, city.access, AccountSecrets(home)
    provider = LocalProvider(find_account, secrets, tables, lambda role: policy.needs_totp(role, table))
    return AccountSignIn(
        provider,
        find_account,
        Sessions(tables, policy.sessions, find_account, find_code),
        Guessing(tables, secrets, policy.guesses),
        find_code,
        secrets,
        partial(note_failed, home),
    )
