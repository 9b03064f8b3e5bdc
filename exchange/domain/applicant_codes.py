"""The code on an applicant's receipt (收件凭证): it shows one case's progress until it is taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 characters that nobody takes for each other. Source: Crockford's base 32."""
LENGTH: Final = 25
"""125 bits: guessing goes nowhere, also without being slowed down."""
GROUP: Final = 5
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


@dataclass(frozen=True, slots=True)
class ApplicantCode:
    """What is kept of a code: not the code."""

    code_hash: str
    case_id: str
    application_id: str
    made_at: datetime
    made_by: str
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    @property
    def works(self) -> bool:
        """Say whether it shows its case."""
        return self.revoked_at is None


def read_code(typed: str) -> str:
    """Return a code as it is hashed, however somebody typed it."""
    return typed.upper().translate(_MISREAD)


def shown_code(code: str) -> str:
    """Return a code as it is printed, in groups."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))
