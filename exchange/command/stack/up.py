"""`exchange up`: start everything in a home, in the foreground or in the background."""

import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from exchange.command.stack.background import join_running, start_behind
from exchange.command.stack.deploy import KEPT_POLICY, deploy_steps
from exchange.command.stack.progress import download_progress, starting
from exchange.command.stack.sole_supervisor import sole_supervisor
from exchange.command.terminal.console import say
from exchange.command.terminal.options import HomeOption
from exchange.runtime.city import City, find_city
from exchange.runtime.environment import given_addresses
from exchange.runtime.home import Home, find_home
from exchange.runtime.logs import configure_logs
from exchange.runtime.principals import ADMIN, CONSOLE, kafka_passwords
from exchange.runtime.proxies import find_proxy
from exchange.runtime.registry.access import registry_passwords
from exchange.runtime.rules_since import note_rules_since
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings, load_settings, settings_of
from exchange.runtime.stack.brokers import (
    NUMBERS,
    brokers_of,
    number_of_brokers,
    outside_bootstrap,
    outside_ports,
    require_log,
)
from exchange.runtime.stack.closed_files import close_to_others
from exchange.runtime.stack.code_cache import with_code
from exchange.runtime.stack.downloads import Files, fetch_files
from exchange.runtime.stack.embedded import addresses, embedded_plan, port_names
from exchange.runtime.stack.kafka import CERTIFICATE
from exchange.runtime.stack.open_files import require_open_files
from exchange.runtime.stack.parts import OUR_ENVIRONMENT, Part, Plan, parts_of
from exchange.runtime.stack.ports import LOOPBACK, Claims, can_listen, choose_ports
from exchange.runtime.stack.state import read_addresses, write_addresses, write_policy_folder
from exchange.runtime.stack.supervisor import Supervisor
from exchange.runtime.webhook_endpoint import NOTIFIER, find_endpoint, make_webhook_secret, wants_webhooks

CLOCK = "clock"
GATEWAY = "gateway"
DOORS = (GATEWAY, CONSOLE)
OUR_PARTS = ("projector", CLOCK, "reconciler", *DOORS)
# Our parts are ready once they have caught up with the log: minutes if the store or the read model is gone.
CATCHING_UP_LIMIT_S = 1800.0


@dataclass(frozen=True)
class Extent:
    """How much of the exchange is to run here; None: as the home has it, or one if it is new."""

    brokers: int | None
    workers: int | None
    bare: bool
    listen: str | None


def up(
    home: HomeOption = None,
    detach: Annotated[
        bool, typer.Option("--detach", help="Return once everything is healthy; it keeps running.")
    ] = False,
    brokers: Annotated[
        int | None,
        typer.Option(
            help="Kafka brokers of a new home, 1 or 3: with 3, one may die. The number stays. Default: 1.",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Joiners that share the work. Default: 1.", min=1, show_default=False),
    ] = None,
    listen: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Let others reach Kafka, gateway and console from elsewhere, encrypted, at this address.",
            show_default=False,
        ),
    ] = None,
    bare: Annotated[
        bool, typer.Option("--bare", hidden=True, help="Only Kafka, registry and PostgreSQL.")
    ] = False,
) -> None:
    """Start Kafka, the registry, PostgreSQL and the exchange; Ctrl-C or `exchange down` stops them.

    What EXCHANGE_KAFKA, EXCHANGE_REGISTRY or EXCHANGE_POSTGRES names runs elsewhere and is not started.
    Where EXCHANGE_WEBHOOK_URL is set, the portal there is told when the progress of a case changes.
    The first start downloads about 200 MB, later ones need no network.
    """
    _check_brokers(brokers)
    city = _city()
    _check_workers(workers, city)
    _check_listen(listen)
    require_open_files()
    place = find_home(home)
    place.create()
    place.make_case_key()
    kafka_passwords(place)
    registry_passwords(place)
    _check_webhooks(place)
    # Refused here rather than in the background; the home's only supervisor makes the check that counts.
    count = number_of_brokers(place, brokers)
    if "kafka" not in given_addresses():
        require_log(place, count)
    extent = Extent(brokers, workers, bare, listen)
    if detach:
        if not join_running(place, workers, listen, city):
            # Here, where a person may be watching, rather than in the background.
            _files()
            start_behind(place, _words(extent), city)
    else:
        _up_here(place, extent)


