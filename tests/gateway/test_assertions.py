"""`private_key_jwt`: who has signed with the key that its credential names is believed, once."""

from typing import Any, Final

import pytest
from cryptography.hazmat.primitives import serialization
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from exchange.domain.credentials import Credential, Holder
from exchange.gateway.assertions import Assertions
from tests.cells import each_cell

NOW: Final = 1_796_036_000.0
KEYS: Final = {
    "ES256": ECKey.generate_key("P-256"),
    "RS256": RSAKey.generate_key(2048),
    "Ed25519": OKPKey.generate_key("Ed25519"),
}
OTHER: Final = ECKey.generate_key("P-256")


def credential(algorithm: str = "ES256") -> Credential:
    """One whose holder has a key of its own."""
    public: Any = KEYS[algorithm].public_key
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()
    return Credential("health.1", Holder("health"), "hash", "cipher", pem)


def signed(key: Any = KEYS["ES256"], algorithm: str = "ES256", **changes: Any) -> str:
    """An assertion, with what is changed; what is None is left out."""
    claims = {
        **{"iss": "health.1", "sub": "health.1", "aud": "https://exchange.city/oauth/token"},
        **{"exp": NOW + 60, "jti": "once"},
        **changes,
    }
    said = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": algorithm}, said, key, algorithms=[algorithm])


def assertions(known: Credential | None = None) -> Assertions:
    """What believes the holder of one credential."""
    one = known or credential()
    return Assertions(lambda client_id: one if client_id == one.credential_id else None, lambda: NOW)


@pytest.fixture(autouse=True)
def _the_clock_of_the_library_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: NOW)


@each_cell("algorithm", KEYS)
def test_what_its_own_key_has_signed_shows_the_holder(algorithm: str) -> None:
    """Three kinds of key: none of them leaves the department's machine."""
    known = credential(algorithm)
    assert assertions(known).credential(signed(KEYS[algorithm], algorithm)) is known


REFUSED: Final = {
    "another key": lambda: signed(OTHER),
    "another's name": lambda: signed(sub="police.1"),
    "issued by another": lambda: signed(iss="police.1"),
    "for another service": lambda: signed(aud="https://elsewhere/token"),
    "over": lambda: signed(exp=NOW - 1),
    "good for an hour": lambda: signed(exp=NOW + 3600),
    "without an end": lambda: signed(exp=None),
    "without an id": lambda: signed(jti=None),
    "not signed": lambda: signed().rpartition(".")[0] + ".",
    "nonsense": lambda: "nonsense",
    "nothing": lambda: "",
    "a list": lambda: "e30.W10.x",
}


@each_cell("what", REFUSED)
def test_nobody_is_believed_who_shows(what: str) -> None:
    """As many refused as there are ways to get it wrong; the good one stands beside them."""
    believing = assertions()
    assert believing.credential(REFUSED[what]()) is None
    assert believing.credential(signed()) is not None


def test_an_assertion_is_good_once() -> None:
    """Who has overheard one can do nothing with it."""
    believing = assertions()
    assert believing.credential(signed()) is not None
    assert believing.credential(signed()) is None
    assert believing.credential(signed(jti="twice")) is not None


def test_a_credential_without_a_key_shows_nobody_by_one() -> None:
    """Only who has handed in a key signs with it."""
    without = Credential("health.1", Holder("health"), "hash", "cipher")
    assert assertions(without).credential(signed()) is None
