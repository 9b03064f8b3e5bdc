"""Signing in: a client shows its credential and is given a token.

Source: RFC 6749 sections 2.3.1, 4.4 and 5.2; RFC 7523.
"""

import asyncio
import base64
import binascii
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final
from urllib.parse import unquote_plus

from exchange.domain.credentials import Credential
from exchange.gateway.assertions import BEARER, Assertions
from exchange.runtime.credentials.secrets import hash_secret, is_secret_of, new_secret
from exchange.runtime.logs import logger

FindCredential = Callable[[str], Credential | None]
"""Client id → its credential, if it works now."""
MOST_AT_ONCE: Final = 4
"""How many from one address may be signing in: each wrong guess takes a second."""
GUESS_S: Final = 1.0
_UNKNOWN: Final = 401


log = logger("gateway.sign_in")


class SignInError(Exception):
    """A token is refused, as RFC 6749 section 5.2 says it."""

    def __init__(self, code: str, text: str, status: int, retry_s: int | None = None) -> None:
        super().__init__(code)
        self.body = {"error": code, "error_description": text}
        self.status = status
        self.headers = {"Retry-After": str(retry_s)} if retry_s else {}
        if status == _UNKNOWN:
            self.headers["WWW-Authenticate"] = "Basic"


class SignIn:
    """Checks who somebody is. Guessing is slowed down, by the address that guesses and by nothing else.

    A name that is guessed at is not locked: whoever has the right secret comes in.

    Args:
        find: finds a credential.
        issue: makes the token for a client id.
        look: looks for credentials that are new.
    """

    def __init__(
        self, find: FindCredential, issue: Callable[[str], str], look: Callable[[], None] = lambda: None
    ) -> None:
        self._find = find
        self._issue = issue
        self._look = look
        self._assertions = Assertions(find)
        self._nobody = hash_secret(new_secret())
        self._asking: defaultdict[str, int] = defaultdict(int)
        # A check takes 50 ms of a core: those who sign in wait for each other, and for nobody else.
        self._checking = ThreadPoolExecutor(1, "sign-in")

    async def token(self, fields: Mapping[str, str], authorization: str, address: str) -> str:
        """Return a token for whoever a form, or the header `Authorization: Basic`, shows.

        Raises:
            SignInError: they show nobody, or others from this address are signing in.
        """
        if fields.get("grant_type") != "client_credentials":
            raise SignInError("unsupported_grant_type", "grant_type is client_credentials.", 400)
        if "client_assertion" in fields:
            with self._turn(address):
                return self._issue((await self._asserted(fields, address)).credential_id)
        shown = basic_of(authorization) or (fields.get("client_id", ""), fields.get("client_secret", ""))
        return self._issue((await self.credential(*shown, address)).credential_id)

    async def credential(self, client_id: str, secret: str, address: str) -> Credential:
        """Return the credential that an id and a secret show; a wrong guess takes a second.

        Raises:
            SignInError: they show none that works, or others from this address are signing in.
        """
        if not (client_id and secret):
            raise SignInError("invalid_request", "Give client_id and client_secret.", 400)
        with self._turn(address):
            return await self._checked(client_id, secret, address)

    @contextmanager
    def _turn(self, address: str) -> Iterator[None]:
        """Hold one of the places of those who sign in from an address while the block runs."""
        if self._asking[address] >= MOST_AT_ONCE:
            raise SignInError("slow_down", "Too many sign in from this address at once.", 429, 1)
        self._asking[address] += 1
        try:
            yield
        finally:
            self._asking[address] -= 1
            if not self._asking[address]:
                del self._asking[address]

    async def _checked(self, client_id: str, secret: str, address: str) -> Credential:
        found = self._find(client_id)
        if found is None:  # it may have been issued a moment ago
            await asyncio.to_thread(self._look)
            found = self._find(client_id)
        # The time that it takes tells nobody who there is.
        kept = found.secret_hash if found else self._nobody
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(self._checking, is_secret_of, kept, secret)
        if found is None or not right:
            raise await _refused(address)
        return found

    async def _asserted(self, fields: Mapping[str, str], address: str) -> Credential:
        if fields.get("client_assertion_type") != BEARER:
            raise SignInError("invalid_request", f"client_assertion_type is {BEARER}.", 400)
        found = self._assertions.credential(fields["client_assertion"])
        if found is None:
            raise await _refused(address)
        return found


async def _refused(address: str) -> SignInError:
    """Return why somebody is not let in, after a second."""
    log.warning("login_failed", address=address)  # counted from there, as at the other doors
    await asyncio.sleep(GUESS_S)
    return SignInError("invalid_client", "No credential that works is shown by this.", _UNKNOWN)


def basic_of(authorization: str) -> tuple[str, str] | None:
    """Return id and secret of a header `Authorization: Basic …`; None if it is not one."""
    kind, _, text = authorization.partition(" ")
    try:
        user, colon, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (unquote_plus(user), unquote_plus(secret)) if colon and kind.lower() == "basic" else None
