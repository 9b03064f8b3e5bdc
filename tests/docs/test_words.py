"""The glossary and the page of records have every word, and both READMEs say the same."""

from typing import get_args

from avro_schemas.catalogue import record_types, schema
from consumers.labels.rulings import DECISION_KINDS, STANDINGS, TASK_KINDS, TASK_STATES
from consumers.labels.words import FIELD_STATES, LIMIT_STATES, MATERIAL_STATES, STATES
from exchange.domain.matters.views import MatterState
from exchange.domain.policy import load_policy
from exchange.domain.values import ReceiptStatus
from tests.docs.pages import DOCS, README, README_ZH, blocks, headings, links
from topics.catalogue import load_catalogue

GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")


def row(identifier: str, term: str) -> str:
    """How a row of the glossary begins."""
    return f"| {identifier} | {term} |"


def page_led_to(place: str) -> str:
    """What stands on a reference page to which the glossary leads."""
    assert f"(reference/{place})" in GLOSSARY
    return (DOCS / "reference" / place.partition("#")[0]).read_text(encoding="utf-8")


def test_the_page_of_records_names_every_type_with_the_term_of_its_schema() -> None:
    """Departments and programmers mean the same by a word; the glossary leads there."""
    page = page_led_to("records.md#records")
    for name in record_types():
        assert row(f"`{name}`", schema(name)["doc"].partition(":")[0]) in page


def test_the_pages_that_the_glossary_leads_to_have_every_department_matter_and_material() -> None:
    """A clerk finds the code of each department, and the number of each matter and kind of material."""
    departments, policy = load_catalogue().departments.values(), load_policy()
    for department in departments:
        assert row(f"`{department.code}`", department.name_zh) in page_led_to("topics.md#departments")
        assert f"| `{department.role}` |" in GLOSSARY
    for matter in policy.matters:
        assert row(str(matter.matter), matter.term) in page_led_to("matters.md#the-matters-事项")
    for kind, material in policy.materials.items():
        assert row(str(kind), material.term) in page_led_to("matters.md#materials-材料")


def test_the_glossary_has_every_state_and_status() -> None:
    """What a screen shows is explained, in the words that the screen uses."""
    for state in get_args(MatterState):
        assert row(f"`{state}`", STATES[state].zh) in GLOSSARY
    tables = (MATERIAL_STATES, LIMIT_STATES, FIELD_STATES, TASK_KINDS, TASK_STATES, DECISION_KINDS, STANDINGS)
    for table in tables:
        for state, said in table.items():
            assert row(f"`{state}`", said.zh) in GLOSSARY
    for status in get_args(ReceiptStatus):
        assert f"| `{status}` |" in GLOSSARY.partition("## Statuses of a receipt")[2]


def test_both_readmes_have_the_same_parts_commands_records_and_links() -> None:
    """Readers of Chinese are told no less than readers of English."""
    assert [mark.split()[0] for mark in headings(README)] == [mark.split()[0] for mark in headings(README_ZH)]
    for info in ("sh", "json record"):
        english, chinese = ([block.lines for block in blocks(page, info)] for page in (README, README_ZH))
        assert english == chinese
    pointed = [set(links(page)) - {README.name, README_ZH.name} for page in (README, README_ZH)]
    assert pointed[0] == pointed[1]
    said = [page.read_text(encoding="utf-8") for page in (README, README_ZH)]
    assert said[0].count("\n- **") == said[1].count("\n- **")
