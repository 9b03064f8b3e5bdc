"""What several pages are asked for in their addresses."""

import re
from typing import Annotated, Final

from litestar.params import QueryParameter

AfterAsked = Annotated[str, QueryParameter(name="after", max_length=500)]
"""Where a page of a list begins."""
MatterAsked = Annotated[int | None, QueryParameter(name="matter")]
InstanceAsked = Annotated[str | None, QueryParameter(name="instance", max_length=100)]
TickedMatters = Annotated[list[int] | None, QueryParameter(name="tick")]
"""Which matters are ticked as the page opens."""
_WHOLE: Final = re.compile(r"[0-9]{1,9}")


def number_in(text: str) -> int | None:
    """Return the number that a text is; None: it is none that numbers anything here."""
    return int(text) if _WHOLE.fullmatch(text) else None
