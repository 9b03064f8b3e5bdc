"""The schema registry, through its Confluent-compatible API (Apicurio's `/apis/ccompat/v7`).

The client is our own, since Confluent's has no timeout by default and asks for what Apicurio lacks.
Applications never register; the deploy step does (`register_schemas`), and the registry itself enforces
FULL_TRANSITIVE.
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import httpx

from avro_schemas.catalogue import released_versions
from exchange.runtime.errors import RegistryAwayError, RegistryRefusedError
from exchange.runtime.http_clients import part_client
from exchange.runtime.registry.access import RegistryAccess
from exchange.runtime.registry.schema_export import KnownSchemas, as_known
from exchange.runtime.settings import Settings
from topics.catalogue import Catalogue, subject_of

LEVEL = "FULL_TRANSITIVE"
_TIMEOUT_S = 10.0
DEPLOY_TIMEOUT_S = 60.0
"""For what is done once, with a registry that has only just started: its first answers take longest."""
_ABSENT_FOR_S = 5.0
_ABSENT_KEPT = 10_000
_CONTENT_TYPE = "application/vnd.schemaregistry.v1+json"


@dataclass(frozen=True, slots=True)
class Registration:
    """A schema as the registry holds it."""

    topic: str
    subject: str
    version: int
    schema_id: int


class Registry:
    """A connection to one registry; it remembers schemas by id, since an id never changes its meaning."""

    def __init__(
        self,
        access: RegistryAccess,
        transport: httpx.BaseTransport | None = None,
        timeout_s: float = _TIMEOUT_S,
    ) -> None:
        self._client = part_client(access.url.rstrip("/"), timeout_s, transport, access.auth)
        self._schemas: dict[int, Mapping[str, Any]] = {}
        self._absent: dict[int, float] = {}

    def __enter__(self) -> "Registry":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def schema_by_id(self, schema_id: int) -> Mapping[str, Any] | None:
        """The schema of an id, or None where the registry says that there is none.

        That answer is believed only for some seconds, since a new version may come; yet a flood of bad
        records must not become a flood of questions.

        Raises:
            RegistryAwayError: it did not answer.
        """
        if schema_id in self._schemas:
            return self._schemas[schema_id]
        if time.monotonic() - self._absent.get(schema_id, -_ABSENT_FOR_S) < _ABSENT_FOR_S:
            return None
        answer = self._ask("GET", f"/schemas/ids/{schema_id}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            self._remember_absent(schema_id)
            return None
        found: Mapping[str, Any] = json.loads(str(self._body(answer)["schema"]))
        self._schemas[schema_id] = found
        return found

    def read(self, path: str) -> Any:
        """What the registry answers to a question of somebody else's; None where it has no such thing.

        Raises:
            RegistryAwayError: it did not answer.
        """
        answer = self._ask("GET", path)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        self._body(answer)
        return answer.json()

    def lookup(self, subject: str, text: Mapping[str, Any]) -> tuple[int, int] | None:
        """Version and id of a schema under a subject, or None where it is not registered there."""
        answer = self._ask("POST", f"/subjects/{subject}", _as_request(text))
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        body = self._body(answer)
        return int(body["version"]), int(body["id"])

    def register(self, subject: str, text: Mapping[str, Any]) -> tuple[int, int]:
        """Version and id of a schema, which is registered under a subject if it was not yet.

        Raises:
            RegistryRefusedError: it is not a schema, or not compatible with every version before it.
        """
        known = self.lookup(subject, text)  # three times as fast as registering anew at each start
        return known if known is not None else self.register_new(subject, text)

    def register_new(self, subject: str, text: Mapping[str, Any]) -> tuple[int, int]:
        """Version and id of a schema that is not registered yet; if it is after all, nothing changes.

        Raises:
            RegistryRefusedError: as `register` says.
        """
        answer = self._ask("POST", f"/subjects/{subject}/versions", _as_request(text))
        if answer.status_code in {httpx.codes.CONFLICT, httpx.codes.UNPROCESSABLE_ENTITY}:
            raise RegistryRefusedError(
                f"The registry refuses the schema of {subject}: {_message(answer)}",
                "Run `exchange schemas check`; what was released before must stay readable both ways.",
            )
        self._body(answer)
        found = self.lookup(subject, text)
        if found is None:
            raise RegistryAwayError(f"The registry took the schema of {subject} and does not find it.")
        return found

    def require_level(self) -> None:
        """Make sure that FULL_TRANSITIVE is in force for every subject; set it where it is not.

        Raises:
            RegistryRefusedError: another level is in force.
        """
        if self._level() == LEVEL:
            return
        self._body(self._ask("PUT", "/config", {"compatibility": LEVEL}))
        found = self._level()
        if found != LEVEL:
            raise RegistryRefusedError(
                f"The registry's compatibility is {found}, wanted {LEVEL}.",
                f"Start it with APICURIO_RULES_GLOBAL_COMPATIBILITY={LEVEL}.",
            )

    def _level(self) -> Any:
        return self._body(self._ask("GET", "/config")).get("compatibilityLevel")

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> httpx.Response:
        try:
            return self._client.request(method, path, json=body, headers={"Accept": _CONTENT_TYPE})
        except httpx.HTTPError as error:
            raise RegistryAwayError(
                f"The schema registry does not answer ({type(error).__name__}).",
                "`exchange status` shows what runs; `exchange up` starts it.",
            ) from error

    def _body(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            answer.raise_for_status()
            body: dict[str, Any] = answer.json()
        except (httpx.HTTPStatusError, ValueError) as error:
            raise RegistryAwayError(
                f"The schema registry answers {answer.status_code}: {_message(answer)}",
                "Look into its log; `exchange status` shows where it is.",
            ) from error
        return body

    def _remember_absent(self, schema_id: int) -> None:
        if len(self._absent) >= _ABSENT_KEPT:
            self._absent.clear()
        self._absent[schema_id] = time.monotonic()


def register_schemas(settings: Settings, known: KnownSchemas | None = None) -> list[Registration]:
    """Register every topic's schema, released versions first, and say what is registered afterwards.

    Args:
        settings: where the registry is, and which topics there are.
        known: all that the registry holds already, which it is not asked about again.

    Raises:
        RegistryAwayError: the registry did not answer.
        RegistryRefusedError: it refuses a schema, or has another compatibility level.
    """
    with Registry(settings.registry, timeout_s=DEPLOY_TIMEOUT_S) as registry:
        registry.require_level()
        register = registry.register if known is None else registry.register_new
        held, registered = dict(known or {}), {}
        for topic, subject, text in wanted_schemas(settings.city.catalogue):
            one = subject, as_known(text)
            if one not in held:
                held[one] = register(subject, text)
            registered[topic] = Registration(topic, subject, *held[one])
    return list(registered.values())


def wanted_schemas(catalogue: Catalogue) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield topic, subject and schema, in the order of registration: a topic's current schema is its last."""
    for topic, name, current in _topics_with_schema(catalogue):
        for text in (*(version for version in released_versions(name) if version != current), current):
            yield topic, subject_of(topic), text


