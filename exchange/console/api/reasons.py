"""Why somebody asks for what is masked by default: in a body, since it is in their own words."""

from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta

LONGEST: Final = 1000
ReasonGiven = Annotated[str, Meta(min_length=1, max_length=LONGEST, pattern=r"\S")]


@dataclass
class Reasoned:
    """Why it is asked for; it goes into the access record."""

    reason: ReasonGiven
