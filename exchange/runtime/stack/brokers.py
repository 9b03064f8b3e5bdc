"""Which brokers a home has: one to try things, or three, so that one may die without anybody noticing."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.sentences import said
from exchange.runtime.stack.ports import LOOPBACK

NUMBERS = (1, 3)
"""Three is the least that leaves a majority when one dies; more would only cost memory here."""


@dataclass(frozen=True)
class Broker:
    """One broker, which is also a controller. Its name is also that of its part, its log and its folder."""

    name: str
    node: int
    folder: Path
    port: int
    own_port: int
    controller_port: int
    outside: str | None = None
    """Where clients of other machines find it, `host:port`; None: nowhere."""

    @property
    def address(self) -> str:
        """Where clients of others find it."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def own_address(self) -> str:
        """Where our own parts and the other brokers find it."""
        return f"{LOOPBACK}:{self.own_port}"

    @property
    def voter(self) -> str:
        """How controllers find each other."""
        return f"{self.node}@{LOOPBACK}:{self.controller_port}"


def broker_names(count: int) -> tuple[str, ...]:
    """Return the brokers' names: `kafka`, or `kafka-1` and so on where there are several."""
    return ("kafka",) if count == 1 else tuple(f"kafka-{node}" for node in range(1, count + 1))


def broker_ports(count: int) -> tuple[str, ...]:
    """Return the names of the ports on the loopback that this many brokers need."""
    return tuple(port for name in broker_names(count) for port in (name, _own(name), _controller(name)))


def outside_ports(count: int) -> tuple[str, ...]:
    """Return the names of the ports that they need beyond it."""
    return tuple(_outside(name) for name in broker_names(count))


def brokers_of(
    home: Home, count: int, ports: Mapping[str, int], listen: str | None = None
) -> tuple[Broker, ...]:
    """Return the brokers of a home at these ports, none where no port is theirs since they run elsewhere.

    Args:
        home: whose they are.
        count: how many.
        ports: on the loopback, and beyond it where they listen there, by name.
        listen: where other machines reach this one.
    """
    return tuple(
        Broker(
            name,
            node,
            home.data / name,
            ports[name],
            ports[_own(name)],
            ports[_controller(name)],
            f"{listen}:{ports[_outside(name)]}" if listen else None,
        )
        for node, name in enumerate(broker_names(count), 1)
        if name in ports
    )


def bootstrap(count: int, ports: Mapping[str, int]) -> str:
    """Return the addresses of all brokers: whichever one is away, a client finds the others."""
    return ",".join(f"{LOOPBACK}:{ports[name]}" for name in broker_names(count))


def own_bootstrap(count: int, ports: Mapping[str, int]) -> str:
    """Return the same for our own parts."""
    return ",".join(f"{LOOPBACK}:{ports[_own(name)]}" for name in broker_names(count))


def outside_bootstrap(count: int, ports: Mapping[str, int], listen: str) -> str:
    """Return the same for clients of other machines."""
    return ",".join(f"{listen}:{ports[name]}" for name in outside_ports(count))


def number_of_brokers(home: Home, wanted: int | None) -> int:
    """Return how many brokers a home has; a new home gets the number wanted, or one.

    Raises:
        ExchangeError: it was made with another number, so replicas would not be where they are looked for.
    """
    made = next(
        (count for count in NUMBERS if any((home.data / name).exists() for name in broker_names(count))), None
    )
    if wanted is not None and made is not None and wanted != made:
        raise ExchangeError(
            said("brokers_fixed_one", home=home.root)
            if made == 1
            else said("brokers_fixed_three", home=home.root),
            said("brokers_another_home", wanted=wanted),
        )
    return made or wanted or 1


def require_log(home: Home, count: int) -> None:
    """Refuse to replace what an exchange in use has lost: empty brokers would outvote what is left.

    Raises:
        ExchangeError: the only broker's folder is gone, or more than one of three are.
    """
    gone = [home.data / name for name in broker_names(count) if not (home.data / name).exists()]
    # While there is no joiner's folder, nobody has published anything: a first start was broken off.
    if 2 * len(gone) > count and any(home.data.glob("joiner*")):
        raise ExchangeError(said("log_gone", folders=", ".join(map(str, gone))), said("log_put_back"))


def cluster_id(brokers: tuple[Broker, ...]) -> str:
    """Return the id of the cluster for which some of these were formatted, else a new one.

    So a format that was broken off half-way is finished, and a broker whose disk was replaced fills up again
    from the others.
    """
    for broker in brokers:
        known = broker.folder / "meta.properties"
        if known.exists():
            lines = known.read_text(encoding="ascii").splitlines()
            return dict(line.split("=", 1) for line in lines if "=" in line)["cluster.id"]
    return base64.urlsafe_b64encode(b"\x01" + os.urandom(15)).decode().rstrip("=")


def _own(name: str) -> str:
    return f"{name}_own"


def _controller(name: str) -> str:
    return f"{name}_controller"


def _outside(name: str) -> str:
    return f"{name}_outside"
