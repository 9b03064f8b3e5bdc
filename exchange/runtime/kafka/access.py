"""How Kafka is reached: one value, the only place that knows what its clients must be told."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_ON_THIS_MACHINE: Final = {"security.protocol": "SASL_PLAINTEXT"}


@dataclass(frozen=True, slots=True)
class KafkaAccess:
    """Where the brokers are, and as whom a client comes to them."""

    servers: str
    """Bootstrap servers, `host:port[,host:port]`."""
    user: str
    password: str = field(repr=False)
    ca: Path | None = None
    """The authority that vouches for brokers on other machines; None: they are on this one, not encrypted."""
    mechanism: str = "PLAIN"
    """PLAIN sends the password, as our own parts do; with SCRAM, nobody is told it."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return each bootstrap server."""
        return tuple(self.servers.split(","))

    def client_options(self) -> dict[str, object]:
        """Return what a client that is built on librdkafka needs to reach the brokers."""
        way = (
            {"security.protocol": "SASL_SSL", "ssl.ca.location": str(self.ca)}
            if self.ca
            else _ON_THIS_MACHINE
        )
        return {
            "bootstrap.servers": self.servers,
            **way,
            "sasl.mechanism": self.mechanism,
            "sasl.username": self.user,
            "sasl.password": self.password,
        }
