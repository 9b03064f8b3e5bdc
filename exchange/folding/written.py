"""Documents as bytes, whole or in parts: a part that says the same as before is not written again."""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, Final

Encode = Callable[[Mapping[str, Any]], bytes]


class Written:
    """A part of a document that is written already: its bytes, which the encoder takes as they are."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


Parts = Mapping[str, Mapping[Any, tuple[Any, Written]]]
"""Field of a case → what tells each part there from the others → what the part says, and the same written."""
NO_PARTS: Final[Parts] = {}
PARTS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "records": itemgetter("record_id"),
    "matters": itemgetter("matter", "instance"),
}
"""The fields of a case that hold nearly all of it in parts, of which a record changes few."""
