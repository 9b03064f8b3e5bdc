"""The types of documents: what no schema has is found before anything runs."""

from pathlib import Path

import pytest
from mypy import api

import avro_schemas.typed_documents
from avro_schemas.catalogue import event_names, record_types, schema
from tests.docs.pages import ROOT
from tools.pages.typed_documents import render

LOOKS = """
from avro_schemas.typed_documents import CaseDocument, CremationDocument, RecordFacts, TaskDocument

def looks(record: CremationDocument, case: CaseDocument, task: TaskDocument, facts: RecordFacts) -> object:
    return {}
"""


def checked(folder: Path, looked_up: str) -> str:
    """What `make check` says of a look-up."""
    file = folder / "looks.py"
    file.write_text(LOOKS.format(looked_up), encoding="utf-8")
    settings = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(folder / "cache")]
    said, _, _ = api.run([*settings, str(file)])
    return said


@pytest.mark.parametrize(
    ("looked_up", "refused"),
    [
        ('record["crematoin_time"]', 'TypedDict "CremationDocument" has no key "crematoin_time"'),
        ('record["name"].year', '"str" has no attribute "year"'),
        ('facts["date_of_deaht"]', 'TypedDict "RecordFacts" has no key "date_of_deaht"'),
        ('facts["death_time"].year', '"str" has no attribute "year"'),
        ('case["matters"][0]["instance"].upper()', 'Item "None"'),
        ('case["matters"][0]["state"] == "REDAY"', "Non-overlapping equality check"),
        ('record["cremation_time"]["date"].year, record["name"].upper(), task["due"]', ""),
    ],
)
def test_a_field_misspelt_or_taken_for_another_type_fails_the_check(
    tmp_path: Path, looked_up: str, refused: str
) -> None:
    """No clerk meets a mistake in a field's name that a machine could have found."""
    said = checked(tmp_path, looked_up)
    assert refused in said
    assert bool(refused) == ("Success" not in said)


def test_every_schema_has_its_type_with_every_field() -> None:
    """A field that is new in a schema can be looked up, once `make docs` has run."""
    text = render()
    for name in (*record_types(), *event_names()):
        body = text.partition(f"class {schema(name)['name']}Document(")[2].partition("\nclass ")[0]
        header = text.partition("class RecordHeaderDocument(")[2].partition("\nclass ")[0]
        for field in schema(name)["fields"]:
            assert f"    {field['name']}: " in body + header


def test_at_run_time_a_document_is_a_dict_and_a_symbol_a_text() -> None:
    """Types cost nothing where nobody asks them anything."""
    assert avro_schemas.typed_documents.CaseDocument is dict
    assert avro_schemas.typed_documents.RecordFacts is dict
    assert avro_schemas.typed_documents.ActionSymbol is str
    with pytest.raises(AttributeError):
        _ = avro_schemas.typed_documents.Case  # type: ignore[attr-defined]
