"""What all tests share: one running stack for those that need the real parts, and how long others look."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from exchange.runtime.settings import Settings
from exchange.runtime.stack.kafka import FIXED, LONE, answers
from exchange.runtime.stack.ports import LOOPBACK, USUAL, Claims
from exchange.runtime.waiting import wait_until
from tests.examples import TIMES, look_longer
from tests.faults.report import table as fault_table
from tests.running import START_LIMIT_S, run_exchange, running_exchange

# No test is judged by how fast a busy machine is.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

ORIGIN = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def exchange() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line."""
    return run_exchange


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Settings]:
    """The settings of a whole exchange that runs for the session, in a home of its own."""
    with _running(request.config) as settings:
        yield settings


@pytest.fixture(scope="session")
def ahead(request: pytest.FixtureRequest) -> Iterator[Settings]:
    """The settings of another one, to which journeys say that days have passed; it ticks each second."""
    with _running(request.config, EXCHANGE_TICK_SECONDS="1") as settings:
        yield settings


@contextmanager
def _running(config: pytest.Config, **variables: str) -> Iterator[Settings]:
    """Run a whole exchange with these variables in its environment."""
    with ExitStack() as ends:
        elsewhere = _containers(ends)
        config.stash[ORIGIN] = "containers" if elsewhere else "embedded"
        yield ends.enter_context(running_exchange(environment={**elsewhere, **variables}))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Hypothesis look longer where EXCHANGE_EXAMPLES_TIMES says so, as `make nightly` does."""
    tests = {item.function for item in items if isinstance(item, pytest.Function)}
    for test in tests if TIMES > 1 else ():
        if is_hypothesis_test(test):
            look_longer(test, TIMES)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say where the real parts came from, and what the faults came to."""
    origin = config.stash.get(ORIGIN, "not needed")
    terminalreporter.write_line(f"real Kafka, registry and PostgreSQL: {origin}")
    for line in fault_table(config):
        terminalreporter.write_line(line)


def _containers(ends: ExitStack) -> dict[str, str]:
    """Start Kafka and PostgreSQL in containers where that is asked for; they need images from elsewhere."""
    if os.environ.get("EXCHANGE_TEST_PARTS") != "containers":
        return {}
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415 - only where wanted
    from testcontainers.core.container import DockerContainer  # noqa: PLC0415

    claims = Claims()
    ends.callback(claims.release)
    port = claims.claim(USUAL["kafka"])
    kafka = DockerContainer("apache/kafka:4.4.0").with_bind_ports(port, port)
    for name, value in {**FIXED, **LONE, **_container_addresses(port)}.items():
        kafka = kafka.with_env("KAFKA_" + name.upper().replace(".", "_"), str(value))
    ends.enter_context(kafka)
    postgres = ends.enter_context(PostgresContainer("postgres:18", dbname="exchange", driver=None))
    assert wait_until(lambda: answers(port), START_LIMIT_S), "Kafka in its container does not answer"
    return {"EXCHANGE_KAFKA": f"{LOOPBACK}:{port}", "EXCHANGE_POSTGRES": postgres.get_connection_url()}


def _container_addresses(port: int) -> dict[str, str]:
    controller_port = port + 1
    return {
        "node.id": "1",
        "listeners": f"PLAINTEXT://0.0.0.0:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{port}",
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
    }
