"""Where Kafka, registry and PostgreSQL are, the case ids' key, the clock's interval: environment or home."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from exchange.runtime.city import City, find_city
from exchange.runtime.environment import VARIABLES, given_addresses
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import CASE_KEY_BYTES, Home, find_home
from exchange.runtime.home_path import as_word
from exchange.runtime.kafka.access import KafkaAccess, own_certificate
from exchange.runtime.loopback import is_loopback
from exchange.runtime.postgres_address import OWNER, dsn_of
from exchange.runtime.principals import ADMIN, OPERATOR, kafka_secret
from exchange.runtime.registry.access import DEPLOYER, READER, RegistryAccess, registry_secret
from exchange.runtime.reverse_proxies import ReverseProxies, named_proxies
from exchange.runtime.rules_since import noted_rules_since
from exchange.runtime.sentences import said
from verification.acceptance_rules import RuleSet

TICK_SECONDS = 60
FAILURES_IN_A_ROW = 20
MOST_FAILURES = 1_000_000
LONGEST_TICK_SECONDS = 24 * 60 * 60
GRACE_SECONDS = 60
LONGEST_GRACE_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class Settings:
    """What a part needs to reach the others. Neither the DSN nor the key is ever printed."""

    kafka: KafkaAccess
    registry: RegistryAccess
    postgres: str = field(repr=False)
    """DSN of our own database; embedded, it names a password file, never a password."""
    home: Path
    case_key: bytes = field(repr=False)
    tick_seconds: int = TICK_SECONDS
    """Seconds between two ticks of the clock."""
    failures_in_a_row: int = FAILURES_IN_A_ROW
    """On how many records of one topic in a row the rules may fail before the worker stops."""
    grace_seconds: int = GRACE_SECONDS
    """How many seconds after the log took a record the reconciler asks what came of it."""
    rules_since: Mapping[RuleSet, datetime] = field(default_factory=dict)
    """Since when newer rules hold in this home; the policy's moment counts where it is later."""
    reverse_proxies: ReverseProxies = ()
    """Those before gateway and console that are believed who asks."""
    city: City = field(default_factory=City)
    """Whose matters and departments these are."""


def load_settings(home: Path | None, principal: str = OPERATOR) -> Settings:
    """Return the settings of a home whose stack runs, or of the stack that the environment names.

    Args:
        home: as the command line gives it.
        principal: as whom to come to the parts (see `principals`).

    Raises:
        ExchangeError: an address or the key is not known; says which, and what to do.
    """
    from exchange.runtime.stack.state import read_addresses  # noqa: PLC0415 - only a home needs it

    place = find_home(home)
    known = given_addresses()
    if len(known) < len(VARIABLES):
        known = {**read_addresses(place), **known}
    missing = [name for name in VARIABLES if name not in known]
    if missing:
        raise ExchangeError(
            said("nothing_runs", home=place.root, parts=", ".join(missing)),
            said(
                "start_or_point",
                word=as_word(place.root),
                variables=", ".join(VARIABLES[name] for name in missing),
            ),
        )
    return settings_of(place, known, principal)


def settings_of(home: Home, addresses: Mapping[str, str], principal: str) -> Settings:
    """Combine addresses, the home's secrets and the environment's limits into settings.

    Raises:
        ExchangeError: a secret is missing, the key is broken, a limit or a proxy is not one, or the city's
            folder is not one.
    """
    return Settings(
        kafka=_kafka(home, addresses, principal),
        registry=_registry(home, addresses["registry"], principal),
        postgres=dsn_of(home, addresses["postgres"], OWNER if principal == ADMIN else principal),
        home=home.root,
        case_key=_case_key(home),
        tick_seconds=_whole_number("EXCHANGE_TICK_SECONDS", TICK_SECONDS, LONGEST_TICK_SECONDS),
        failures_in_a_row=_whole_number("EXCHANGE_FAILURES_IN_A_ROW", FAILURES_IN_A_ROW, MOST_FAILURES),
        grace_seconds=_whole_number("EXCHANGE_GRACE_SECONDS", GRACE_SECONDS, LONGEST_GRACE_SECONDS),
        rules_since=noted_rules_since(home),
        reverse_proxies=named_proxies(),
        city=find_city(),
    )


def _registry(home: Home, url: str, principal: str) -> RegistryAccess:
    user = DEPLOYER if principal == ADMIN else READER
    return RegistryAccess(url, user, _secret(home, registry_secret(user)))


def _kafka(home: Home, addresses: Mapping[str, str], principal: str) -> KafkaAccess:
    password = _secret(home, kafka_secret(principal))
    if "kafka_own" in addresses and "kafka" not in given_addresses():
        return KafkaAccess(addresses["kafka_own"], principal, password, own_certificate(home))
    access = KafkaAccess(addresses["kafka"], principal, password, _kafka_ca())
    far = [address for address in access.addresses if not is_loopback(address.rpartition(":")[0])]
    if access.ca is None and far:
        raise ExchangeError(said("kafka_not_encrypted", servers=", ".join(far)), said("kafka_ca_set"))
    return access


def _kafka_ca() -> Path | None:
    text = os.environ.get("EXCHANGE_KAFKA_CA")
    if text and not Path(text).is_file():
        raise ExchangeError(said("kafka_ca_missing", file=text), said("kafka_ca_set"))
    return Path(text).absolute() if text else None


def _secret(home: Home, name: str) -> str:
    path = home.secrets / name
    if not path.exists():
        raise ExchangeError(said("secret_missing", path=path), said("secret_put_there"))
    return path.read_text(encoding="ascii").strip()


def _case_key(home: Home) -> bytes:
    text = os.environ.get("EXCHANGE_CASE_KEY")
    if not text:
        path = home.secrets / "case_key"
        if not path.exists():
            raise ExchangeError(said("case_key_missing", folder=home.secrets), said("case_key_set"))
        text = path.read_text(encoding="ascii")
    return _key_bytes(text.strip())


def _key_bytes(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != CASE_KEY_BYTES:
        raise ExchangeError(said("case_key_wrong", size=CASE_KEY_BYTES))
    return key


def _whole_number(variable: str, usual: int, most: int) -> int:
    text = os.environ.get(variable) or str(usual)
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= most:
        raise ExchangeError(
            said("setting_whole_number", variable=variable, most=most, text=text),
            said("setting_usual", usual=usual),
        )
    return number
