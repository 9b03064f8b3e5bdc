"""How Kafka is reached: one value, the only place that knows what its clients must be told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KafkaAccess:
    """Where the brokers are; credentials, if clients ever need any, belong here as well."""

    servers: str
    """Bootstrap servers, `host:port[,host:port]`."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return each bootstrap server."""
        return tuple(self.servers.split(","))

    def client_options(self) -> dict[str, object]:
        """Return what a client that is built on librdkafka needs to reach the brokers."""
        return {"bootstrap.servers": self.servers}

    def faust_options(self) -> dict[str, object]:
        """Return what a Faust application needs to reach the brokers."""
        return {"broker": ";".join(f"kafka://{address}" for address in self.addresses)}
