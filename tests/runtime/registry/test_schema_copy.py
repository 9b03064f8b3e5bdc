"""What is read from a registry's export, without a registry."""

import json

from avro_schemas.catalogue import schema
from exchange.runtime.registry.schema_export import as_known, known_from
from tests.exports import export


def test_each_version_is_known_by_its_subject_and_its_schema() -> None:
    """With the version and the id that the registry itself would answer; others keep what is none."""
    tick, move = schema("clock_tick"), schema("person_move")
    exported = export(
        ("a-value", "1", json.dumps(tick)), ("b", "1", "syntax"), ("a-value", "2", json.dumps(move))
    )
    assert known_from(exported) == {("a-value", as_known(tick)): (1, 1), ("a-value", as_known(move)): (2, 3)}


def test_what_is_no_longer_given_out_is_not_known() -> None:
    """So the registry itself is asked about it."""
    assert known_from(export(("a-value", "1", json.dumps(schema("clock_tick"))), state="DISABLED")) == {}
