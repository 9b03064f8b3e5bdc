"""Who has a key of its own signs who it is: the exchange's own check believes it, and no secret is sent."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from exchange.domain.credentials import Credential, Holder
from exchange.gateway.assertions import Assertions
from life_events_client import Client
from life_events_client.assertions import BEARER, signer
from tests.cells import each_cell
from tests.client.gateway import SECRET

URL: Final = "https://exchange.city/"
KEYS: Final[dict[str, Any]] = {
    "Ed25519": ed25519.Ed25519PrivateKey.generate(),
    "EC P-256": ec.generate_private_key(ec.SECP256R1()),
    "RSA": rsa.generate_private_key(65537, 2048),
}


def saved(key: Any, folder: Path) -> Path:
    """A private key's file."""
    file = folder / "police.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return file


def believes(key: Any) -> Assertions:
    """The exchange's check, which knows the public key of one credential."""
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    known = Credential("police.1", Holder("police"), "hash", "cipher", pem)
    return Assertions(lambda client_id: known if client_id == known.credential_id else None)


@each_cell("kind", KEYS)
def test_the_exchange_believes_each_assertion_once_and_the_next_one_again(kind: str, tmp_path: Path) -> None:
    """Whoever listens to one has nothing of it."""
    key = KEYS[kind]
    sign, exchange = signer("police.1", saved(key, tmp_path), URL), believes(key)
    first = sign()
    assert [bool(exchange.credential(one)) for one in (first, first, sign())] == [True, False, True]


@each_cell("name", ["police.2", "health.1"])
def test_nobody_comes_in_as_another(name: str, tmp_path: Path) -> None:
    key = KEYS["Ed25519"]
    sign = signer(name, saved(key, tmp_path), URL)
    assert believes(key).credential(sign()) is None


def test_with_a_key_no_secret_is_sent(tmp_path: Path) -> None:
    """Also where somebody configured both."""
    with Client(URL, "police.1", SECRET, private_key=saved(KEYS["Ed25519"], tmp_path)) as client:
        form = parse_qs(client.access.token_request().content.decode())
    assert form["client_assertion_type"] == [BEARER]
    assert "client_secret" not in form


def test_with_neither_it_says_so_at_once() -> None:
    with pytest.raises(ValueError, match="secret, or by a private key"):
        Client(URL, "police.1")
