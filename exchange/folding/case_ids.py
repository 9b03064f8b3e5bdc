"""Case ids: outside the record topics a person appears only under one of these."""

import hmac
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final

MOVES_FOLLOWED: Final = 8
"""A person's number is corrected once or twice in a life; a case that forwards further goes in a circle."""


@dataclass(frozen=True)
class CaseIds:
    """Makes case ids with the exchange's own key, so that a number cannot be found by trying them all."""

    key: bytes

    def of_key(self, partition_key: str) -> str:
        """Return the case id of a record's key: HMAC-SHA-256, the first 128 bits in hex."""
        return _case_id(self.key, partition_key)

    def of_message_key(self, key: bytes | None) -> str | None:
        """Return the case id that the key of a message stands for; None if it is no text."""
        try:
            return self.of_key((key or b"").decode())
        except UnicodeDecodeError:
            return None


@lru_cache(maxsize=1024)  # as for partitions: a batch asks again
def _case_id(key: bytes, partition_key: str) -> str:
    return hmac.new(key, partition_key.encode(), sha256).hexdigest()[:32]
