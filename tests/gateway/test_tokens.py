"""A token says whose it is, for five minutes, and nobody else can write one."""

import base64
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from exchange.gateway import tokens
from exchange.gateway.tokens import ISSUER, LASTS_S, Tokens
from tests.gateway.made_gateway import MadeKeys

OURS = Tokens(MadeKeys())  # type: ignore[arg-type]
KEY = OctKey.import_key(bytes.fromhex("ab" * 32))


def signed(claims: dict[str, object], key: OctKey = KEY, algorithm: str = "HS256") -> str:
    """A token with these claims."""
    return jwt.encode({"alg": algorithm}, claims, key, algorithms=[algorithm])


def claims(**others: object) -> dict[str, object]:
    """What a token of ours claims."""
    return {"iss": ISSUER, "sub": "health.1", "exp": int(time.time()) + 60, **others}


def test_a_token_says_whose_it_is() -> None:
    """The good twin of all that is refused below."""
    assert OURS.read(OURS.issue("health.1")) == "health.1"
    assert OURS.read(signed(claims())) == "health.1"


@pytest.mark.parametrize(
    "forged",
    [
        signed(claims(), OctKey.import_key(bytes(32))),
        signed(claims(), algorithm="HS512"),
        signed(claims(iss="somebody")),
        signed(claims(exp=int(time.time()) - 1)),
        signed({"iss": ISSUER, "exp": int(time.time()) + 60}),
        signed({"iss": ISSUER, "sub": "health.1"}),
        signed(claims(exp="later")),
    ],
    ids=("key", "algorithm", "issuer", "old", "nobody's", "endless", "no end"),
)
def test_what_another_key_signed_or_is_too_old_or_says_too_little_is_none(forged: str) -> None:
    """Neither another issuer's, nor one without an end."""
    assert OURS.read(forged) is None


def test_a_token_is_over_after_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not a second before."""
    token, now = OURS.issue("health.1"), time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: now + LASTS_S - 2)
    assert OURS.read(token) == "health.1"
    monkeypatch.setattr(tokens.time, "time", lambda: now + LASTS_S + 2)
    assert OURS.read(token) is None


def parts(*values: object) -> str:
    """What looks like a token."""
    return ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in values)


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from([{}, [], None, 1, {"alg": "none"}, {"alg": "HS256", "crit": ["b64"]}, {"alg": []}])
    ).map(lambda values: parts(*values))
)
def test_whatever_is_shown_instead_is_none(shown: str) -> None:
    """Nobody's text is a fault of ours."""
    assert OURS.read(shown) is None


@pytest.mark.parametrize("depth", [100, 10_000, 24_000])
def test_a_deep_header_is_none(depth: int) -> None:
    """As long as headers may be."""
    deep = base64.urlsafe_b64encode(b"[" * depth).decode().rstrip("=")
    assert OURS.read(f"{deep}.e30.e30") is None
