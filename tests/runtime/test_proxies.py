"""Which proxy leads outside, as curl would choose it; one that cannot be used is told in a sentence."""

from collections.abc import Mapping

import pytest

from exchange.runtime import proxies
from exchange.runtime.errors import ExchangeError
from exchange.runtime.proxies import find_proxy
from tests.runtime.environments import PROXY_VARIABLES

PORTAL = "https://portal.example.cn/hooks"
ONE, TWO, SOCKS = "http://one:3128", "http://two:3128", "socks5h://socks:1080"


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)


BY_NUMBER = "https://10.1.2.3/hooks"
NAMES_THE_PORTAL = (
    "*.example.cn",
    "*.cn",
    "portal.*",
    "portal*.cn",
    "localhost; *.example.cn",
    "localhost *.example.cn",
    "localhost，example.cn",
    "localhost、example.cn；x",
    "<local>;*.example.cn",
    "a,*,b",
    "portal.example.cn.",
)
NAMES_THE_NUMBER = (
    "10.0.0.0/8",
    "10.1.2.3/8",
    "10.*",
    "10.1.2.*",
    "10.1.2.3",
    "x;10.*;<local>",
    "10.1.2.3/32",
)
NAMES_THE_LONG_NUMBER = ("fd00::/8", "fd00::7", "[fd00::7]", "[fd00::7]:8443", "FD00::7")
NAMES_OTHERS = (
    "*le.com",
    "*.gov.cn",
    "portal.example.cn:8443",
    "*.example.cn:8443",
    "<local>",
    "10.0.0.0/8",
    "10.*",
    "999.0.0.0/8",
    "example.cn/hooks",
    "http://*",
    ".",
    "*.",
    ";,",
    "x.portal.example.cn",
)
LIKE_WORDS = ("auto.example.cn", "direct-1:80", "10.0.0.1", "off-site", "proxy", "yes1", "nodirect:80")


