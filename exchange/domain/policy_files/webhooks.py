"""How patiently the portal is told: `webhooks.yaml`, read and checked."""

from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

WEBHOOKS: Final = "webhooks.yaml"


class WebhookPolicy(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    timeout_seconds: int = Field(ge=1, le=60)
    at_once: int = Field(ge=1, le=32)
    first_wait_seconds: int = Field(ge=1)
    growth: int = Field(ge=1, le=10)
    longest_wait_seconds: int = Field(ge=1, le=365 * 24 * 60 * 60)
    jitter: float = Field(ge=0, lt=1)
    attempts: int = Field(ge=1, le=100)
    kept_days: int = Field(ge=1, le=36_500)
    source: str

    @model_validator(mode="after")
    def _waits_grow(self) -> Self:
        first, longest = self.first_wait_seconds, self.longest_wait_seconds
        if longest < first:
            raise ValueError(f"longest_wait_seconds is at least first_wait_seconds, {first}, not {longest}")
        return self
