"""Kafka and PostgreSQL from containers instead of the embedded ones; they need images from elsewhere."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer

from exchange.runtime.home import Home
from exchange.runtime.principals import kafka_passwords
from exchange.runtime.settings import Settings
from exchange.runtime.stack.kafka import FIXED, LONE, answers
from exchange.runtime.stack.kafka_locks import CONTROLLER, OWN, locks
from exchange.runtime.stack.ports import LOOPBACK, USUAL, Claims
from tests.running import running_exchange
from tests.waiting import wait_for


@contextmanager
def exchange_on_containers() -> Iterator[Settings]:
    """Give the settings of an exchange on Kafka and PostgreSQL in containers, as long as the block lasts."""
    with ExitStack() as ends:
        home = Home(Path(ends.enter_context(TemporaryDirectory(prefix="exchange-test-"))) / "home")
        home.create()
        claims = Claims()
        ends.callback(claims.release)
        port = claims.claim(USUAL["kafka"])
        ends.enter_context(_kafka(port, kafka_passwords(home)))
        postgres = ends.enter_context(PostgresContainer("postgres:18", dbname="exchange", driver=None))
        wait_for("Kafka in its container", lambda: answers(port))
        given = {"EXCHANGE_KAFKA": f"{LOOPBACK}:{port}", "EXCHANGE_POSTGRES": postgres.get_connection_url()}
        yield ends.enter_context(running_exchange(environment=given, home=home.root))


def broker_settings(port: int, passwords: Mapping[str, str]) -> dict[str, object]:
    """Return what the broker is told: all that an embedded one is, but for certificates, on the loopback."""
    locked = {name: value for name, value in locks(passwords).items() if ".client." not in name}
    return {
        **FIXED,
        **LONE,
        **{name: value for name, value in locked.items() if not name.startswith("ssl.")},
        "listener.security.protocol.map": f"{OWN}:SASL_PLAINTEXT,{CONTROLLER}:SASL_PLAINTEXT",
        "node.id": 1,
        "listeners": f"{OWN}://0.0.0.0:{port},{CONTROLLER}://127.0.0.1:{port + 1}",
        "advertised.listeners": f"{OWN}://{LOOPBACK}:{port}",
        "controller.quorum.voters": f"1@127.0.0.1:{port + 1}",
    }


def variable(name: str) -> str:
    """Return how the image calls a setting of the broker."""
    return "KAFKA_" + name.replace("_", "__").replace("-", "___").replace(".", "_").upper()


def _kafka(port: int, passwords: Mapping[str, str]) -> DockerContainer:
    kafka = DockerContainer("apache/kafka:4.4.0").with_bind_ports(port, port)
    for name, value in broker_settings(port, passwords).items():
        kafka = kafka.with_env(variable(name), str(value))
    return kafka