def _set(monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str]) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("given", "variable", "address"),
    [
        ({"HTTPS_PROXY": ONE}, "HTTPS_PROXY", ONE),
        ({"https_proxy": ONE}, "HTTPS_PROXY", ONE),
        ({"https_proxy": ONE, "HTTPS_PROXY": TWO}, "HTTPS_PROXY", ONE),
        ({"ALL_PROXY": ONE}, "ALL_PROXY", ONE),
        ({"all_proxy": ONE, "HTTP_PROXY": TWO}, "ALL_PROXY", ONE),
        ({"HTTPS_PROXY": ONE, "ALL_PROXY": SOCKS}, "HTTPS_PROXY", ONE),
        ({"HTTPS_PROXY": "one:3128"}, "HTTPS_PROXY", ONE),
        ({"HTTPS_PROXY": "http://user:secret@one:3128"}, "HTTPS_PROXY", "http://user:secret@one:3128"),
        ({"HTTPS_PROXY": "https://one:443"}, "HTTPS_PROXY", "https://one:443"),
        ({"HTTPS_PROXY": f"{ONE}/"}, "HTTPS_PROXY", f"{ONE}/"),
        *(({"HTTPS_PROXY": f"http://{host}"}, "HTTPS_PROXY", f"http://{host}") for host in LIKE_WORDS),
        ({"HTTPS_PROXY": f" {ONE} "}, "HTTPS_PROXY", ONE),
        ({"HTTPS_PROXY": ONE, "NO_PROXY": ""}, "HTTPS_PROXY", ONE),
        ({"HTTPS_PROXY": ONE, "NO_PROXY": ".local,10.0.0.0/8"}, "HTTPS_PROXY", ONE),
        ({"HTTPS_PROXY": ONE, "NO_PROXY": "[::1,(((,%%,,:"}, "HTTPS_PROXY", ONE),
        ({"HTTPS_PROXY": ONE, "no_proxy": "le.cn"}, "HTTPS_PROXY", ONE),
        *(({"HTTPS_PROXY": ONE, "NO_PROXY": value}, "HTTPS_PROXY", ONE) for value in NAMES_OTHERS),
    ],
)
def test_the_proxy_that_is_named_leads_outside(
    monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str], variable: str, address: str
) -> None:
    """A city's machines often reach the world in no other way; its name shows nothing of its password."""
    _set(monkeypatch, given)
    found = find_proxy(PORTAL, "socksio")
    assert found is not None
    assert (found.variable, found.url) == (variable, address)
    assert "one" not in repr(found)


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, PORTAL),
        ({"HTTPS_PROXY": ""}, PORTAL),
        ({"HTTPS_PROXY": " "}, PORTAL),
        ({"HTTP_PROXY": ONE}, PORTAL),
        ({"FTP_PROXY": ONE, "PROXY": ONE}, PORTAL),
        ({"HTTPS_PROXY": ONE, "NO_PROXY": "*"}, PORTAL),
        ({"HTTPS_PROXY": ONE, "no_proxy": "portal.example.cn"}, PORTAL),
        ({"HTTPS_PROXY": ONE, "NO_PROXY": " .example.cn , x"}, PORTAL),
        ({"ALL_PROXY": SOCKS, "NO_PROXY": "EXAMPLE.CN"}, PORTAL),
        ({"ALL_PROXY": SOCKS}, "http://127.0.0.1:8081/apis"),
        ({"ALL_PROXY": SOCKS, "NO_PROXY": "elsewhere"}, "https://localhost:8443/hooks"),
        ({"HTTPS_PROXY": "garbage://", "NO_PROXY": "nothing"}, "https://[::1]:8443/hooks"),
        ({"HTTPS_PROXY": "garbage://", "NO_PROXY": "example.cn:443"}, "https://portal.example.cn:443/"),
        *(({"HTTPS_PROXY": ONE, "NO_PROXY": value}, PORTAL) for value in NAMES_THE_PORTAL),
        *(({"HTTPS_PROXY": ONE, "NO_PROXY": value}, BY_NUMBER) for value in NAMES_THE_NUMBER),
        *(
            ({"HTTPS_PROXY": ONE, "NO_PROXY": value}, "https://[fd00::7]:8443/")
            for value in NAMES_THE_LONG_NUMBER
        ),
        ({"HTTPS_PROXY": ONE, "NO_PROXY": "<local>"}, "https://portal/hooks"),
        ({"HTTPS_PROXY": ONE, "NO_PROXY": "example.cn"}, "https://PORTAL.Example.cn./hooks"),
    ],
)
def test_nothing_else_goes_by_a_proxy(
    monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str], url: str
) -> None:
    """Least of all what stands on this machine; a proxy that nobody uses need not be usable."""
    _set(monkeypatch, given)
    assert find_proxy(url, "socksio") is None


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1080", "SOCKS proxy, for which the library socksio is missing"),
        ("all_proxy", "socks5h://127.0.0.1:1080", "SOCKS proxy, for which the library socksio is missing"),
        ("HTTPS_PROXY", "SOCKS5://127.0.0.1:1080", "SOCKS proxy, for which the library socksio is missing"),
        ("ALL_PROXY", "socks://127.0.0.1:1080", "by socks; known are"),
        ("ALL_PROXY", "socks4://127.0.0.1:1080", "by socks4; known are"),
        ("HTTPS_PROXY", "ftp://secret@one:3128", "by ftp; known are"),
        ("HTTPS_PROXY", "http://", "not the address of a proxy"),
        ("HTTPS_PROXY", "http://secret@one:99999", "not the address of a proxy"),
        ("HTTPS_PROXY", "http://one:0", "not the address of a proxy"),
        ("HTTPS_PROXY", "http://[::1", "not the address of a proxy"),
        ("HTTPS_PROXY", "http://secret one", "not the address of a proxy"),
        ("HTTPS_PROXY", "http://代理:3128", "not the address of a proxy"),
        ("HTTPS_PROXY", "http://one:port", "not the address of a proxy"),
        ("HTTPS_PROXY", ":", "not the address of a proxy"),
        *(
            ("HTTPS_PROXY", word, "not the address of a proxy")
            for word in ("DIRECT", "none", "auto", "off", "0")
        ),
        ("HTTPS_PROXY", "http//one:3128", "not the address of a proxy"),
        ("HTTPS_PROXY", "http://one/proxy.pac", "not the address of a proxy"),
    ],
)
def test_a_proxy_that_can_not_be_used_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    """The message names its variable, never its address, and says what to do."""
    monkeypatch.setattr(proxies, "find_spec", lambda _name: None)
    monkeypatch.setenv(variable, value)
    with pytest.raises(ExchangeError) as refused:
        find_proxy(PORTAL, "socksio")
    assert said in refused.value.message
    assert variable.upper() in refused.value.message
    assert "NO_PROXY" in refused.value.hint
    assert "secret" not in refused.value.message + refused.value.hint


def test_a_socks_proxy_is_used_where_its_library_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each client has a library of its own for it."""
    monkeypatch.setattr(proxies, "find_spec", lambda name: object() if name == "socks" else None)
    monkeypatch.setenv("ALL_PROXY", SOCKS)
    found = find_proxy(PORTAL, "PySocks")
    assert found is not None
    assert found.url == SOCKS
    with pytest.raises(ExchangeError, match="socksio is missing"):
        find_proxy(PORTAL, "socksio")
