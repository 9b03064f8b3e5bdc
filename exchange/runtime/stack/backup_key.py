"""The key of backups: without it nobody reads one, and nobody alters one unseen. It is never in a backup.

AES-256-GCM in segments (Tink's streaming AEAD): what is read was written by whoever holds the key, at that
very path, and whole to its end.
"""

from pathlib import Path
from typing import BinaryIO, Final, cast

import tink
from tink import json_proto_keyset_format, secret_key_access, streaming_aead

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, write_private
from exchange.runtime.sentences import said

NAME: Final = "backup_key"
AlteredError = tink.TinkError
"""Raised by reading what was not written with this key at this path."""


class BackupKey:
    """Encrypts what is written to a backup, and reads it again."""

    def __init__(self, text: str) -> None:
        """Take over a key as `make_key` wrote it.

        Raises:
            tink.TinkError: it is none.
        """
        streaming_aead.register()
        keyset = json_proto_keyset_format.parse(text, secret_key_access.TOKEN)
        self._primitive = keyset.primitive(streaming_aead.StreamingAead)

    def writing(self, file: BinaryIO, path: Path) -> BinaryIO:
        """Return what encrypts into a file, which it closes; ``path`` is the file's own within the backup."""
        return cast(BinaryIO, self._primitive.new_encrypting_stream(file, str(path).encode()))

    def reading(self, file: BinaryIO, path: Path) -> BinaryIO:
        """Return what reads such a file."""
        return cast(BinaryIO, self._primitive.new_decrypting_stream(file, str(path).encode()))


def make_key(home: Home) -> bool:
    """Make the home's key if there is none; say whether it was made now, for it to be kept elsewhere too."""
    path = home.secrets / NAME
    if path.exists():
        return False
    streaming_aead.register()
    keyset = tink.new_keyset_handle(streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB)
    write_private(path, json_proto_keyset_format.serialize(keyset, secret_key_access.TOKEN))
    return True


def read_key(path: Path) -> BackupKey:
    """Return the key that lies in a file.

    Raises:
        ExchangeError: there is none.
    """
    try:
        return BackupKey(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, tink.TinkError):
        raise ExchangeError(said("backup_key_none", file=path), said("backup_key_where")) from None
