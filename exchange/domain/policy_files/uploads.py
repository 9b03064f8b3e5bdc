"""Which files are taken as materials, and how long they are kept: `uploads.yaml`, read and checked."""

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from exchange.domain.policy_files.models import DaysOrNone, Name, Number

UPLOADS: Final = "uploads.yaml"
FileType = Literal["PDF", "JPEG", "PNG"]


class KeptDays(BaseModel):
    """For how many days after a matter is finished its files are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    otherwise: DaysOrNone
    matters: dict[Number, DaysOrNone] = {}


class UploadPolicy(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    types: Annotated[tuple[FileType, ...], Field(min_length=1)]
    largest_bytes: Annotated[int, Field(ge=1, le=100 * 1024 * 1024)]
    largest_pixels: Annotated[int, Field(ge=1, le=500_000_000)]
    kept_days: KeptDays
    unused_days: Annotated[int, Field(ge=1, le=36_500)]
    source: Name

    def days_after(self, matters: Iterable[int]) -> int:
        """Return how many days a file of these matters is kept: the longest of theirs."""
        kept = self.kept_days
        return max((kept.matters.get(one, kept.otherwise) for one in matters), default=kept.otherwise)
