"""How the statistics count: `statistics.yaml`, read and checked."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from avro_schemas.catalogue import schema
from topics.policy_file import no_such

STATISTICS: Final = "statistics.yaml"
Visits = Annotated[int, Field(ge=0)]


class StatisticsPolicy(BaseModel):
    """What counts as small, and how many visits an application takes by its channel."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    small_number: Annotated[int, Field(gt=0)]
    visits: dict[str, Visits]
    visits_otherwise: Visits
    source: str

    @field_validator("visits")
    @classmethod
    def _channels_exist(cls, value: dict[str, int]) -> dict[str, int]:
        known = _channels()
        for channel in value:
            if channel not in known:
                raise ValueError(no_such("channel", channel, known))
        return value

    def visits_saved(self, channel: str | None, departments: int) -> int:
        """Return how many visits an application to this many departments spares its family."""
        return max(0, departments - self.visits.get(channel or "", self.visits_otherwise))


def _channels() -> tuple[str, ...]:
    """Return how an application can come in, as its schema has it."""
    (field,) = (one for one in schema("application")["fields"] if one["name"] == "channel")
    return tuple(name for kind in field["type"] if isinstance(kind, dict) for name in kind["symbols"])
