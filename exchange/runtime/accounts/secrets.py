"""An account's secrets, and applicants' codes: made here, and kept as nothing that lets anybody in by itself.

Source: RFC 9106 (Argon2id, the parameters for little memory), RFC 6238 (one-time codes), RFC 2104 (HMAC).
"""

import hashlib
import hmac
import secrets
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from exchange.domain.applicant_codes import ALPHABET, LENGTH, read_code
from exchange.runtime.credentials.secrets import seal, unseal
from exchange.runtime.home import Home

if TYPE_CHECKING:  # loaded where somebody signs in
    from argon2 import PasswordHasher

SEAL_KEY: Final = "accounts_key"
HASH_KEY: Final = "desk_hash_key"
"""For what is looked up by its hash: codes, and the places of guesses."""
KEY_BYTES: Final = 32
STEP_S: Final = 30
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 5, 4


class AccountSecrets:
    """The home's keys for accounts, and what is done with them."""

    def __init__(self, home: Home) -> None:
        home.create()
        self._home = home

    def seal_totp(self, account: str, secret: str) -> str:
        """Return the key of one-time codes encrypted and bound to its account."""
        return seal(self._key(SEAL_KEY), account, secret)

    def open_totp(self, account: str, sealed: str) -> str:
        """Return a key that `seal_totp` encrypted.

        Raises:
            SealBrokenError: it was another key, or for another account, or it was altered.
        """
        return unseal(self._key(SEAL_KEY), account, sealed)

    def code_hash(self, typed: str) -> str:
        """Return by what an applicant's code is found, however somebody typed it."""
        return self._hash("code", read_code(typed)).hex()

    def place_hash(self, kind: str, *parts: str) -> bytes:
        """Return by what a place where guesses are counted is found: people type passwords for names."""
        return self._hash(kind, *parts)

    def _hash(self, *parts: str) -> bytes:
        return hmac.digest(self._key(HASH_KEY), _bytes("\0".join(parts)), "sha256")

    def _key(self, name: str) -> bytes:
        return bytes.fromhex(self._home.secret(name, KEY_BYTES))


def new_password() -> str:
    """Return a password of 98 random bits, in groups that can be typed."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def new_code() -> str:
    """Return a new code for an applicant, as it is hashed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def hash_password(password: str) -> str:
    """Return what is kept of a password, with its parameters and salt."""
    return _hasher().hash(password)


@cache
def hash_of_nobody() -> str:
    """Return what is compared where there is no such account, so that the time tells nobody that."""
    return hash_password(new_password())


def is_password_of(kept: str, password: str) -> bool:
    """Say whether this is the password of which that is kept; takes as long for a wrong one."""
    from argon2.exceptions import VerifyMismatchError  # noqa: PLC0415 - as above

    try:
        return _hasher().verify(kept, _bytes(password))
    except VerifyMismatchError:
        return False


def new_totp() -> str:
    """Return a new key of one-time codes, in base 32, as programs for them take it."""
    import pyotp  # noqa: PLC0415 - as above

    return pyotp.random_base32()


def totp_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the step of time whose code this is; None if it is none of now's or of those beside it.

    Units: steps of 30 s since 1970.
    """
    import pyotp  # noqa: PLC0415 - as above

    totp, at, shown = pyotp.TOTP(secret), int(now.timestamp()) // STEP_S, _bytes(code)
    steps = (
        step for step in (at - 1, at, at + 1) if hmac.compare_digest(totp.at(step * STEP_S).encode(), shown)
    )
    return next(steps, None)


def totp_uri(account: str, secret: str) -> str:
    """Return what a telephone takes as a QR code."""
    import pyotp  # noqa: PLC0415 - as above

    return pyotp.TOTP(secret, name=account, issuer="exchange").provisioning_uri()


def token_digest(token: str) -> bytes:
    """Return what is kept of a session's token: 256 random bits need no salt."""
    return hashlib.sha256(_bytes(token)).digest()


def _bytes(text: str) -> bytes:
    """Return any text as bytes, also one that no form can hold: it is as wrong as another."""
    return text.encode("utf-8", "surrogatepass")


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415 - as above
    from argon2.profiles import RFC_9106_LOW_MEMORY  # noqa: PLC0415 - as above

    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
