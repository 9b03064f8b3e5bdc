"""A credential's secrets: made here, handed out once, and kept as nothing that lets anybody in by itself.

Source: RFC 7914 (scrypt), NIST SP 800-38D (AES-GCM).
"""

import base64
import hashlib
import hmac
import os
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # loaded where something is sealed: most commands on credentials seal nothing
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SECRET_BYTES: Final = 32
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_N, _R, _P = 2**14, 8, 1
_MOST_MEMORY: Final = 64 * 1024 * 1024


class SealBrokenError(Exception):
    """What was sealed cannot be opened."""


def new_secret() -> str:
    """Return a secret of 256 random bits, in characters that no shell and no form changes."""
    return token_urlsafe(SECRET_BYTES)


def hash_secret(secret: str) -> str:
    """Return what is kept of a client's secret: `scrypt$n$r$p$salt$hash`."""
    salt = os.urandom(_SALT_BYTES)
    return "$".join(
        ("scrypt", str(_N), str(_R), str(_P), salt.hex(), _scrypt(secret, salt, _N, _R, _P).hex())
    )


def is_secret_of(kept: str, secret: str) -> bool:
    """Say whether this is the secret of which that is kept; takes as long for a wrong one."""
    _, n, r, p, salt, digest = kept.split("$")
    found = _scrypt(secret, bytes.fromhex(salt), int(n), int(r), int(p))
    return hmac.compare_digest(found, bytes.fromhex(digest))


def seal(key: bytes, credential_id: str, secret: str) -> str:
    """Return a secret encrypted and bound to its credential, as base64."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(key).encrypt(nonce, secret.encode(), credential_id.encode())
    return base64.b64encode(nonce + sealed).decode()


def unseal(key: bytes, credential_id: str, sealed: str) -> str:
    """Return a secret that `seal` encrypted.

    Raises:
        SealBrokenError: it was another key, or for another credential, or it was altered.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as above

    text = base64.b64decode(sealed)
    nonce, rest = text[:_NONCE_BYTES], text[_NONCE_BYTES:]
    try:
        opened: bytes = _cipher(key).decrypt(nonce, rest, credential_id.encode())
    except InvalidTag:
        raise SealBrokenError from None
    return opened.decode()


def _scrypt(secret: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MOST_MEMORY, dklen=32)


def _cipher(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above

    return AESGCM(key)
