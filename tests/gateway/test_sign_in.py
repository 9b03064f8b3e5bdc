"""Who signs in: the right secret is let in at any time, and a wrong one costs the guesser a second."""

import asyncio
import base64
from typing import Any

import pytest

from exchange.gateway import sign_in
from exchange.gateway.sign_in import MOST_AT_ONCE, SignInError, basic_of
from tests.gateway.made_gateway import SECRET, MadeGateway

FORM = {"grant_type": "client_credentials"}


def basic(text: bytes) -> str:
    """The header that shows this."""
    return f"Basic {base64.b64encode(text).decode()}"


def answer(gateway: MadeGateway, form: dict[str, str], authorization: str = "") -> tuple[int, dict[str, Any]]:
    """What is answered to a form."""
    found = gateway.asked("POST", "/oauth/token", data=form, headers={"Authorization": authorization})
    assert found.headers["cache-control"] == "no-store"
    return found.status_code, found.json()


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> MadeGateway:
    """One in which a wrong guess takes next to no time."""
    monkeypatch.setattr(sign_in, "GUESS_S", 0.001)
    return MadeGateway()


def test_the_right_secret_is_given_a_token_by_form_or_header(gateway: MadeGateway) -> None:
    """As RFC 6749 section 2.3.1 has both."""
    shown = {"client_id": "civil_affairs", "client_secret": SECRET}
    for status, body in (
        answer(gateway, {**FORM, **shown}),
        answer(gateway, FORM, basic(f"civil_affairs:{SECRET}".encode())),
    ):
        assert (status, body["token_type"], body["expires_in"]) == (200, "Bearer", 300)
        assert gateway.tokens.read(body["access_token"]) == "civil_affairs"


def test_a_wrong_secret_and_an_unknown_name_are_answered_alike(gateway: MadeGateway) -> None:
    """It tells nobody who there is; and says how to sign in."""
    for name, secret in (("civil_affairs", "x"), ("nobody", SECRET), ("\0", "\ud7ff" * 9)):
        shown = {**FORM, "client_id": name, "client_secret": secret}
        found = gateway.asked("POST", "/oauth/token", data=shown)
        assert (found.status_code, found.json()["error"]) == (401, "invalid_client")
        assert found.headers["www-authenticate"] == "Basic"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "unsupported_grant_type"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        (FORM, "invalid_request"),
        ({**FORM, "client_id": "civil_affairs"}, "invalid_request"),
    ],
)
def test_a_form_that_says_too_little_is_told_so(
    gateway: MadeGateway, form: dict[str, str], error: str
) -> None:
    """By the names of RFC 6749 section 5.2."""
    status, body = answer(gateway, form)
    assert (status, body["error"]) == (400, error)


def test_a_credential_that_was_taken_back_gets_no_token(gateway: MadeGateway) -> None:
    """And the token that it had is none any more."""
    token = gateway.token("civil_affairs")
    assert gateway.asked("GET", "/v1/catalogue", headers=token).status_code == 200
    del gateway.known.working["civil_affairs"]
    assert answer(gateway, {**FORM, "client_id": "civil_affairs", "client_secret": SECRET})[0] == 401
    refused = gateway.asked("GET", "/v1/catalogue", headers=token)
    assert (refused.status_code, refused.json()["code"]) == (401, "token_wrong")
    assert refused.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_from_one_address_few_sign_in_at_once_and_from_another_others_do(gateway: MadeGateway) -> None:
    """Who guesses from a hundred connections is refused, and whom they would be is let in."""
    sign = gateway.gateway.sign_in

    async def all_at_once() -> list[Any]:
        guesses = [sign.credential("civil_affairs", "wrong", "10.0.0.1") for _ in range(20)]
        right = sign.credential("civil_affairs", SECRET, "10.0.0.2")
        return await asyncio.gather(*guesses, right, return_exceptions=True)

    *guesses, right = asyncio.run(all_at_once())
    statuses = [one.status for one in guesses if isinstance(one, SignInError)]
    assert statuses.count(401) == MOST_AT_ONCE
    assert statuses.count(429) == 20 - MOST_AT_ONCE
    assert all(one.headers["Retry-After"] == "1" for one in guesses if one.status == 429)
    assert right.credential_id == "civil_affairs"
    assert asyncio.run(sign.credential("civil_affairs", SECRET, "10.0.0.1")) == right


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        (basic(b"a:b"), ("a", "b")),
        (basic(b"a:b:c"), ("a", "b:c")),
        (basic(b"a%3Ab:c%20d"), ("a:b", "c d")),
        (basic(b"a"), None),
        (basic(b"\xff:\xff"), None),
        ("Basic !!!", None),
        ("Basic", None),
        (basic(b"a:b").replace("Basic", "Digest"), None),
        ("", None),
    ],
)
def test_a_basic_header_is_read_as_it_is_written(header: str, shown: tuple[str, str] | None) -> None:
    """With the encoding of RFC 6749 section 2.3.1."""
    assert basic_of(header) == shown
