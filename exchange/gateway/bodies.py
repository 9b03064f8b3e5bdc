"""Lines that a client sends, cut as they come: never more in memory than one of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from exchange.folding.sizes import RECORD_BYTES
from exchange.gateway.batches import BatchLine
from producers.submissions import KEPT_BYTES, Whole

RECORD_JSON_BYTES: Final = RECORD_BYTES


@dataclass
class Lines:
    """Cuts what comes into lines, counted from 1; of one that is too long it keeps the beginning alone.

    Blank lines are counted and left out.
    """

    number: int = 0
    _begun: bytearray = field(default_factory=bytearray)
    _too_long: Any = None

    def feed(self, piece: bytes) -> Iterator[BatchLine]:
        """Yield the lines that a piece ends."""
        *ended, rest = piece.split(b"\n")
        for part in ended:
            if part or self._begun:
                self._add(part)
                yield from self._end()
            else:  # a small piece may unpack to millions of these
                self.number += 1
        self._add(rest)

    def finish(self) -> Iterator[BatchLine]:
        """Yield the last line, if nothing ended it."""
        yield from self._end()

    def _add(self, part: bytes) -> None:
        room = KEPT_BYTES - len(self._begun)
        if len(part) > room and self._too_long is None:
            self._too_long = sha256(self._begun)
        if self._too_long is not None:
            self._too_long.update(part)
        self._begun += part[:room]

    def _end(self) -> Iterator[BatchLine]:
        self.number += 1
        whole = None if self._too_long is None else Whole(self._too_long.hexdigest())
        if whole or self._begun.strip():
            yield BatchLine(self.number, bytes(self._begun).rstrip(b"\r"), whole)
        self._begun.clear()
        self._too_long = None
