"""Puts the embedded parts together: which run here, where they will be, and in which order they start."""

from collections.abc import Mapping

from exchange.runtime.home import Home
from exchange.runtime.stack.brokers import Broker, bootstrap, broker_ports, own_bootstrap
from exchange.runtime.stack.databases import embedded_storage, outside_storage, shown_dsn
from exchange.runtime.stack.downloads import Files
from exchange.runtime.stack.kafka import kafka_items
from exchange.runtime.stack.parts import Part, Plan
from exchange.runtime.stack.postgres import postgres_items
from exchange.runtime.stack.registry import base_url, registry_part


def port_names(given: Mapping[str, str], brokers: int) -> tuple[str, ...]:
    """Return the names of the ports on the loopback needed by parts that the environment does not give."""
    needed = {
        "kafka": broker_ports(brokers),
        "registry": ("registry", "registry_management"),
        "postgres": ("postgres",),
    }
    return tuple(port for part, ports in needed.items() if part not in given for port in ports)


def addresses(home: Home, given: Mapping[str, str], ports: Mapping[str, int], brokers: int) -> dict[str, str]:
    """Return where each part is, given or to be started."""
    found = dict(given)
    if "kafka" not in given:
        found["kafka"] = bootstrap(brokers, ports)
        found["kafka_own"] = own_bootstrap(brokers, ports)
    if "registry" not in given:
        found["registry"] = base_url(ports)
    if "postgres" not in given:
        found["postgres"] = shown_dsn(home, ports["postgres"])
    return found


def embedded_plan(
    home: Home,
    given: Mapping[str, str],
    ports: Mapping[str, int],
    brokers: tuple[Broker, ...],
    files: Files | None,
) -> Plan:
    """Return what is to be started here; `files` may be None if that is neither Kafka nor the registry."""
    plan: Plan = ()
    if "postgres" not in given:
        plan += postgres_items(home, ports)
    if "kafka" not in given and files is not None:
        plan += kafka_items(home, files, brokers)
    if "registry" not in given and files is not None:
        plan += (_registry(home, given, ports, files),)
    return plan


def _registry(home: Home, given: Mapping[str, str], ports: Mapping[str, int], files: Files) -> Part:
    if "postgres" in given:
        return registry_part(home, files, ports, outside_storage(given["postgres"]), after=())
    return registry_part(home, files, ports, embedded_storage(home, ports), after=("databases",))
