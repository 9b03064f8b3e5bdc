"""Sessions: who has signed in, until they go, are away too long, or are shut out.

Shape: table `desk.sessions`, seen by every process → `DeskSession`. Kept is a hash of its token. That its
account still works is looked up each time: what is revoked is out at once, open streams too.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any, Final

from exchange.desk.asker import APPLICANT, Asker, System
from exchange.domain.accounts import Account
from exchange.domain.applicant_codes import ApplicantCode
from exchange.domain.policy_files.accounts import SessionLimits
from exchange.runtime.accounts.secrets import token_digest
from exchange.runtime.accounts.tables import DeskConnection, DeskTables
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said

FindAccount = Callable[[str], Account | None]
"""Name → the account as it now stands."""
FindCode = Callable[[str], ApplicantCode | None]
"""Hash → the applicant's code as it now stands."""
_TOKEN_BYTES: Final = 32
_FORGET: Final = "DELETE FROM desk.sessions WHERE made_at <= %s OR seen_at <= %s"
_BEGIN: Final = """
INSERT INTO desk.sessions (digest, holder, sessions_since, by_code, system, made_at, seen_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_WORKS: Final = "WHERE digest = %s AND made_at > %s AND seen_at > %s"
_SEEN: Final = f"""
UPDATE desk.sessions SET seen_at = %s {_WORKS} RETURNING holder, sessions_since, by_code, system
"""  # noqa: S608 - no value is in it
_STILL: Final = "SELECT digest FROM desk.sessions WHERE digest = ANY(%s) AND made_at > %s AND seen_at > %s"
_END: Final = "DELETE FROM desk.sessions WHERE digest = %s"


class SessionOverError(ExchangeError):
    """There is no such session, or it has ended: sign in again."""

    def __init__(self) -> None:
        super().__init__(said("session_over"), said("sign_in_again"))


@dataclass(frozen=True, slots=True)
class DeskSession:
    """A session at work: whose it is, and by which it is found again."""

    digest: bytes
    holder: str
    """The name of the account, or the hash of the applicant's code."""
    since: datetime | None
    """The account's ``sessions_since`` as whoever let its holder in knew it; None by a code."""
    by_code: bool
    asker: Asker


class Sessions:
    """The sessions of an exchange.

    Args:
        tables: keep them.
        limits: how long they last.
        find_account: finds an account.
        find_code: finds an applicant's code.

    Raises:
        ExchangeError: PostgreSQL does not answer; so does each method.
    """

    def __init__(
        self, tables: DeskTables, limits: SessionLimits, find_account: FindAccount, find_code: FindCode
    ) -> None:
        self._tables = tables
        self._limits = limits
        self._find_account = find_account
        self._find_code = find_code

    def begin(self, account: Account, system: System, now: datetime) -> str:
        """Begin a session of an account as it was found, and return its token."""
        return self._begin(account.name, account.sessions_since, False, system, now)

    def begin_by_code(self, code_hash: str, system: System, now: datetime) -> str:
        """Begin a session by an applicant's code, and return its token."""
        return self._begin(code_hash, None, True, system, now)

    def _begin(
        self, holder: str, since: datetime | None, by_code: bool, system: System, now: datetime
    ) -> str:
        token = token_urlsafe(_TOKEN_BYTES)

        def begin(connection: DeskConnection) -> None:
            connection.execute(_FORGET, self._ended_by(now))
            connection.execute(_BEGIN, (token_digest(token), holder, since, by_code, system, now, now))

        self._tables.ask(begin)
        return token

    def find(self, token: str, now: datetime) -> DeskSession:
        """Return the session of a token, which lasts on from now.

        Raises:
            SessionOverError: there is none, or it has ended.
        """
        digest = token_digest(token)
        row = self._row(_SEEN, (now, digest, *self._ended_by(now)))
        if row is None:
            raise SessionOverError
        holder, since, by_code, system = row
        asker = self._asker(holder, since, by_code, system)
        if asker is None:
            raise SessionOverError
        return DeskSession(digest, holder, since, by_code, asker)

    def valid_of(self, sessions: Iterable[DeskSession], now: datetime) -> list[DeskSession]:
        """Return those of which an open stream may go on; they do not last longer for being asked.

        Streams ask at least every other second, so that who is shut out sees nothing after five.
        """
        working = [one for one in sessions if self._asker_of(one) == one.asker]
        values = [one.digest for one in working], *self._ended_by(now)
        rows = self._tables.ask(lambda connection: connection.execute(_STILL, values).fetchall())
        digests = {bytes(digest) for (digest,) in rows}
        return [one for one in working if one.digest in digests]

    def end(self, token: str) -> None:
        """End a session; one that has ended does no harm."""
        self._tables.ask(lambda connection: connection.execute(_END, (token_digest(token),)))

    def _asker_of(self, session: DeskSession) -> Asker | None:
        return self._asker(session.holder, session.since, session.by_code, session.asker.system)

    def _asker(self, holder: str, since: datetime | None, by_code: bool, system: System) -> Asker | None:
        """Return who comes with a session; None if they are shut out, or were since it began."""
        if by_code:
            code = self._find_code(holder)
            if code is None or not code.works:
                return None
            own = code.application_id
            return Asker(f"{APPLICANT} {own}", APPLICANT, {"case": code.case_id}, system, own)
        account = self._find_account(holder)
        if account is None or not account.holds(since):
            return None
        return Asker(
            account.name, account.role, account.kept_within, system, display_name=account.display_name
        )

    def _ended_by(self, now: datetime) -> tuple[datetime, datetime]:
        """Return the moments: what was begun by the first, or seen last by the second, has ended."""
        return now - self._limits.longest, now - self._limits.idle

    def _row(self, question: str, values: tuple[object, ...]) -> Any:
        return self._tables.ask(lambda connection: connection.execute(question, values).fetchone())
