"""Every version reads what every other version wrote, judged offline."""

from typing import Any

from avro_schemas.compatibility import compatibility_findings


def _schema(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "record", "name": "Planted", "namespace": "exchange.records", "fields": list(fields)}


_PLAIN: dict[str, Any] = {"name": "a", "type": "string"}


def _codes(versions: list[dict[str, Any]], new: dict[str, Any]) -> set[str]:
    return {finding.code for finding in compatibility_findings("planted", versions, new)}


def test_a_new_field_without_default_is_not_backward_compatible() -> None:
    """A replay reads records of ten years ago."""
    assert _codes([_schema(_PLAIN)], _schema(_PLAIN, {"name": "b", "type": "string"})) == {"not_backward"}


def test_a_removed_field_without_default_is_not_forward_compatible() -> None:
    """A department that has not updated yet still reads new records."""
    assert _codes([_schema(_PLAIN, {"name": "b", "type": "string"})], _schema(_PLAIN)) == {"not_forward"}


def test_another_type_is_compatible_in_neither_direction() -> None:
    """A number does not become a text."""
    assert _codes([_schema(_PLAIN)], _schema({"name": "a", "type": "long"})) == {
        "not_backward",
        "not_forward",
    }


def test_every_version_counts_not_only_the_latest() -> None:
    """A field that comes back with another type is refused though the version between lacks it."""
    first = _schema(_PLAIN, {"name": "b", "type": ["null", "string"], "default": None})
    second = _schema(_PLAIN)
    third = _schema(_PLAIN, {"name": "b", "type": ["null", "long"], "default": None})
    assert _codes([second], third) == set()
    assert "not_backward" in _codes([first, second], third)
    found = compatibility_findings("planted", [first, second], third)
    assert "version 1" in found[0].message


def test_what_is_no_schema_is_one_finding() -> None:
    """A slip of the keyboard ends as a finding, not as a traceback."""
    assert _codes([_schema(_PLAIN)], _schema({"name": "a", "type": "strnig"})) == {"not_avro"}
