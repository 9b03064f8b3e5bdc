"""A case as bytes, part by part: what follows from the same as before is neither made nor written again."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final

from avro_schemas.catalogue import CasePart

Encode = Callable[[Mapping[str, Any]], bytes]


class Written:
    """A part of a document that is written already.

    Attributes:
        data: Its bytes, which the encoder takes as they are.
        of: What it follows from.
    """

    __slots__ = ("data", "of")

    def __init__(self, data: bytes, of: tuple[Any, ...]) -> None:
        self.data = data
        self.of = of


Parts = Mapping[tuple[CasePart, Hashable], Written]
"""What kind of part, and what tells it from the others of the case → the part."""
NO_PARTS: Final[Parts] = {}


class Writing:
    """Says each part of a case in bytes: a `Say` for `case_document`.

    Args:
        encoders: What writes each kind of part, unframed.
        before: The parts as they were written last.
    """

    def __init__(self, encoders: Mapping[CasePart, Encode], before: Parts) -> None:
        self._encoders = encoders
        self._before = before
        self.parts: dict[tuple[CasePart, Hashable], Written] = {}

    def __call__(self, part: CasePart, key: Hashable, make: Callable[..., Any], of: tuple[Any, ...]) -> Any:
        """Return the part as it was written before, if it follows from the same; else write it."""
        known = self._before.get((part, key))
        if known is None or known.of != of:
            known = Written(self._encoders[part](make(*of)), of)
        self.parts[part, key] = known
        return known
