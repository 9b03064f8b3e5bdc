"""Clients of HTTP: one place makes them, and none asks a proxy the way to the loopback."""

import ast
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from consumers.notifier.sending import Sending
from exchange.runtime import proxies
from exchange.runtime.errors import ExchangeError
from exchange.runtime.http_clients import outside_client, part_client
from exchange.runtime.loopback import read_page
from exchange.runtime.registry.client import Registry
from exchange.runtime.stack.downloads import fetch_files
from exchange.runtime.webhook_endpoint import Endpoint
from tests.journeys.portal import Portal
from tests.nowhere import NO_REGISTRY
from tests.runtime.environments import NOBODY, PROXIES, PROXY_VARIABLES
from tests.source import READS_SOURCE, dotted, nodes_of

pytestmark = READS_SOURCE
ROOT = Path(__file__).parents[2]
PACKAGES = ("avro_schemas", "topics", "verification", "exchange", "producers", "consumers", "tools")
ONLY_PLACES = {ROOT / "exchange" / "runtime" / name for name in ("http_clients.py", "loopback.py")}
CLIENTS = {
    *(
        "aiohttp",
        "http.client.HTTPConnection",
        "http.client.HTTPSConnection",
        "pycurl",
        "requests",
        "urllib3",
    ),
    *("urllib.request.urlopen", "urllib.request.build_opener", "urllib.request.Request"),
    *("urllib.request.urlretrieve", "urllib.request.OpenerDirector", "urllib.request.ProxyHandler"),
    *(f"httpx.{name}" for name in ("Client", "AsyncClient", "HTTPTransport", "AsyncHTTPTransport", "stream")),
    *(f"httpx.{name}" for name in ("get", "options", "head", "post", "put", "patch", "delete", "request")),
}
SOMEWHERE = httpx.Timeout(5)
PORTAL = "https://portal.example.cn/hooks"


def test_no_other_place_makes_a_client() -> None:
    """A client made in passing obeys every proxy, for the loopback too; use `http_clients` or `loopback`."""
    found = [
        f"{path.relative_to(ROOT)}:{line} uses {name}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path not in ONLY_PLACES
        for line, name in _used(path)
        if name in CLIENTS
    ]
    assert found == []


def _used(path: Path) -> Iterator[tuple[int, str]]:
    """Each name that a module imports, or takes from a module that it imports, whole."""
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)
        elif isinstance(node, ast.Attribute):
            yield node.lineno, dotted(node)


def test_a_client_made_in_passing_would_be_found(tmp_path: Path) -> None:
    """In each of the ways in which one is made."""
    module = tmp_path / "module.py"
    module.write_text(
        "import httpx\nimport urllib.request\nfrom http.client import HTTPConnection\nfrom httpx import get\n"
        "httpx.Client()\nurllib.request.urlopen('http://127.0.0.1')\n",
        encoding="utf-8",
    )
    assert [line for line, name in _used(module) if name in CLIENTS] == [3, 4, 5, 6]


@pytest.fixture(scope="module")
def here() -> Iterator[Portal]:
    """A server on the loopback that takes everything."""
    with Portal().serving() as portal:
        yield portal


ODD: list[Mapping[str, str]] = [
    PROXIES,
    {name.lower(): value for name, value in PROXIES.items()},
    {"HTTP_PROXY": f"http://{NOBODY}", "NO_PROXY": ""},
    {"http_proxy": NOBODY, "no_proxy": ".local"},
    {**PROXIES, "NO_PROXY": "*"},
    {**PROXIES, "NO_PROXY": "[::1,(((,%%,http://*:abc"},
    {**PROXIES, "NO_PROXY": "128.0.0.1/8, 10.0.0.0/8,,:"},
    {"ALL_PROXY": f"socks5h://{NOBODY}"},
    {"all_proxy": f"socks://{NOBODY}"},
    {"ALL_PROXY": "garbage://["},
    {"HTTP_PROXY": "http://", "HTTPS_PROXY": ":"},
    {"HTTP_PROXY": "http://user:pass word@proxy:99999"},
    {"http_proxy": f"https://{NOBODY}", "HTTP_PROXY": "代理"},
]


@pytest.mark.parametrize("environment", ODD)
def test_the_loopback_is_reached_whatever_proxies_are_named(
    here: Portal, monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]
) -> None:
    """A city's shells name proxies that nobody here knows; each part is found all the same."""
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    port = httpx.URL(here.url).port
    with part_client(f"http://localhost:{port}", 5) as client:
        assert client.post("/").is_success
    with outside_client(here.url, SOMEWHERE) as client:
        assert client.post(here.url).is_success
    assert read_page(f"http://127.0.0.1:{port}/", 5)[0] == 501, "it knows no GET, and says so"
    with Registry(replace(NO_REGISTRY, url="https://registry.example.cn")):
        assert True, "a registry elsewhere is a part of the exchange too: its client needs no proxy"


def test_the_portal_is_told_through_the_proxy_that_is_named(
    here: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What really goes outside goes as the environment says, and a failure is the proxy's."""
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{httpx.URL(here.url).port}")
    with outside_client(PORTAL, SOMEWHERE) as client, pytest.raises(httpx.ProxyError, match="501"):
        client.post(PORTAL)


@pytest.fixture
def behind_socks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy for which no library is there."""
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALL_PROXY", f"socks5://{NOBODY}")
    monkeypatch.setattr(proxies, "find_spec", lambda _name: None)


@pytest.mark.usefixtures("behind_socks")
def test_a_notifier_behind_a_socks_proxy_says_what_it_lacks() -> None:
    """It once ended with an ImportError, again and again."""
    with pytest.raises(ExchangeError, match="socksio is missing"):
        Sending(Endpoint(PORTAL, (bytes(24),)), 5, at_once=1)


@pytest.mark.usefixtures("behind_socks")
def test_a_download_behind_a_socks_proxy_says_what_it_lacks(tmp_path: Path) -> None:
    """Before anything is asked for, and once instead of for every file."""
    with pytest.raises(ExchangeError, match="PySocks is missing"):
        fetch_files(lambda _total: nullcontext(lambda _bytes: None), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["downloads.lock"]
