"""How many brokers a home has, and which."""

from pathlib import Path

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.principals import OWN
from exchange.runtime.stack.brokers import (
    bootstrap,
    broker_names,
    broker_ports,
    brokers_of,
    cluster_id,
    number_of_brokers,
    own_bootstrap,
    require_log,
)
from exchange.runtime.stack.kafka import properties

PORTS = {name: 1000 + number for number, name in enumerate(broker_ports(3))}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A new one."""
    made = Home(tmp_path)
    made.create()
    return made


def test_a_new_home_has_one_broker_unless_three_are_asked_for(home: Home) -> None:
    """One to try things; three where nothing may be lost."""
    assert number_of_brokers(home, None) == 1
    assert number_of_brokers(home, 3) == 3


@pytest.mark.parametrize(("made", "wanted"), [(1, 3), (3, 1)])
def test_a_home_keeps_its_number_of_brokers(home: Home, made: int, wanted: int) -> None:
    """Its data is on this many; another number would leave some of it behind."""
    (home.data / broker_names(made)[-1]).mkdir()
    assert number_of_brokers(home, None) == made
    assert number_of_brokers(home, made) == made
    with pytest.raises(ExchangeError, match="which is fixed") as refused:
        number_of_brokers(home, wanted)
    assert f"--brokers {wanted}" in (refused.value.hint or "")


@pytest.mark.parametrize(("there", "lost"), [((), 1), (("kafka-2",), 3)])
def test_a_log_that_is_gone_is_not_begun_anew(home: Home, there: tuple[str, ...], lost: int) -> None:
    """An exchange in use without its log is no new one; nor may two empty brokers outvote the third."""
    for name in there:
        (home.data / name).mkdir()
    require_log(home, lost)  # nobody has published anything: a first start that was broken off
    (home.data / "joiner-1").mkdir()
    with pytest.raises(ExchangeError, match="The log of this exchange is gone"):
        require_log(home, lost)


def test_one_lost_disk_of_three_stops_nothing(home: Home) -> None:
    """The other two hold all that it held."""
    for name in ("kafka-1", "kafka-3", "joiner-1"):
        (home.data / name).mkdir()
    require_log(home, 3)


def test_clients_are_told_of_all_brokers() -> None:
    """Whichever is away, the others are found."""
    assert bootstrap(3, PORTS) == "127.0.0.1:1000,127.0.0.1:1003,127.0.0.1:1006"
    assert own_bootstrap(3, PORTS) == "127.0.0.1:1001,127.0.0.1:1004,127.0.0.1:1007"


def test_brokers_that_run_elsewhere_are_none_of_the_homes(home: Home) -> None:
    """Ports are chosen for what is started here."""
    assert brokers_of(home, 1, {"registry": 1}) == ()


def test_a_broker_whose_disk_was_replaced_joins_the_others(home: Home) -> None:
    """It is formatted for the same cluster and fills up from the rest; only a new home gets a new cluster."""
    brokers = brokers_of(home, 3, PORTS)
    assert cluster_id(brokers) != cluster_id(brokers)
    brokers[1].folder.mkdir()
    meta = "#\nversion=1\ncluster.id=AbCd==\nnode.id=2\n"
    (brokers[1].folder / "meta.properties").write_text(meta, encoding="ascii")
    assert cluster_id(brokers) == "AbCd=="


def test_of_three_brokers_each_listens_for_itself_and_knows_all_controllers(home: Home) -> None:
    """Two of them are a majority, so one may die."""
    brokers = brokers_of(home, 3, PORTS)
    told = properties(brokers[2], brokers, dict.fromkeys(OWN, "0f")).splitlines()
    for line in (
        "node.id=3",
        "listeners=CLIENT://127.0.0.1:1006,OWN://127.0.0.1:1007,CONTROLLER://127.0.0.1:1008",
        "advertised.listeners=CLIENT://127.0.0.1:1006,OWN://127.0.0.1:1007",
        "controller.quorum.voters=1@127.0.0.1:1002,2@127.0.0.1:1005,3@127.0.0.1:1008",
        "log.dirs=data/kafka-3",
    ):
        assert line in told
