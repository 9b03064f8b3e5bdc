"""All checks of all schemas, offline: the conventions, and every released version against the present one."""

from avro_schemas.catalogue import released_names, released_versions, releases, schema, schema_paths
from avro_schemas.compatibility import compatibility_findings
from avro_schemas.evolution import lint_change
from avro_schemas.findings import SchemaFinding
from avro_schemas.lint import lint_schema, lint_together


def check_schemas() -> list[SchemaFinding]:
    """Everything wrong with the schemas of this package; empty when they may be registered."""
    names = tuple(schema_paths())
    alone = [finding for name in names for finding in _check_schema(name)]
    return [*alone, *lint_together({name: schema(name) for name in names}), *_withdrawn()]


def _check_schema(name: str) -> list[SchemaFinding]:
    versions, current = released_versions(name), schema(name)
    changes = [finding for version in versions for finding in lint_change(name, version, current)]
    return [*lint_schema(name, current), *compatibility_findings(name, versions, current), *changes]


def _withdrawn() -> list[SchemaFinding]:
    released = {name for release in releases() for name in released_names(release)}
    return [
        SchemaFinding(name, "", "schema_removed", "a released schema stays: its records are in the log")
        for name in sorted(released - set(schema_paths()))
    ]
