"""Kafka beyond this machine: encrypted, with a certificate that can be renewed, and for none of our own."""

import json
import ssl
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AdminClient,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from cryptography import x509

from exchange.runtime.home import Home
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.principals import ADMIN, kafka_passwords
from exchange.runtime.settings import load_settings
from exchange.runtime.stack.certificates import renew
from tests.running import started_exchange
from tests.waiting import PATIENCE_S, wait_for

BEYOND: Final = "127.0.0.2"
"""Another address than the one where our own parts meet: to a server it is as far as any."""
USER, PASSWORD = "someone", "p4ssw0rd of someone"
Exchange = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class Listening:
    """An exchange whose brokers listen beyond this machine, with a user who is none of ours."""

    exchange: Exchange
    home: Path

    def told(self) -> dict[str, Any]:
        """What `status --json` prints."""
        found: dict[str, Any] = json.loads(self.exchange("status", "--json", "--home", str(self.home)).stdout)
        return found

    def comes_in(self, **otherwise: str) -> bool:
        """Say whether somebody from elsewhere is told of topics; by default as one should come."""
        told, errors = self.told(), []
        usual = {
            "bootstrap.servers": told["kafka_outside"],
            "security.protocol": "SASL_SSL",
            "ssl.ca.location": told["ca"],
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": USER,
            "sasl.password": PASSWORD,
        }
        given = {**usual, **{name.replace("_", "."): value for name, value in otherwise.items()}}
        client = AdminClient({**given, "log_level": 0, "error_cb": errors.append})
        try:
            client.list_topics(timeout=PATIENCE_S if not otherwise else 3)
        except KafkaException:
            return False
        return True

    def certificate(self) -> x509.Certificate:
        """The one that is shown to whoever comes."""
        host, _, port = self.told()["kafka_outside"].rpartition(":")
        return x509.load_pem_x509_certificate(ssl.get_server_certificate((host, int(port))).encode("ascii"))


@pytest.fixture(scope="module")
def listening(exchange: Exchange, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    """One for these tests."""
    folder = tmp_path_factory.mktemp("listening")
    elsewhere = {"EXCHANGE_REGISTRY": "http://127.0.0.1:1", "EXCHANGE_POSTGRES": "postgresql://127.0.0.1:1/x"}
    with started_exchange(folder, "--bare", "--listen", BEYOND, environment=elsewhere):
        found = Listening(exchange, folder)
        admin = make_admin(load_settings(folder, ADMIN).kafka)
        scram = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
        made = UserScramCredentialUpsertion(USER, scram, PASSWORD.encode("ascii"))
        for answer in admin.alter_user_scram_credentials([made]).values():
            answer.result(PATIENCE_S)
        yield found


def test_who_comes_from_elsewhere_with_a_password_is_let_in_encrypted(listening: Listening) -> None:
    """`status --json` says where, and which certificate to trust."""
    assert listening.comes_in()


def test_nobody_else_is(listening: Listening) -> None:
    """Not without encryption, trust or password; nor as one of ours, whose passwords are for this machine."""
    ours = kafka_passwords(Home(listening.home))[ADMIN]
    ways = {
        "in the clear": {"security_protocol": "SASL_PLAINTEXT"},
        "as nobody": {"security_protocol": "SSL"},
        "trusting others": {"ssl_ca_location": "probe"},
        "by a wrong password": {"sasl_password": "guessed"},
        "as one of ours": {"sasl_username": ADMIN, "sasl_password": ours, "sasl_mechanism": "PLAIN"},
        "as one of ours by SCRAM": {"sasl_username": ADMIN, "sasl_password": ours},
    }
    with ThreadPoolExecutor() as pool:  # each is kept waiting
        came = pool.map(lambda otherwise: listening.comes_in(**otherwise), ways.values())
        assert dict(zip(ways, came, strict=True)) == dict.fromkeys(ways, False)


def test_another_certificate_is_shown_without_a_stop(listening: Listening, tmp_path: Path) -> None:
    """The same authority vouches for it, so who trusts it need not be told; a city may also bring its own."""
    before, ours = listening.certificate(), listening.told()["ca"]
    done = listening.exchange("certificate", "--renew", "--json", "--home", str(listening.home))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["address"] == BEYOND
    wait_for("the new one", lambda: listening.certificate().serial_number != before.serial_number)
    assert listening.comes_in()

    city = Home(tmp_path / "city")
    city.create()
    renew(city, BEYOND, datetime.now(UTC))
    given = city.secrets / "tls" / "server.pem"
    done = listening.exchange("certificate", "--from", str(given), "--home", str(listening.home))
    assert done.returncode == 0, done.stderr
    wait_for("the city's", lambda: listening.certificate().issuer.rfc4514_string() == "CN=exchange city")
    assert listening.told()["ca"] is None, "whoever comes knows the city's authority already"
    assert not listening.comes_in(ssl_ca_location=str(ours))
    assert listening.comes_in(ssl_ca_location=str(given.with_name("ca.pem")))

    renew(city, "127.0.0.3", datetime.now(UTC))
    done = listening.exchange("certificate", "--from", str(given), "--home", str(listening.home))
    assert (done.returncode, "is not for" in done.stderr) == (1, True)
    done = listening.exchange("certificate", "--renew", "--json", "--home", str(listening.home))
    assert (done.returncode, json.loads(done.stdout)["ca"], listening.told()["ca"]) == (0, ours, ours)
    wait_for("ours again", lambda: listening.certificate().issuer.rfc4514_string() != "CN=exchange city")
    assert listening.comes_in()


def test_two_certificates_at_once_are_wrong_usage(exchange: Exchange, tmp_path: Path) -> None:
    """Only one of them would be shown, and nobody could say which."""
    done = exchange("certificate", "--renew", "--from", "city.pem", "--home", str(tmp_path / "home"))
    assert (done.returncode, "not both" in " ".join(done.stderr.split())) == (2, True), done.stderr


@pytest.mark.parametrize(("address", "code"), [(BEYOND, 0), ("127.0.0.3", 1)])
def test_one_that_runs_is_not_said_to_listen_elsewhere(listening: Listening, address: str, code: int) -> None:
    """Who asks for an address is told how to get it, and not that all is well."""
    done = listening.exchange("up", "--detach", "--bare", "--listen", address, "--home", str(listening.home))
    assert (done.returncode, "exchange down" in done.stderr) == (code, bool(code)), done.stderr


@pytest.mark.parametrize("listened", [True, False])
def test_a_start_that_closes_it_says_so(exchange: Exchange, tmp_path: Path, listened: bool) -> None:
    """Nobody is left to wonder why departments no longer come in; who never listened is told nothing."""
    home = Home(tmp_path / "home")
    home.create()
    (home.data / "postgres").mkdir()  # without its administrator's password this start ends at once
    if listened:
        renew(home, BEYOND, datetime.now(UTC))
    done = exchange("up", "--detach", "--home", str(home.root))
    assert (done.returncode, "postgres_postgres" in done.stderr) == (1, True), done.stderr
    assert ("reached from this machine alone" in done.stderr) == listened


@pytest.mark.parametrize("address", ["0.0.0.0", "203.0.113.9", "nowhere.invalid"])  # noqa: S104 - refused
def test_where_nobody_could_find_it_it_does_not_listen(
    exchange: Exchange, tmp_path: Path, address: str
) -> None:
    """Clients are told the address, so it is one, and one of this machine."""
    done = exchange("up", "--listen", address, "--home", str(tmp_path / "home"))
    assert (done.returncode, address in done.stderr) == (2, True)
    assert not (tmp_path / "home").exists()
