"""What a department hands in: the bytes as they came, and what was read from them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from verification.reasons import Reason

KEPT_BYTES: Final = 1 << 20
"""How much of a payload quarantine keeps. Its topic takes 4 MiB; the largest record seen is below 20 kB."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The SHA-256 (hex) of the whole of a payload of which only the beginning is at hand."""

    sha256: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One input at admission.

    Attributes:
        number: the line of the file, or the position in what a program publishes; from 1.
        payload: as it came, without the line's end.
        content: what it says, if that was read already (a row of CSV, a program's value); else None, and the
            payload is JSON.
        fault: the reason why it cannot be read or trusted, found by its reader; the content, if there is
            any, then only tells whose it is.
        whole: set if the payload is only the beginning.
    """

    number: int
    payload: bytes = field(repr=False)
    content: Mapping[str, object] | None = field(default=None, repr=False)
    fault: Reason | None = None
    whole: Whole | None = None

    @property
    def truncated(self) -> bool:
        """Whether quarantine keeps less than all of it."""
        return self.whole is not None or len(self.payload) > KEPT_BYTES

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all that came."""
        return self.whole.sha256 if self.whole else sha256(self.payload).hexdigest()


Input = Submission | bytes | Mapping[str, object]
"""`{"type": …, "record": {…}}` as JSON or as a value, or what `producers.reading.files` read."""


def submission_of(value: Input, number: int) -> Submission:
    """A program's input as admission takes it; a value's payload is its JSON."""
    if isinstance(value, Submission):
        return value
    if isinstance(value, bytes):
        return Submission(number, value)
    return Submission(number, _json(value), value)


def _json(value: Mapping[str, object]) -> bytes:
    """For quarantine alone, hence for any value: what JSON cannot say is written as Python does."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        text = json.dumps(str(type(value)))
    return text.encode("utf-8", "surrogatepass")