def list_schemas(settings: Settings) -> list[Registration]:
    """What the registry holds of the schemas as they stand here, one for each topic.

    Raises:
        RegistryAwayError: the registry did not answer.
        RegistryRefusedError: a schema is not registered.
    """
    with Registry(settings.registry) as registry:
        catalogue = settings.city.catalogue
        return [_registered(registry, topic, text) for topic, _, text in _topics_with_schema(catalogue)]


def subject_ids(settings: Settings) -> Mapping[str, int]:
    """Topic → id of its schema as it stands here: what a writer puts before each value.

    Raises:
        RegistryAwayError: the registry did not answer.
        RegistryRefusedError: a schema is not registered.
    """
    return MappingProxyType({entry.topic: entry.schema_id for entry in list_schemas(settings)})


def _topics_with_schema(catalogue: Catalogue) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield topic, name of its schema, and the schema."""
    return (
        (topic.name, topic.schema, catalogue.schema_of(topic.name))
        for topic in catalogue.topics
        if topic.schema is not None
    )


def _registered(registry: Registry, topic: str, text: Mapping[str, Any]) -> Registration:
    subject = subject_of(topic)
    found = registry.lookup(subject, text)
    if found is None:
        raise RegistryRefusedError(
            f"The registry does not hold the schema of {subject}.", "Run `exchange schemas register`."
        )
    return Registration(topic, subject, *found)


def _as_request(text: Mapping[str, Any]) -> dict[str, str]:
    return {"schema": json.dumps(text, ensure_ascii=False), "schemaType": "AVRO"}


def _message(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return answer.reason_phrase
