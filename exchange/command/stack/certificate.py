"""`exchange certificate`: until when the brokers' certificate holds, and another one without a stop."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, find_home
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.kafka.moving_leaders import answer_of, answers_of
from exchange.runtime.principals import ADMIN
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings
from exchange.runtime.stack.certificates import authority_file, renew, take_over, valid_until
from exchange.runtime.stack.kafka import CERTIFICATE
from exchange.runtime.stack.kafka_locks import KEYSTORE
from exchange.runtime.stack.state import read_addresses, read_listen, write_addresses

ANSWER_LIMIT_S = 10.0


def certificate(
    home: HomeOption = None,
    again: Annotated[
        bool,
        typer.Option(
            "--renew", help="Make a new one by the home's own authority, also in place of the city's."
        ),
    ] = False,
    given: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Use the city's own: PEM of the private key, the certificate and those above it.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show the certificate by which other machines know the brokers, or put another in its place.

    For an exchange that was started with `exchange up --listen ADDRESS`. Nothing is stopped: connections
    that are open go on, and new ones meet the new certificate. Ours holds for 13 months; a start in the last
    of them makes a new one. Who trusts the home's authority (`ca`) goes on; `--renew` after `--from` goes
    back to it. What `--from` names is taken only if it is for that address and valid now.
    """
    if given is not None and again:
        raise typer.BadParameter(said("certificate_one_of_two"))
    place = find_home(home)
    known, listen = read_addresses(place), read_listen(place)
    if listen is None:
        raise ExchangeError(said("no_listener", home=place.root), said("start_with_listen"))
    now = datetime.now(UTC)
    if given is not None:
        take_over(place, given, listen, now)
    elif again:
        renew(place, listen, now)
    until = valid_until(place, listen, now)
    if given is not None or again:
        _tell_brokers(load_settings(place.root, ADMIN).kafka)
    ca = authority_file(place)
    _name_authority(place, known, ca)
    if json:
        print_json({"address": listen, "valid_until": until.isoformat(), "ca": ca and str(ca)})
    else:
        say(said("certificate_shown", address=listen, until=until.date(), ca=ca or "-"))


def _name_authority(place: Home, known: Mapping[str, str], ca: Path | None) -> None:
    """Let `status` name whom others have to trust, and nobody where that is the city's own."""
    others = {name: address for name, address in known.items() if name != "ca"}
    told = {**others, "ca": str(ca)} if ca else others
    if told != known:
        write_addresses(place, told)


def _tell_brokers(kafka: KafkaAccess) -> None:
    """Have each broker read the file again.

    Raises:
        ExchangeError: one does not answer, or does not take it.
    """
    admin = make_admin(kafka)
    brokers = answer_of(lambda: admin.list_topics(timeout=ANSWER_LIMIT_S)).brokers
    told = ConfigEntry(KEYSTORE, CERTIFICATE, incremental_operation=AlterConfigOpType.SET)
    asked = [ConfigResource(ResourceType.BROKER, str(node), incremental_configs=[told]) for node in brokers]
    answers_of(lambda: admin.incremental_alter_configs(asked, request_timeout=ANSWER_LIMIT_S))