def _check_brokers(wanted: int | None) -> None:
    if wanted is not None and wanted not in NUMBERS:
        raise typer.BadParameter(said("brokers_wrong", wanted=wanted))
    if wanted is not None and "kafka" in given_addresses():
        raise typer.BadParameter(said("brokers_elsewhere"))


def _check_listen(address: str | None) -> None:
    """Refuse what clients could not be told, or what is no address of this machine."""
    if address is None:
        return
    if "kafka" in given_addresses():
        raise typer.BadParameter(said("listen_elsewhere"))
    if not can_listen(address):
        raise typer.BadParameter(said("listen_wrong", address=address))


def _city() -> City:
    """Return the city; where it has files of its own, they are read now: what is wrong starts nothing."""
    city = find_city()
    if city.folder is not None:
        _ = city.policy
        city.check_labels()
    return city


def _check_workers(wanted: int | None, city: City) -> None:
    if wanted is not None:
        # Loading the catalogue takes a quarter of a second: only where it is needed.
        from topics.catalogue import CASE_STATES  # noqa: PLC0415

        most = city.catalogue.by_name[CASE_STATES].partitions
        if wanted > most:
            raise typer.BadParameter(said("workers_too_many", most=most, wanted=wanted))


def _check_webhooks(place: Home) -> None:
    """Refuse an invalid address, secret or proxy before anything starts; make a missing secret."""
    if wants_webhooks() and make_webhook_secret(place):
        say(said("webhook_secret_new", file=f"{place.secrets}/webhook_secret"))
    if (endpoint := find_endpoint(place)) is not None:
        find_proxy(endpoint.url, "socksio")


def outside_port(door: str) -> str:
    """Return the name of the port at which other machines come in by a door of ours."""
    return f"{door}_outside"


def _words(extent: Extent) -> list[str]:
    """Return the options that say the same to a supervisor in a process of its own."""
    given = {"--brokers": extent.brokers, "--workers": extent.workers}
    numbers = (word for name, value in given.items() if value is not None for word in (name, str(value)))
    listen = ["--listen", extent.listen] if extent.listen else []
    return [*numbers, *listen, *(["--bare"] if extent.bare else [])]


def _up_here(place: Home, extent: Extent) -> None:
    """Supervise in this process until asked to stop."""
    began = time.monotonic()
    configure_logs()
    with sole_supervisor(place):
        files = _files()
        close_to_others(place)
        claims = Claims()
        supervisor = _prepare(place, extent, files, claims)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda _number, _frame: supervisor.ask_to_stop())
        try:
            with starting(supervisor, partial(_say_up, place, began)):
                came_up = supervisor.start()
            if came_up:
                with _credentials_looked_after(place, extent):
                    supervisor.watch()
        finally:
            say(said("stopping"))
            supervisor.stop()
            claims.release()


def _say_up(place: Home, began: float) -> None:
    say(said("up", seconds=f"{time.monotonic() - began:.1f}", home=place.root))
    if console := read_addresses(place).get("console"):
        say(said("console_at", url=console))


def _credentials_looked_after(place: Home, extent: Extent) -> AbstractContextManager[None]:
    """End credentials in time while the block runs; a bare exchange has none."""
    if extent.bare:
        return nullcontext()
    # Imported here: the clients cost start-up time, and by now the steps have loaded them.
    from exchange.command.stack.credential_ends import ending_in_time  # noqa: PLC0415

    return ending_in_time(load_settings(place.root, ADMIN), say)


