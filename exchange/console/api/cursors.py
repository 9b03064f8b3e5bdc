"""Where a page ended, as clients carry it: what it holds is no promise, and nothing of a person.

Shape: base64url of the place's values as JSON.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import astuple
from datetime import date, datetime

import msgspec

from consumers.read_model.queue_reader import QueueCursor
from exchange.serving.problems import ProblemError


def cursor_text(cursor: QueueCursor) -> str:
    """Return a place as clients bring it back."""
    return urlsafe_b64encode(msgspec.json.encode(astuple(cursor))).decode().rstrip("=")


def read_cursor(text: str) -> QueueCursor:
    """Return the place.

    Raises:
        ProblemError: it is none that was given out.
    """
    try:
        found = urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        return QueueCursor(*_DECODER.decode(found))
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise ProblemError("position_wrong", 400) from None


_DECODER = msgspec.json.Decoder(tuple[date | None, datetime | None, str, int, str | None])
