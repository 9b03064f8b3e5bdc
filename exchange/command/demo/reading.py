"""Waits until the read model holds what was published, and notes who looks at whom."""

from collections.abc import Mapping

from avro_schemas.typed_documents import CaseDocument
from consumers.read_model.case_list import CaseList
from consumers.read_model.rows import shown_fields
from exchange.command.demo.publishing import PublishedCity
from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import PEOPLE
from exchange.desk.desk import open_desk
from exchange.desk.other_looks import note_made_up
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until

CAUGHT_UP_WITHIN_S = 120.0
LOOK_EVERY_S = 0.2


def await_cases(settings: Settings, published: PublishedCity) -> dict[str, CaseDocument]:
    """Return case id → case once every record taken is in its case, or when patience has run out."""
    kept = published.kept
    cases: dict[str, CaseDocument] = {}
    with CaseList(settings) as reader, PEOPLE.status(said("waiting_for_read_model")):

        def caught_up() -> bool:
            cases.update(reader.read(case_id for case_id in kept if not _whole(case_id, kept, cases)))
            return all(_whole(case_id, kept, cases) for case_id in kept)

        wait_until(caught_up, CAUGHT_UP_WITHIN_S, LOOK_EVERY_S)
    return cases


def note_access(settings: Settings, shown: str, cases: Mapping[str, CaseDocument]) -> None:
    """Leave the access records that every look leaves: one for the summary, one for the case and its form."""
    found = [(shown, shown_fields(cases[shown]))] if shown in cases else []
    with open_desk(settings) as desk:
        note_made_up(desk, asker_of("", settings), found)


def _whole(case_id: str, kept: Mapping[str, set[str]], cases: Mapping[str, CaseDocument]) -> bool:
    case = cases.get(case_id)
    return case is not None and kept[case_id] <= {record["record_id"] for record in case["records"]}