def _prepare(place: Home, extent: Extent, files: Files | None, claims: Claims) -> Supervisor:
    """Choose ports, tell the other commands where the parts will be, and plan the start."""
    given = given_addresses()
    count = number_of_brokers(place, extent.brokers)
    doors = () if extent.bare else DOORS
    ports = choose_ports(place, claims, (*port_names(given, count), *doors))
    found = addresses(place, given, ports, count)
    found |= {door: f"http://{LOOPBACK}:{ports[door]}" for door in doors}
    if extent.listen:
        outside = (*outside_ports(count), *map(outside_port, doors))
        ports |= choose_ports(place, claims, outside, extent.listen)
    elif "kafka" not in given and (place.root / CERTIFICATE).exists():
        say(said("listener_closed"))
    write_addresses(place, {**found, **_beyond(place, ports, count, extent.listen)})
    write_policy_folder(place, find_city().folder)
    plan = embedded_plan(place, given, ports, brokers_of(place, count, ports, extent.listen), files)
    if not extent.bare:
        note_rules_since(place, datetime.now(UTC))
        plan = with_ours(place, plan, settings_of(place, found, ADMIN), extent.workers or 1)
    return Supervisor(place, plan)


def _beyond(place: Home, ports: Mapping[str, int], count: int, listen: str | None) -> dict[str, str]:
    """Return where other machines find the brokers, and whom they trust; a certificate is made if need be."""
    if listen is None:
        return {}
    # Loading it takes a tenth of a second: only where it is needed.
    from exchange.runtime.stack import certificates  # noqa: PLC0415

    certificates.prepare(place, listen, datetime.now(UTC))
    authority = certificates.authority_file(place)
    return {
        "kafka_outside": outside_bootstrap(count, ports, listen),
        **{name: f"https://{listen}:{ports[name]}" for name in map(outside_port, DOORS) if name in ports},
        **({"ca": str(authority)} if authority else {}),
    }


def with_ours(place: Home, plan: Plan, settings: Settings, workers: int) -> Plan:
    """Add topics, schemas, policy and our own parts, which wait for all before them.

    For the policy the clock alone waits: its first tick is how `keep_policy` tells an old log from a new one.
    """
    steps = deploy_steps(settings, frozenset(part.name for part in parts_of(plan)))
    before = tuple(item.name for item in (*plan, *steps))
    others = tuple(name for name in before if name != KEPT_POLICY)
    parts = (*(("joiner", name) for name in worker_names(workers)), *((name, name) for name in other_parts()))
    ours = (
        _our_part(place, settings.city, kind, name, before if kind == CLOCK else others)
        for kind, name in parts
    )
    return (*plan, *steps, *ours)


def other_parts() -> tuple[str, ...]:
    """Return the names of our parts other than the joiners."""
    return (*OUR_PARTS, NOTIFIER) if wants_webhooks() else OUR_PARTS


def worker_names(count: int) -> tuple[str, ...]:
    """Return the joiners' names: `joiner`, or `joiner-1` and so on if there are several."""
    return ("joiner",) if count == 1 else tuple(f"joiner-{number}" for number in range(1, count + 1))


def _our_part(place: Home, city: City, kind: str, name: str, after: tuple[str, ...]) -> Part:
    ready_file = place.ready_file(name)
    return Part(
        name=name,
        argv=(
            *(sys.executable, "-m", "exchange", "run", kind, "--home", str(place.root)),
            *(() if name == kind else ("--name", name)),
        ),
        env={**os.environ, **OUR_ENVIRONMENT, **city.environment, "EXCHANGE_HOME": str(place.root)},
        log=place.log(name),
        ready=partial(_holds_pid, ready_file),
        ready_file=ready_file,
        after=after,
        start_limit_s=CATCHING_UP_LIMIT_S,
    )


def _holds_pid(path: Path, pid: int) -> bool:
    return path.exists() and path.read_text(encoding="ascii").strip() == str(pid)


def _files() -> Files | None:
    """Return the downloaded files, unless the parts that need them run elsewhere."""
    given = given_addresses().keys()
    if {"kafka", "registry"} <= given:
        return None
    return with_code(fetch_files(download_progress), given, say)
