"""`exchange schemas check|register|list|freeze`: the Avro schemas and the registry."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import typer

from avro_schemas.catalogue import freeze_release, schema_paths
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.runtime.city import find_city
from exchange.runtime.principals import ADMIN
from exchange.runtime.registry.client import Registration, list_schemas
from exchange.runtime.registry.schema_copy import deploy_schemas
from exchange.runtime.settings import load_settings

schemas_app = typer.Typer(help="Check, register and list the Avro schemas.", no_args_is_help=True)


@schemas_app.command("check")
def check(json_lines: JsonOption = False, home: HomeOption = None) -> None:
    """Check the conventions, and every released version both ways, offline; exit code 1 with findings.

    Those of the city's own record types in use are checked with them.
    """
    del home  # every command takes it; this one needs nothing from a home
    own = find_city().catalogue.schemas.own  # what is wrong with one of them is told in a sentence
    from avro_schemas.check import check_schemas  # noqa: PLC0415 - the judge is heavy; others do without it

    findings = check_schemas()
    for finding in findings:
        typer.echo(
            json.dumps(asdict(finding), ensure_ascii=False) if json_lines else str(finding),
            err=not json_lines,
        )
    typer.echo(f"{len(schema_paths()) + len(own)} schemas, {len(findings)} findings", err=True)
    if findings:
        raise typer.Exit(1)


@schemas_app.command("register")
def register(json_lines: JsonOption = False, home: HomeOption = None) -> None:
    """Register every topic's schema at FULL_TRANSITIVE; what is registered already stays as it is."""
    _show(deploy_schemas(load_settings(home, ADMIN)), json_lines)


@schemas_app.command("list")
def list_registered(json_lines: JsonOption = False, home: HomeOption = None) -> None:
    """List every topic's schema as the registry holds it."""
    _show(list_schemas(load_settings(home)), json_lines)


@schemas_app.command("freeze")
def freeze(home: HomeOption = None) -> None:
    """Keep the schemas as they stand as a new release, to which later ones must be compatible."""
    del home
    from avro_schemas.check import check_schemas  # noqa: PLC0415 - as above

    findings = check_schemas()
    for finding in findings:
        typer.echo(str(finding), err=True)
    if findings:
        raise typer.Exit(1)
    typer.echo(f"frozen as release {freeze_release().name}", err=True)


def _show(registrations: Sequence[Registration], json_lines: bool) -> None:
    for entry in registrations:
        if json_lines:
            typer.echo(json.dumps(asdict(entry)))
        else:
            typer.echo(f"{entry.subject:<50} version {entry.version:>3}  id {entry.schema_id:>5}", err=True)
