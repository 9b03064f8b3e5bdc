"""The key of uploads: without it nobody reads a file, and nobody tells from a name what is in it.

From the home's one secret two keys are derived (HKDF-SHA-256): one makes a file's name of its content's
SHA-256 (HMAC), so that who has a document cannot look whether it is there; the other encrypts (AES-256-GCM),
bound to that name.
"""

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, write_private
from exchange.runtime.sentences import said

NAME: Final = "uploads_key"
KEY_BYTES: Final = 32
VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_FOLDER_BYTES: Final = 8


class AlteredFileError(ExchangeError):
    """What is stored was not written with this key under this name."""


class UploadKey:
    """Names and encrypts files; ``folder`` tells whose they are where several homes have one store."""

    def __init__(self, secret: bytes) -> None:
        """Take over the home's secret, of 32 bytes."""
        self._name_key = _derived(secret, b"exchange uploads name")
        self.folder = _derived(secret, b"exchange uploads folder")[:_FOLDER_BYTES].hex()
        self._cipher = AESGCM(_derived(secret, b"exchange uploads content"))

    def name_of(self, digest: str) -> str:
        """Return the name under which content of a SHA-256 is stored."""
        return f"{self.folder}/{hmac.new(self._name_key, bytes.fromhex(digest), sha256).hexdigest()}"

    def encrypted(self, content: bytes, name: str) -> bytes:
        """Return what is stored under a name."""
        nonce = os.urandom(_NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, content, VERSION + name.encode())

    def decrypted(self, stored: bytes, name: str) -> bytes:
        """Return the content again.

        Raises:
            AlteredFileError: it was not written with this key under this name, or was altered.
        """
        begin = len(VERSION) + _NONCE_BYTES
        try:
            return self._cipher.decrypt(
                stored[len(VERSION) : begin], stored[begin:], stored[: len(VERSION)] + name.encode()
            )
        except (InvalidTag, ValueError):
            raise AlteredFileError(said("upload_altered"), said("upload_altered_what")) from None


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(secret)


def home_key(home: Home) -> UploadKey:
    """Return the home's key, made when it is first asked for; of two who make it at once, one has its way.

    Raises:
        ExchangeError: what lies there is no key.
    """
    path = home.secrets / NAME
    if not path.exists():
        _make(path)
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise ExchangeError(said("upload_key_wrong", file=path), said("upload_altered_what"))
    return UploadKey(secret)


def _make(path: Path) -> None:
    fresh = path.with_name(f"{NAME}.{secrets.token_hex(8)}")
    write_private(fresh, secrets.token_hex(KEY_BYTES))
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return  # another process was first, and has stored files with it perhaps
    finally:
        fresh.unlink()
