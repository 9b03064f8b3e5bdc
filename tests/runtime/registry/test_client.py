"""The registry's answers, and what each means for a record."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from avro_schemas.catalogue import schema
from exchange.command.quarantine.view import content_of
from exchange.runtime.errors import RegistryAwayError, RegistryRefusedError
from exchange.runtime.registry.client import (
    DEPLOY_TIMEOUT_S,
    LEVEL,
    Registry,
    list_schemas,
    register_schemas,
    wanted_schemas,
)
from exchange.runtime.registry.schema_export import as_known
from exchange.runtime.rules import record_decoder
from producers.codec import Codec
from tests.cases import accepted
from tests.nowhere import NO_REGISTRY, nowhere
from tests.own_types import VEHICLE, own_city, vehicle, vehicle_schema

Answer = Callable[[httpx.Request], httpx.Response]


class _Fake:
    """A registry in memory: subjects with their schemas, in order of registration.

    It tells schemas apart as the real one does, by all but their words.
    """

    def __init__(self, level: str = LEVEL) -> None:
        self.texts: list[str] = []
        self.subjects: dict[str, list[str]] = {}
        self.level = level
        self.requests: list[str] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.requests.append(f"{request.method} {path}")
        if path == "/config":
            return httpx.Response(200, json={"compatibilityLevel": self.level})
        if path.startswith("/schemas/ids/"):
            return self._by_id(int(path.rpartition("/")[2]))
        return self._subject(path, as_known(json.loads(json.loads(request.content)["schema"])))

    def _by_id(self, schema_id: int) -> httpx.Response:
        if 0 < schema_id <= len(self.texts):
            return httpx.Response(200, json={"schema": self.texts[schema_id - 1]})
        return httpx.Response(404, json={"error_code": 40403, "message": "Schema not found"})

    def _subject(self, path: str, text: str) -> httpx.Response:
        subject = path.split("/")[2]
        versions = self.subjects.setdefault(subject, [])
        if path.endswith("/versions") and text not in versions:
            versions.append(text)
            self.texts += [text] if text not in self.texts else []
        if text not in versions:
            return httpx.Response(404, json={"error_code": 40403, "message": "Schema not found"})
        return httpx.Response(
            200, json={"version": versions.index(text) + 1, "id": self.texts.index(text) + 1}
        )


def _registry(answer: Answer) -> Registry:
    return Registry(NO_REGISTRY, httpx.MockTransport(answer))


def test_a_schema_is_registered_once_and_found_again() -> None:
    """The deploy step may run again; nothing is registered twice."""
    fake = _Fake()
    with _registry(fake.answer) as registry:
        assert registry.lookup("clock-value", schema("clock_tick")) is None
        assert registry.register("clock-value", schema("clock_tick")) == (1, 1)
        assert registry.register("clock-value", schema("clock_tick")) == (1, 1)
        assert registry.register("moves-value", schema("person_move")) == (1, 2)
        assert as_known(registry.schema_by_id(2) or {}) == as_known(schema("person_move"))
    assert fake.requests.count("POST /subjects/clock-value/versions") == 1


def test_an_id_is_asked_for_once() -> None:
    """Reading a million records costs one question for each schema, and a flood of bad ones costs no more."""
    fake = _Fake()
    with _registry(fake.answer) as registry:
        registry.register("clock-value", schema("clock_tick"))
        for _ in range(3):
            assert registry.schema_by_id(1) is not None
            assert registry.schema_by_id(99) is None
    assert fake.requests.count("GET /schemas/ids/1") == 1
    assert fake.requests.count("GET /schemas/ids/99") == 1


def test_no_such_id_is_not_the_registry_being_away() -> None:
    """A record with a false id is put aside; a record during an outage waits."""

    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with _registry(_Fake().answer) as registry:
        assert registry.schema_by_id(5) is None
    with _registry(away) as registry, pytest.raises(RegistryAwayError, match="does not answer"):
        registry.schema_by_id(5)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500, json={"message": "the database is away"}),
        httpx.Response(503, text="starting"),
        httpx.Response(200, text="<html>a proxy's page</html>"),
    ],
)
def test_a_registry_that_answers_nonsense_is_away(answer: httpx.Response) -> None:
    """A failing registry is never taken for one that does not know a schema."""
    with _registry(lambda _: answer) as registry, pytest.raises(RegistryAwayError):
        registry.schema_by_id(5)


def test_an_incompatible_schema_is_refused_with_the_reason() -> None:
    """Whoever deploys is told what the registry found."""

    def refuse(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/versions"):
            return httpx.Response(409, json={"error_code": 409, "message": "reader type: STRING"})
        return httpx.Response(404, json={"error_code": 40403, "message": "Schema not found"})

    with _registry(refuse) as registry, pytest.raises(RegistryRefusedError, match="reader type: STRING"):
        registry.register("clock-value", schema("clock_tick"))


def test_another_compatibility_level_is_refused() -> None:
    """Without FULL_TRANSITIVE in force nothing is registered."""
    with _registry(_Fake(level="NONE").answer) as registry, pytest.raises(RegistryRefusedError, match="NONE"):
        registry.require_level()


class _Knows(BaseHTTPRequestHandler):
    """Answers every question with a schema."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"schema": "{}"}).encode())

    def log_message(self, *_: object) -> None:
        pass


