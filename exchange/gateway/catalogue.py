"""`GET /v1/catalogue`: what a department may publish and which matters there are, in the city's own words."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, get

from exchange.gateway.access import allowed
from exchange.gateway.callers import Caller
from exchange.gateway.gateway import GatewayHere
from exchange.gateway.openapi import ANYWHERE
from exchange.runtime.city import City
from exchange.serving.openapi import answers


@dataclass
class RecordTypeShown:
    """A record type: who publishes it (null: each deciding department its own), and its Avro schema."""

    type: str
    name_zh: str
    owner: str | None
    may_publish: bool
    schema: dict[str, Any]


@dataclass
class MatterShown:
    """A matter, and the department that decides it."""

    matter: int
    name_zh: str
    name_en: str
    department: str | None


@dataclass
class DepartmentShown:
    """A department, by its code."""

    code: str
    name_zh: str
    name_en: str


@dataclass
class CatalogueShown:
    """What there is, as seen by one department."""

    department: str
    record_types: list[RecordTypeShown]
    matters: list[MatterShown]
    departments: list[DepartmentShown]


@get("/v1/catalogue", guards=[allowed("read_schemas")], responses=answers(*ANYWHERE), tags=["Catalogue"])
async def read_catalogue(request: Request[Caller, Any, Any], gateway: GatewayHere) -> CatalogueShown:
    """Return record types with their schemas, matters and departments."""
    return _shown(gateway.settings.city, request.user.department)


def _shown(city: City, department: str) -> CatalogueShown:
    catalogue, policy = city.catalogue, city.policy
    own = {topic.schema for topic in catalogue.records if topic.owner == department}
    types = [
        RecordTypeShown(name, _term(schema), owner, name in own, schema)
        for name, owner in catalogue.owners.items()
        for schema in (catalogue.schemas.schema(name),)
    ]
    matters = [MatterShown(one.matter, one.term, one.english, one.decides) for one in policy.matters]
    departments = [
        DepartmentShown(code, one.name_zh, one.name_en) for code, one in catalogue.departments.items()
    ]
    return CatalogueShown(department, types, matters, departments)


def _term(schema: dict[str, Any]) -> str:
    """Return the Chinese term with which a schema's doc begins."""
    return str(schema.get("doc", "")).partition(":")[0]
