"""The types of documents: what no schema has is found before anything runs."""

import pytest
from mypy import api

import avro_schemas.typed_documents
from avro_schemas.catalogue import event_names, record_types, schema
from tests.cells import each_cell
from tests.docs.pages import ROOT
from tools.pages.typed_documents import render

LOOK_UPS = {
    'record["crematoin_time"]': 'TypedDict "CremationDocument" has no key "crematoin_time"',
    'record["name"].year': '"str" has no attribute "year"',
    'facts["date_of_deaht"]': 'TypedDict "RecordFacts" has no key "date_of_deaht"',
    'facts["death_time"].year': '"str" has no attribute "year"',
    'case["matters"][0]["instance"].upper()': 'Item "None"',
    'case["matters"][0]["state"] == "REDAY"': "Non-overlapping equality check",
    'record["cremation_time"]["date"].year, record["name"].upper(), task["due"]': "",
}
"""What is looked up, and what the check must say of it: nothing where it is right."""
TYPES = """
from avro_schemas.typed_documents import CaseDocument, CremationDocument, RecordFacts, TaskDocument

def looks(record: CremationDocument, case: CaseDocument, task: TaskDocument, facts: RecordFacts) -> object:
    return (
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What `make check` says of each look-up: all at once, since it takes a second for one as for all."""
    folder = tmp_path_factory.mktemp("checked")
    file = folder / "looks.py"
    file.write_text(TYPES + "\n".join(f"        ({looked_up})," for looked_up in LOOK_UPS) + "\n    )\n")
    settings = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(folder / "cache")]
    lines = api.run([*settings, "--no-pretty", str(file)])[0].splitlines()
    first = TYPES.count("\n") + 1
    return {
        looked_up: "".join(line for line in lines if f"looks.py:{number}:" in line)
        for number, looked_up in enumerate(LOOK_UPS, first)
    }


@pytest.mark.complete
@each_cell(("looked_up", "refused"), LOOK_UPS.items())
def test_a_field_misspelt_or_taken_for_another_type_fails_the_check(
    said: dict[str, str], looked_up: str, refused: str
) -> None:
    """No clerk meets a mistake in a field's name that a machine could have found."""
    assert refused in said[looked_up]
    assert bool(refused) == bool(said[looked_up])


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
