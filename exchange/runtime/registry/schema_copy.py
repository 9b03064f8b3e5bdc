"""The registry's content, kept on the log: whoever has the log can read it, whatever becomes of PostgreSQL.

Every message begins with the id of its schema, and only the registry knows which schema that is. So the
deploy step keeps the registry's own export on the log, and gives it to an empty registry (ADR 0021).

Shape: topic `schemas`, partition 0, key `registry`, value the ZIP of Apicurio's `/admin/export`.
"""

from collections.abc import Mapping
from typing import Final

import httpx

from exchange.runtime.errors import RegistryAwayError, RegistryRefusedError
from exchange.runtime.http_clients import part_client
from exchange.runtime.kafka.kept_values import keep_value, kept_copy
from exchange.runtime.registry.access import RegistryAccess
from exchange.runtime.registry.client import Registration, register_schemas, wanted_schemas
from exchange.runtime.registry.schema_export import as_known, files_of, known_from, schemas_by_id
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from topics.catalogue import SCHEMAS

KEY: Final = b"registry"
_TIMEOUT_S: Final = 60.0
_WITH_IDS: Final = {"X-Registry-Preserve-GlobalId": "true", "X-Registry-Preserve-ContentId": "true"}


def deploy_schemas(settings: Settings) -> list[Registration]:
    """Register every topic's schema in a registry that knows the log's ids, and keep a copy on the log.

    An empty registry is first given what the log keeps. One that holds everything is asked for its content
    and its compatibility alone.

    Raises:
        RegistryAwayError: the registry did not answer.
        RegistryRefusedError: its ids are not those that the log was written with, or it refuses a schema.
        ExchangeError: the brokers did not give or take the copy.
    """
    kept = kept_copy(settings.kafka)
    with _Administration(settings.registry) as registry:
        found = registry.export()
        if kept is not None and not schemas_by_id(found):
            registry.fill(kept)
            found = registry.export()
        if kept is not None:
            require_same_ids(schemas_by_id(kept), schemas_by_id(found))
        known = known_from(found)
        registered = register_schemas(settings, known)
        all_known = all(
            (subject, as_known(text)) in known for _, subject, text in wanted_schemas(settings.city.catalogue)
        )
        now = found if all_known else registry.export()
    if kept is None or files_of(now) != files_of(kept):
        keep_copy(settings, now)
    return registered


def require_same_ids(kept: Mapping[int, str], found: Mapping[int, str]) -> None:
    """Refuse a registry in which an id of the log is unknown, or is another schema.

    Raises:
        RegistryRefusedError: naming the ids, and the way back.
    """
    if wrong := sorted(number for number, text in kept.items() if found.get(number) != text):
        raise RegistryRefusedError(
            said("schema_ids_differ", numbers=", ".join(map(str, wrong))), said("registry_from_the_log")
        )


def keep_copy(settings: Settings, export: bytes) -> None:
    """Put an export on the log; return when the brokers have it.

    Raises:
        ExchangeError: they did not take it.
    """
    keep_value(settings.kafka, settings.city.catalogue.by_name[SCHEMAS], KEY, export, [])


class _Administration:
    """What Apicurio offers beside Confluent's API: to export and import its whole content."""

    def __init__(self, access: RegistryAccess) -> None:
        root, _, _ = access.url.partition("/apis/")
        self._client = part_client(f"{root}/apis/registry/v3/admin", _TIMEOUT_S, auth=access.auth)

    def __enter__(self) -> "_Administration":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def export(self) -> bytes:
        """All of it, as a ZIP."""
        return self._ask("GET", "/export").content

    def fill(self, export: bytes) -> None:
        """Give an empty registry what was exported, with the same ids; one that is not empty refuses."""
        self._ask("POST", "/import", export, {"Content-Type": "application/zip", **_WITH_IDS})

    def _ask(
        self, method: str, path: str, content: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        try:
            answer = self._client.request(method, path, content=content, headers=headers)
            return answer.raise_for_status()
        except httpx.HTTPStatusError as problem:
            raise RegistryAwayError(
                said("registry_answers", status=problem.response.status_code, path=path),
                said("registry_must_be"),
            ) from problem
        except httpx.HTTPError as problem:
            raise RegistryAwayError(
                said("registry_silent", problem=type(problem).__name__), said("what_to_start")
            ) from problem
