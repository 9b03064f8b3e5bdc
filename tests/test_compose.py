"""Production's brokers, as `compose/` describes them, promise what three embedded ones do."""

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
