"""The certificates that the brokers show: one beyond this machine, one to our own parts on it.

Beyond it the home's authority vouches, which is made once; who comes from elsewhere trusts its certificate,
`secrets/tls/ca.pem`, and nothing else. What a city has from an authority of its own goes in place of ours
(`take_over`). Our own parts trust the one certificate that is shown to them, and no authority.
"""

import ipaddress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, write_private
from exchange.runtime.kafka.access import own_certificate
from exchange.runtime.sentences import said
from exchange.runtime.stack.ports import LOOPBACK

AUTHORITY_DAYS: Final = 3650
SERVER_DAYS: Final = 397
"""As long as browsers accept one."""
OWN_DAYS: Final = 3650
RENEWED_BEFORE: Final = timedelta(days=30)
CITYS: Final = "city"
"""Stands beside a certificate that is the city's own, which we neither make nor renew."""


def server_file(home: Home) -> Path:
    """Return the file that the brokers read: private key and certificates, PEM."""
    return _folder(home) / "server.pem"


def authority_file(home: Home) -> Path | None:
    """Return the certificate that others have to trust; None where the city's own authority vouches."""
    return None if (_folder(home) / CITYS).exists() else _folder(home) / "ca.pem"


def prepare(home: Home, address: str, now: datetime) -> None:
    """Make authority and certificate where there is none, or none for this address, or it ends soon.

    Raises:
        ExchangeError: the city's own certificate is not for this address, or does not hold now; or the key of
            the home's authority is gone.
    """
    if not (_folder(home) / CITYS).exists() and not _lasts(server_file(home), address, now):
        renew(home, address, now)
    valid_until(home, address, now)


def prepare_own(home: Home, now: datetime) -> None:
    """Make what the brokers show to our own parts, where there is none or it ends soon, and whom these trust.

    It is of no authority: nobody else is to be told when it changes, so that each start may renew it.
    """
    file = home.secrets / "own.pem"
    if not _lasts(file, LOOPBACK, now):
        key, name = ec.generate_private_key(ec.SECP256R1()), _name(LOOPBACK)
        unsigned = _for_servers(_builder(name, name, key, now, OWN_DAYS), LOOPBACK)
        write_private(file, _pem(key) + _text(unsigned.sign(key, hashes.SHA256())))
    write_private(own_certificate(home), _text(_certificate(file)))


def valid_until(home: Home, address: str, now: datetime) -> datetime:
    """Return when the certificate ends.

    Raises:
        ExchangeError: there is none, or it is not for this address, or does not hold now.
    """
    file = server_file(home)
    if not file.exists() or not _holds(found := _certificate(file), address, now):
        raise ExchangeError(
            said("certificate_not_for", file=file, address=address),
            said("certificate_other", marker=_folder(home) / CITYS),
        )
    return found.not_valid_after_utc


def renew(home: Home, address: str, now: datetime) -> None:
    """Make a new certificate of the home's own authority, which stays the same, also in place of the city's.

    Raises:
        ExchangeError: the key of the authority is gone.
    """
    _folder(home).mkdir(mode=0o700, exist_ok=True)
    authority, authority_key = _authority(home, now)
    key = ec.generate_private_key(ec.SECP256R1())
    unsigned = _builder(_name(address), authority.subject, key, now, SERVER_DAYS)
    made = _for_servers(unsigned, address).sign(authority_key, hashes.SHA256())
    write_private(server_file(home), _pem(key) + _text(made) + _text(authority))
    (_folder(home) / CITYS).unlink(missing_ok=True)


def take_over(home: Home, given: Path, address: str, now: datetime) -> None:
    """Use the city's own certificate: a PEM file of private key (PKCS 8) and certificates, its own first.

    Raises:
        ExchangeError: the file cannot be read, is none of that, or its key is another certificate's; or it is
            not for this address, or does not hold now. Then all stays as it was.
    """
    try:
        text = given.read_text(encoding="ascii")
        key = serialization.load_pem_private_key(text.encode("ascii"), None)
        own = x509.load_pem_x509_certificates(text.encode("ascii"))[0]
        if own.public_key() != key.public_key():
            raise ValueError("the key is another one's")
    except (OSError, ValueError, TypeError) as problem:
        raise ExchangeError(
            said("certificate_unread", file=given, problem=problem), said("certificate_form")
        ) from None
    if not _holds(own, address, now):
        raise ExchangeError(
            said("certificate_not_for", file=given, address=address), said("certificate_stays")
        )
    _folder(home).mkdir(mode=0o700, exist_ok=True)
    write_private(server_file(home), text)
    write_private(_folder(home) / CITYS, "")


def _folder(home: Home) -> Path:
    return home.secrets / "tls"


def _authority(home: Home, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    file, key_file = _folder(home) / "ca.pem", _folder(home) / "ca_key.pem"
    if not file.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(f"exchange {home.root.name}")
        usage = x509.KeyUsage(
            digital_signature=False, content_commitment=False, key_encipherment=False,
            data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip
        made = (
            _builder(name, name, key, now, AUTHORITY_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .sign(key, hashes.SHA256())
        )
        write_private(key_file, _pem(key))
        write_private(file, _text(made))
    if not key_file.exists():
        raise ExchangeError(
            said("authority_key_lost", file=key_file), said("authority_anew", folder=_folder(home), ca=file)
        )
    own = serialization.load_pem_private_key(key_file.read_bytes(), None)
    return _certificate(file), cast(ec.EllipticCurvePrivateKey, own)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))  # clocks differ
        .not_valid_after(now + timedelta(days=days))
    )


def _for_servers(builder: x509.CertificateBuilder, address: str) -> x509.CertificateBuilder:
    return (
        builder.add_extension(x509.SubjectAlternativeName([_general_name(address)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )


def _lasts(file: Path, address: str, now: datetime) -> bool:
    """Say whether a file has a certificate with which who comes to that address is satisfied for a month."""
    if not file.exists():
        return False
    found = _certificate(file)
    return all(_holds(found, address, moment) for moment in (now, now + RENEWED_BEFORE))


def _holds(certificate: x509.Certificate, address: str, moment: datetime) -> bool:
    """Say whether who comes to that address at that moment is satisfied by a certificate."""
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return begins <= moment < ends and _serves(certificate, address)


def _serves(certificate: x509.Certificate, address: str) -> bool:
    """Say whether a certificate is for that address, by itself or for all names of its domain."""
    try:
        names = list(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    except x509.ExtensionNotFound:
        return False
    held = _general_name(address)
    _, _, domain = address.partition(".")
    return held in names or (isinstance(held, x509.DNSName) and x509.DNSName(f"*.{domain}") in names)


def _general_name(address: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(address))
    except ValueError:
        return x509.DNSName(address)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _certificate(file: Path) -> x509.Certificate:
    """Return the first certificate of a file."""
    return x509.load_pem_x509_certificates(file.read_bytes())[0]


def _text(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    """Return a key as Kafka reads it: PKCS 8, not encrypted, since its password would lie beside it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")
