"""What the brokers show beyond this machine is for that address and holds now, whoever vouches for it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.kafka.access import own_certificate
from exchange.runtime.stack.certificates import (
    OWN_DAYS,
    RENEWED_BEFORE,
    SERVER_DAYS,
    authority_file,
    prepare,
    prepare_own,
    renew,
    server_file,
    take_over,
    valid_until,
)

ADDRESS: Final = "kafka.city.example.cn"
NOW: Final = datetime(2026, 6, 1, 9, tzinfo=UTC)
YEAR: Final = timedelta(days=365)
Citys = Callable[..., Path]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A new home."""
    home = Home(tmp_path / "home")
    home.create()
    return home


@pytest.fixture
def citys(tmp_path: Path) -> Citys:
    """Writes a file with a city's own private key and certificate."""

    def write(name: str = ADDRESS, begins: datetime = NOW - YEAR, ends: datetime = NOW + YEAR) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        authority = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority of the city")])
        made = (
            x509.CertificateBuilder(authority, authority, key.public_key(), x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        text = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (tmp_path / "city.pem").write_bytes(text + made.public_bytes(pem))
        return tmp_path / "city.pem"

    return write


def held(home: Home) -> dict[str, bytes]:
    """All that lies beside the certificate."""
    return {path.name: path.read_bytes() for path in server_file(home).parent.iterdir()}


@pytest.mark.parametrize(
    ("address", "name", "is_for"),
    [
        (ADDRESS, ADDRESS, True),
        (ADDRESS, "*.city.example.cn", True),
        (ADDRESS, "*.example.cn", False),
        (ADDRESS, "city.example.cn", False),
        ("10.20.30.40", "*.20.30.40", False),
        ("kafka", "*.kafka", False),
    ],
)
def test_a_citys_own_is_taken_where_it_is_for_the_address(
    home: Home, citys: Citys, address: str, name: str, is_for: bool
) -> None:
    """By its name, or for all names of the domain that it is directly in."""
    if is_for:
        take_over(home, citys(name), address, NOW)
        assert valid_until(home, address, NOW) == NOW + YEAR
        assert authority_file(home) is None
    else:
        with pytest.raises(ExchangeError, match="is not for"):
            take_over(home, citys(name), address, NOW)


@pytest.mark.parametrize(
    "given",
    [
        {"name": "kafka.elsewhere.cn"},
        {"ends": NOW},
        {"ends": NOW - YEAR / 2},
        {"begins": NOW + timedelta(days=1)},
    ],
)
def test_one_that_would_keep_everybody_out_changes_nothing(
    home: Home, citys: Citys, given: dict[str, datetime]
) -> None:
    """What the brokers show stays, and is still ours to renew."""
    prepare(home, ADDRESS, NOW)
    before = held(home)
    with pytest.raises(ExchangeError, match="is not for") as refused:
        take_over(home, citys(**given), ADDRESS, NOW)
    assert "stays as it was" in refused.value.hint
    assert held(home) == before
    assert authority_file(home) is not None


def test_ours_is_made_anew_in_its_last_month(home: Home) -> None:
    """And not before; the authority stays."""
    prepare(home, ADDRESS, NOW)
    ends = NOW + timedelta(days=SERVER_DAYS)
    assert valid_until(home, ADDRESS, NOW) == ends
    first = held(home)
    prepare(home, ADDRESS, ends - RENEWED_BEFORE - timedelta(seconds=1))
    assert held(home) == first
    late = ends - RENEWED_BEFORE
    prepare(home, ADDRESS, late)
    assert valid_until(home, ADDRESS, late) == late + timedelta(days=SERVER_DAYS)
    assert held(home)["ca.pem"] == first["ca.pem"]


def test_ours_is_made_anew_where_the_clock_was_ahead(home: Home) -> None:
    """It would not be valid for days."""
    prepare(home, ADDRESS, NOW + timedelta(days=3))
    prepare(home, ADDRESS, NOW)
    assert valid_until(home, ADDRESS, NOW) == NOW + timedelta(days=SERVER_DAYS)


def test_ours_is_made_anew_for_another_address(home: Home) -> None:
    """The machine was given another name."""
    prepare(home, ADDRESS, NOW)
    prepare(home, "10.20.30.40", NOW)
    assert valid_until(home, "10.20.30.40", NOW)
    with pytest.raises(ExchangeError, match="is not for"):
        valid_until(home, ADDRESS, NOW)


def test_a_citys_own_is_not_ours_to_renew_until_the_home_goes_back_to_its_own(
    home: Home, citys: Citys
) -> None:
    """Then it is told whom to trust, and renewed in time as if there had never been another."""
    take_over(home, citys(), ADDRESS, NOW)
    theirs = held(home)
    with pytest.raises(ExchangeError, match="is not valid now"):
        prepare(home, ADDRESS, NOW + YEAR)
    assert held(home) == theirs
    renew(home, ADDRESS, NOW)
    assert authority_file(home) == home.secrets / "tls" / "ca.pem"
    prepare(home, ADDRESS, NOW + 2 * YEAR)
    assert valid_until(home, ADDRESS, NOW + 2 * YEAR) > NOW + 3 * YEAR


def test_without_the_authoritys_key_it_is_told_what_to_do(home: Home) -> None:
    """Who trusts the old authority has to be given another, so that is not done unasked."""
    prepare(home, ADDRESS, NOW)
    (home.secrets / "tls" / "ca_key.pem").unlink()
    prepare(home, ADDRESS, NOW)
    with pytest.raises(ExchangeError, match=r"ca_key\.pem, is gone") as lost:
        renew(home, ADDRESS, NOW)
    assert str(home.secrets / "tls") in lost.value.hint
    assert "ca.pem" in lost.value.hint


def test_a_certificate_that_is_gone_is_told(home: Home) -> None:
    """Somebody has removed the folder while the brokers run."""
    with pytest.raises(ExchangeError, match="is missing"):
        valid_until(home, ADDRESS, NOW)


def own(home: Home) -> dict[str, bytes]:
    """What the brokers show to our own parts, and what these trust."""
    return {path.name: path.read_bytes() for path in (home.secrets / "own.pem", own_certificate(home))}


def test_what_brokers_show_to_our_own_parts_is_renewed_by_a_start_and_needs_no_authority(home: Home) -> None:
    """Not before its last month; what others trust is neither made nor changed by it."""
    prepare_own(home, NOW)
    first, late = own(home), NOW + timedelta(days=OWN_DAYS) - RENEWED_BEFORE
    prepare_own(home, late - timedelta(seconds=1))
    assert own(home) == first
    prepare_own(home, late)
    assert not own(home).items() & first.items()
    assert not server_file(home).parent.exists()


@pytest.mark.parametrize("gone", ["own.pem", "own_certificate.pem"])
def test_our_parts_trust_what_the_brokers_show_whichever_file_was_lost(home: Home, gone: str) -> None:
    """A start that was broken off, or somebody who tidied up, leaves nobody locked out."""
    prepare_own(home, NOW)
    (home.secrets / gone).unlink()
    prepare_own(home, NOW)
    found = own(home)
    assert found["own.pem"].endswith(found["own_certificate.pem"])
    assert {path.stat().st_mode & 0o777 for path in home.secrets.iterdir()} == {0o600}
