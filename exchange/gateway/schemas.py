"""`/v1/schemas…`: the registry as Confluent's clients know it, to be read.

Source: Confluent Schema Registry API; the paths behind `/v1/schemas` are its own.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from litestar import Response, get
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from exchange.gateway.access import BASIC, allowed
from exchange.gateway.gateway import Gateway, GatewayHere
from exchange.gateway.openapi import ANYWHERE, BASIC_TOO
from exchange.serving.openapi import answer, answers
from exchange.serving.problems import ProblemError
from topics.catalogue import subject_of

_MEDIA: Final = "application/vnd.schemaregistry.v1+json"


@dataclass
class SchemaShown:
    """A schema, as the registry has it."""

    schema: str


@dataclass
class VersionShown(SchemaShown):
    """A version of a subject."""

    subject: str
    version: int
    id: int


@get(
    "/v1/schemas/subjects",
    guards=[allowed("read_schemas")],
    opt=BASIC,
    security=BASIC_TOO,
    responses=answers(*ANYWHERE),
    tags=["Schemas"],
)
async def list_subjects(gateway: GatewayHere) -> list[str]:
    """Return the names under which schemas are kept: one for each topic."""
    return [subject_of(topic.name) for topic in gateway.settings.city.catalogue.topics if topic.schema]


@get(
    "/v1/schemas/subjects/{subject:str}/versions",
    guards=[allowed("read_schemas")],
    opt=BASIC,
    security=BASIC_TOO,
    responses={HTTP_200_OK: answer(list[int], "Numbers, from 1.", _MEDIA), **answers(*ANYWHERE)},
    tags=["Schemas"],
)
async def list_versions(gateway: GatewayHere, subject: FromPath[str]) -> Response[Any]:
    """Return the numbers of a subject's versions."""
    return await _asked(gateway, f"/subjects/{_known(gateway, subject)}/versions")


@get(
    "/v1/schemas/subjects/{subject:str}/versions/{version:str}",
    guards=[allowed("read_schemas")],
    opt=BASIC,
    security=BASIC_TOO,
    responses={HTTP_200_OK: answer(VersionShown, "The version.", _MEDIA), **answers(*ANYWHERE)},
    tags=["Schemas"],
)
async def find_version(gateway: GatewayHere, subject: FromPath[str], version: FromPath[str]) -> Response[Any]:
    """Return a version of a subject, by its number or as `latest`."""
    if not (version == "latest" or (version.isascii() and version.isdigit() and len(version) < 10)):
        raise ProblemError("not_found", 404)
    return await _asked(gateway, f"/subjects/{_known(gateway, subject)}/versions/{version}")


@get(
    "/v1/schemas/schemas/ids/{schema_id:int}",
    guards=[allowed("read_schemas")],
    opt=BASIC,
    security=BASIC_TOO,
    responses={HTTP_200_OK: answer(SchemaShown, "The schema.", _MEDIA), **answers(*ANYWHERE)},
    tags=["Schemas"],
)
async def find_schema(gateway: GatewayHere, schema_id: FromPath[int]) -> Response[Any]:
    """Return the schema that an id in a message means."""
    return await _asked(gateway, f"/schemas/ids/{schema_id}")


def _known(gateway: Gateway, subject: str) -> str:
    if subject not in {subject_of(topic.name) for topic in gateway.settings.city.catalogue.topics}:
        raise ProblemError("not_found", 404)
    return subject


async def _asked(gateway: Gateway, path: str) -> Response[Any]:
    found = await asyncio.to_thread(gateway.registry.read, path)
    if found is None:
        raise ProblemError("not_found", 404)
    return Response(found, media_type=_MEDIA)
