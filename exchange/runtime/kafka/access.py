"""How Kafka is reached: one value, the only place that knows what its clients must be told."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from exchange.runtime.home import Home

_IN_THE_CLEAR: Final = {"security.protocol": "SASL_PLAINTEXT"}
_ENCRYPTED: Final = {
    "security.protocol": "SASL_SSL",
    # The curve of the brokers' certificate comes first: a JVM that has just started is slow at each curve,
    # and would have to do another one, too.
    "ssl.curves.list": "P-256:X25519:P-384",
}


@dataclass(frozen=True, slots=True)
class KafkaAccess:
    """Where the brokers are, and as whom a client comes to them."""

    servers: str
    """Bootstrap servers, `host:port[,host:port]`."""
    user: str
    password: str = field(repr=False)
    ca: Path | None = None
    """Whom to trust that these are the brokers; None: whoever answers on this machine, not encrypted."""
    mechanism: str = "PLAIN"
    """PLAIN sends the password, as our own parts do; with SCRAM, nobody is told it."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return each bootstrap server."""
        return tuple(self.servers.split(","))

    def client_options(self) -> dict[str, object]:
        """Return what a client that is built on librdkafka needs to reach the brokers."""
        way = {**_ENCRYPTED, "ssl.ca.location": str(self.ca)} if self.ca else _IN_THE_CLEAR
        return {
            "bootstrap.servers": self.servers,
            **way,
            "sasl.mechanism": self.mechanism,
            "sasl.username": self.user,
            "sasl.password": self.password,
        }


def own_certificate(home: Home) -> Path:
    """Return the file of the certificate by which our parts know the brokers of a home, and no others."""
    return home.secrets / "own_certificate.pem"
