"""A reader's place in a whole topic, as one value and as one line of text."""

import re
from dataclasses import dataclass
from typing import Final, Self

_GREATEST: Final = 2**63 - 1
_TEXT: Final = re.compile(r"[0-9]{1,5}:[0-9]{1,19}(,[0-9]{1,5}:[0-9]{1,19})*")


class OffsetsUnreadableError(ValueError):
    """A text that is not the offsets of this topic."""


@dataclass(frozen=True, slots=True)
class Offsets:
    """The next offset to read of each partition of one topic.

    Attributes:
        next: by the partition's number.
    """

    next: tuple[int, ...]

    @classmethod
    def start(cls, partitions: int) -> Self:
        """Return the place before the first message of a topic with this many partitions."""
        return cls((0,) * partitions)

    @classmethod
    def parse(cls, text: str, partitions: int) -> Self:
        """Read what `str` has written: ``0:12,1:3,…``, every partition of the topic once, in order.

        Raises:
            OffsetsUnreadableError: it is anything else.
        """
        if not _TEXT.fullmatch(text):
            raise OffsetsUnreadableError
        found = cls(tuple(int(part.partition(":")[2]) for part in text.split(",")))
        if len(found.next) != partitions or max(found.next) > _GREATEST or str(found) != text:
            raise OffsetsUnreadableError
        return found

    def __str__(self) -> str:
        return ",".join(f"{number}:{offset}" for number, offset in enumerate(self.next))

    def passed(self, partition: int, offset: int) -> Self:
        """Return the place after the message at this offset; the other partitions stay."""
        return type(self)((*self.next[:partition], offset + 1, *self.next[partition + 1 :]))

    def is_beyond(self, other: "Offsets") -> bool:
        """Say whether in any partition this place is after the other, or the partitions are not the same."""
        return len(self.next) != len(other.next) or any(
            own > its for own, its in zip(self.next, other.next, strict=True)
        )
