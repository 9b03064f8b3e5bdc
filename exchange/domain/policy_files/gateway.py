"""How much the gateway may be asked, and how long it keeps what it notes: `gateway.yaml`, read, checked."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

GATEWAY_LIMITS: Final = "gateway.yaml"
_LONGEST_DAYS: Final = 36_500


class _GatewayEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rate(_GatewayEntry):
    """How many at once, and how many more each second."""

    at_once: int = Field(ge=1)
    per_second: int = Field(ge=1)


class GatewayPolicy(_GatewayEntry):
    """The whole file."""

    requests: Rate
    refusals: Rate
    streams: int = Field(ge=1)
    at_work: int = Field(default=4, ge=1)
    answers_kept_hours: int = Field(ge=1, le=24 * _LONGEST_DAYS)
    batches_kept_days: int = Field(ge=1, le=_LONGEST_DAYS)
    submissions_kept_days: int = Field(ge=1, le=_LONGEST_DAYS)
    source: str
