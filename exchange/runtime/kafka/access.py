"""How Kafka is reached: one value, the only place that knows what its clients must be told."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class KafkaAccess:
    """Where the brokers are, and as whom a client comes to them."""

    servers: str
    """Bootstrap servers, `host:port[,host:port]`."""
    user: str
    password: str = field(repr=False)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return each bootstrap server."""
        return tuple(self.servers.split(","))

    def client_options(self) -> dict[str, object]:
        """Return what a client that is built on librdkafka needs to reach the brokers."""
        return {
            "bootstrap.servers": self.servers,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "PLAIN",
            "sasl.username": self.user,
            "sasl.password": self.password,
        }
