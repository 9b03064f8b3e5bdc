"""Pages made of more than a look show no more of a case than a look does."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, Final

import pytest

from consumers.read_model.task_reader import DONE
from exchange.desk import look, progress, recalls
from exchange.desk.asker import Asker
from exchange.desk.persons import AskedPerson
from exchange.domain.access.may import WorkPlace
from exchange.domain.case_disclosure import ShownCase
from exchange.domain.policy import load_policy
from exchange.runtime.city import City
from tests.access_tables import TABLE
from tests.case_documents import case_document, filled, matter, record, task_document
from tests.people import LI_XIULAN

CITY: Final = City()
CASE: Final = case_document(
    records=[record("hukou-1", "hukou_cancellation", "police", county="秦州区")],
    matters=[matter(3, "police", "READY")],
)


class OneCase:
    """A desk with one case, whose accesses are kept."""

    policy = load_policy()
    settings = SimpleNamespace(city=CITY)
    decode_case = None

    def __init__(self) -> None:
        self.noted: list[Any] = []
        self.note = self.noted.append
        self.session = nullcontext

    @staticmethod
    def require(asker: Asker, action: str, about: WorkPlace) -> None:
        """As every desk does."""
        asker.require(action, about, TABLE)


@pytest.mark.parametrize(("county", "is_shown"), [("620502", True), ("620503", False), (None, True)])
def test_a_clerk_reads_the_familys_page_of_the_own_countys_people(
    monkeypatch: pytest.MonkeyPatch, county: str | None, *, is_shown: bool
) -> None:
    """Of others' not even that it is there; each request is noted."""
    monkeypatch.setattr(look, "find_case", lambda *_: CASE)
    audience = CITY.family.audience("applicant")
    assert audience is not None
    desk: Any = OneCase()
    clerk = Asker("张敏", "window_clerk", {} if county is None else {"county": county}, "console")
    person = AskedPerson(LI_XIULAN, CASE["case_id"])
    found = progress.read_progress(desk, clerk, person, progress.ProgressRequest(audience))
    assert (found is not None) is is_shown
    assert [one.case_ids for one in desk.noted] == [(CASE["case_id"],)]


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_recall_tells_of_others_only_how_many(monkeypatch: pytest.MonkeyPatch, *, is_shown: bool) -> None:
    """And of a case that its department is shown no more, what there is to acknowledge and nothing else."""
    own = task_document(county="秦州区")
    others = [
        task_document(f"task {number}", owed_by=department, state=state)
        for number, (department, state) in enumerate(
            [("health", DONE), ("justice", DONE), ("justice", "OPEN"), ("medical_insurance", "OPEN")]
        )
    ]
    document = {**CASE, "form": {"deceased": {"name": filled("李秀兰")}}}
    monkeypatch.setattr(recalls, "first_tasks", lambda *_: [own])
    monkeypatch.setattr(recalls, "find_tasks", lambda *_, **__: [own, *others])
    monkeypatch.setattr(recalls, "read_shown", lambda *_: ShownCase(document) if is_shown else None)  # type: ignore[arg-type]
    police = Asker("周敏", "department_handler", {"department": "police"}, "console")
    (found,) = recalls.recalls(OneCase(), police)  # type: ignore[arg-type]
    told = (found.name, found.county, len(found.matters), found.others_done, found.others_waiting)
    assert told == (("李秀兰", "秦州区", 1, 1, 2) if is_shown else (None, None, 0, 0, 0))
    assert found.tasks == (own,)
