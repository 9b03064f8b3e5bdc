"""Production's brokers and registry, as `compose/` describes them, promise what the embedded ones do."""

from exchange.runtime.principals import ADMIN
from exchange.runtime.stack.kafka_locks import FIXED
from exchange.runtime.stack.registry import LOCKS, ROLES
from tests import promises
from tests.docs.pages import ROOT
from topics.yaml_text import read_yaml


def test_the_brokers_of_production_promise_the_same() -> None:
    """What was tried on three embedded brokers holds for those that the city runs, default or not."""
    services = read_yaml((ROOT / "compose" / "compose.yaml").read_text(encoding="utf-8"))["services"]
    brokers = [service["environment"] for name, service in services.items() if name.startswith("broker-")]
    assert len(brokers) == 3
    for name, value in promises.promised(promises.BROKERS, 3).items():
        variable = f"KAFKA_{name.upper().replace('.', '_')}"
        assert {str(broker.get(variable)) for broker in brokers} == {value}, variable


def test_the_brokers_of_production_are_locked_as_the_embedded_ones_are() -> None:
    """The same authorizer and ways in, nobody above the rules but brokers and admin, and all of it encrypted.

    There the brokers vouch for themselves to every client, so one listener takes ours and others.
    """
    services = read_yaml((ROOT / "compose" / "compose.yaml").read_text(encoding="utf-8"))["services"]
    told = services["broker-1"]["environment"]
    of_clients = ("authorizer", "allow", "connection", "listener.name.client.scram")
    same = [name for name in FIXED if name.startswith(of_clients)]
    assert len(same) == 4
    for name in same:
        clients = name.replace("name.client.", "name.clients.")
        variable = "KAFKA_" + clients.replace("-", "___").replace(".", "_").upper()
        assert told.get(variable) == str(FIXED[name]), variable
    mechanisms = {FIXED[f"listener.name.{one}.sasl.enabled.mechanisms"] for one in ("client", "own")}
    assert set(told["KAFKA_LISTENER_NAME_CLIENTS_SASL_ENABLED_MECHANISMS"].split(",")) == mechanisms
    above = {f"User:broker-{number}" for number in (1, 2, 3)} | {f"User:{ADMIN}"}
    assert set(told["KAFKA_SUPER_USERS"].split(";")) == above
    assert "PLAINTEXT" not in told["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"]


def test_the_registry_of_production_is_locked_as_the_embedded_one_is() -> None:
    """Everybody is asked for a password, and the same two users may do the same."""
    services = read_yaml((ROOT / "compose" / "compose.yaml").read_text(encoding="utf-8"))["services"]
    told = services["registry"]["environment"]
    roles = {f"quarkus.security.users.embedded.roles.{user}": role for user, role in ROLES.items()}
    for name, value in {**LOCKS, **roles}.items():
        variable = name.upper().translate(str.maketrans(".-", "__"))
        assert told.get(variable) == value, variable
