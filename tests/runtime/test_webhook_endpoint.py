"""Where the portal is told and what signs it: what is refused, and what is made once."""

import base64
from pathlib import Path

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.webhook_endpoint import (
    SECRET_VARIABLE,
    URL_VARIABLE,
    find_endpoint,
    make_webhook_secret,
)

URL = "https://portal.example.cn/hooks/tianshui?token=t"


def secret(size_bytes: int, letter: bytes = b"k") -> str:
    """A secret of this many bytes."""
    return "whsec_" + base64.b64encode(letter * size_bytes).decode()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A new one, and an environment that asks for webhooks to a portal."""
    home = Home(tmp_path / "home")
    home.create()
    monkeypatch.setenv(URL_VARIABLE, URL)
    monkeypatch.delenv(SECRET_VARIABLE, raising=False)
    return home


def test_nobody_is_told_unless_an_address_is_set(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret alone means nothing."""
    monkeypatch.setenv(URL_VARIABLE, " ")
    monkeypatch.setenv(SECRET_VARIABLE, "no secret at all")
    assert find_endpoint(home) is None


@pytest.mark.parametrize(
    "url",
    [
        "portal.example.cn/hooks",
        "ftp://portal.example.cn/hooks",
        "http://portal.example.cn/hooks",
        "https://",
        "https://user:word@portal.example.cn/",
        "https://portal.example.cn/#top",
        "https://portal.example.cn:port/",
        "https://portal.example.cn/a b",
        "https://门户.cn/",
        "https://999.1.1.1/",
        "https://[v1.a]/",
        "https://portal..cn/",
        f"https://{'a' * 64}.cn/",
        "https://xn--a/",
    ],
)
def test_an_address_that_is_none_or_in_the_open_is_refused_and_not_repeated(
    home: Home, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """It may hold a token; what to do instead is said."""
    make_webhook_secret(home)
    monkeypatch.setenv(URL_VARIABLE, url)
    with pytest.raises(ExchangeError) as refused:
        find_endpoint(home)
    assert URL_VARIABLE in refused.value.hint
    assert url not in refused.value.message


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/hooks", "http://localhost/x", "http://[::1]:1/x"])
def test_without_tls_only_this_machine_is_told(home: Home, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """A proxy that adds it, or a trial."""
    make_webhook_secret(home)
    monkeypatch.setenv(URL_VARIABLE, url)
    assert find_endpoint(home) is not None


@pytest.mark.parametrize(
    "text", ["sesame", secret(23), secret(65), "whsec_*", secret(32).removeprefix("whsec_")]
)
def test_a_secret_that_is_none_is_refused_and_not_repeated(
    home: Home, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Too short could be guessed; another form is a slip."""
    monkeypatch.setenv(SECRET_VARIABLE, text)
    with pytest.raises(ExchangeError, match="24 to 64 bytes") as refused:
        find_endpoint(home)
    assert text not in refused.value.message + refused.value.hint


def test_the_secret_is_made_once_and_closed_to_others(home: Home) -> None:
    """It is made once, like the key of the case ids; another one would cut the portal off."""
    with pytest.raises(ExchangeError, match="no secret"):
        find_endpoint(home)
    assert make_webhook_secret(home)
    first = find_endpoint(home)
    assert not make_webhook_secret(home)
    assert find_endpoint(home) == first
    assert (home.secrets / "webhook_secret").stat().st_mode & 0o77 == 0


def test_two_secrets_sign_while_one_is_replaced_and_neither_is_shown(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment goes before the home; none is made then."""
    monkeypatch.setenv(SECRET_VARIABLE, f"{secret(32)} {secret(24, b'o')}")
    assert not make_webhook_secret(home)
    endpoint = find_endpoint(home)
    assert endpoint is not None
    assert endpoint.keys == (b"k" * 32, b"o" * 24)
    assert "kkkk" not in repr(endpoint)
    assert "token" not in repr(endpoint)
