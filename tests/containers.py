"""Kafka and PostgreSQL from containers instead of the embedded ones; they need images from elsewhere."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer

from exchange.runtime.stack.kafka import FIXED, LONE, answers
from exchange.runtime.stack.ports import LOOPBACK, USUAL, Claims
from tests.waiting import wait_for


@contextmanager
def parts_in_containers() -> Iterator[dict[str, str]]:
    """Give the variables that name them to an exchange, for as long as the block lasts."""
    with ExitStack() as ends:
        claims = Claims()
        ends.callback(claims.release)
        port = claims.claim(USUAL["kafka"])
        ends.enter_context(_kafka(port))
        postgres = ends.enter_context(PostgresContainer("postgres:18", dbname="exchange", driver=None))
        wait_for("Kafka in its container", lambda: answers(port))
        yield {"EXCHANGE_KAFKA": f"{LOOPBACK}:{port}", "EXCHANGE_POSTGRES": postgres.get_connection_url()}


def _kafka(port: int) -> DockerContainer:
    kafka = DockerContainer("apache/kafka:4.4.0").with_bind_ports(port, port)
    for name, value in {**FIXED, **LONE, **_addresses(port)}.items():
        kafka = kafka.with_env("KAFKA_" + name.upper().replace(".", "_"), str(value))
    return kafka


def _addresses(port: int) -> dict[str, str]:
    controller_port = port + 1
    return {
        "node.id": "1",
        "listeners": f"PLAINTEXT://0.0.0.0:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{port}",
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
    }