def _vouch_for_itself(file: Path) -> None:
    """Write a key and a certificate that no authority signed."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + certificate.public_bytes(Encoding.PEM))


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[str]:
    """The address of a server that vouches for itself."""
    file = tmp_path / "server.pem"
    _vouch_for_itself(file)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)
    with HTTPServer(("127.0.0.1", 0), _Knows) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def test_a_registry_that_vouches_for_itself_is_not_believed(impostor: str) -> None:
    """Whoever can put a server in between must not choose the schemas."""
    access = replace(NO_REGISTRY, url=impostor)
    with Registry(access) as registry, pytest.raises(RegistryAwayError, match="does not answer"):
        registry.schema_by_id(1)


def test_a_registry_that_has_only_just_come_up_is_given_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On a busy machine its first answers take longer than anybody waits for later ones."""
    fake, limits = _Fake(), set()

    def answer(request: httpx.Request) -> httpx.Response:
        limits.add(request.extensions["timeout"]["read"])
        return fake.answer(request)

    def client(url: str, timeout_s: float, *_: object) -> httpx.Client:
        return httpx.Client(base_url=url, timeout=timeout_s, transport=httpx.MockTransport(answer))

    monkeypatch.setattr("exchange.runtime.registry.client.part_client", client)
    settings = nowhere(tmp_path)
    assert register_schemas(settings) == list_schemas(settings)
    assert len(limits) == 2
    assert max(limits) == DEPLOY_TIMEOUT_S


def test_what_the_registry_is_known_to_hold_is_not_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A start where all is registered asks one question: which compatibility is in force."""
    fake = _Fake()

    def client(url: str, timeout_s: float, *_: object) -> httpx.Client:
        return httpx.Client(base_url=url, timeout=timeout_s, transport=httpx.MockTransport(fake.answer))

    monkeypatch.setattr("exchange.runtime.registry.client.part_client", client)
    settings = nowhere(tmp_path)
    before = register_schemas(settings, {})
    with _registry(fake.answer) as registry:
        known = {
            (subject, as_known(text)): registry.register(subject, text)
            for _, subject, text in wanted_schemas(settings.city.catalogue)
        }
    fake.requests.clear()
    assert register_schemas(settings, known) == before
    assert fake.requests == ["GET /config"]
    new = next(iter(known))
    assert register_schemas(settings, {one: found for one, found in known.items() if one != new}) == before
    assert fake.requests[2:] == [f"POST /subjects/{new[0]}/versions", f"POST /subjects/{new[0]}"]


def test_schemas_that_differ_in_their_words_alone_are_one() -> None:
    """The registry takes them for the same; a default that is called like the words is none of them."""
    words = {"type": "record", "name": "A", "doc": "one", "fields": [{"name": "doc", "doc": "x"}]}
    assert as_known(words) == as_known({**words, "doc": "two"})
    assert as_known(words) != as_known({**words, "fields": [{"name": "other"}]})
    assert as_known({"default": {"doc": 1}}) != as_known({"default": {}})


def test_a_citys_own_record_type_is_registered_and_read_and_written_like_any_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What deploys, what publishes and what joins take the same schema from the city's folder."""
    fake, city = _Fake(), own_city(tmp_path / "own")

    def client(url: str, timeout_s: float, *_: object) -> httpx.Client:
        return httpx.Client(base_url=url, timeout=timeout_s, transport=httpx.MockTransport(fake.answer))

    monkeypatch.setattr("exchange.runtime.registry.client.part_client", client)
    settings = nowhere(tmp_path, city=city)
    topic, catalogue = f"records.{VEHICLE}", city.catalogue
    assert topic in {entry.topic for entry in register_schemas(settings)}
    assert register_schemas(settings) == list_schemas(settings)
    assert fake.subjects[f"{topic}-value"] == [as_known(vehicle_schema())]
    verdict = accepted(vehicle(), city.policy, catalogue)
    with _registry(fake.answer) as registry:
        value = Codec(catalogue, registry).encode(topic, verdict.avro)
        assert record_decoder(catalogue, registry)(topic, value) == verdict.avro
        entry: Any = {"record_topic": topic, "source": "log", "truncated": False}
        shown = content_of(entry, value, registry, catalogue).record
    assert shown is not None
    assert (shown["status"], shown["name"]) == ("REGISTERED", verdict.record.name)
    assert verdict.record.id_number not in str(shown)
