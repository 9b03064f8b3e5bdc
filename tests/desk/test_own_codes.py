"""Codes on a 收件凭证: of an application that whoever gives them out is shown, one for each receipt."""

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any, Final, cast

import pytest

from exchange.desk import look
from exchange.desk.applicant_codes import CodeDesk
from exchange.desk.asker import Asker
from exchange.desk.own_codes import make_code, renewed_code, revoke_codes
from exchange.desk.persons import AskedPerson
from exchange.domain.access.may import WorkPlace
from exchange.domain.applicant_codes import ApplicantCode
from exchange.domain.policy import load_policy
from exchange.runtime.city import City
from exchange.runtime.home import Home
from tests.access_tables import TABLE
from tests.case_documents import case_document, record
from tests.people import LI_XIULAN

CASE: Final = case_document(
    records=[
        record("hukou-1", "hukou_cancellation", "police", county="秦州区"),
        record("before", "application", "service_centre", in_force=False),
        record("now", "application", "service_centre", revision=2, supersedes="before"),
    ],
    applications=[{"record_id": "now"}],
)
LI: Final = AskedPerson(LI_XIULAN, CASE["case_id"])


class LastCodes:
    """Keeps codes as the topic does: the last of each."""

    def __init__(self) -> None:
        self.kept: dict[str, ApplicantCode] = {}

    def read(self) -> list[ApplicantCode]:
        """What was kept."""
        return [*self.kept.values()]

    def keep(self, code: ApplicantCode) -> None:
        """Keep one."""
        self.kept[code.code_hash] = code

    def working(self) -> list[str]:
        """The applications of those that work."""
        return [one.application_id for one in self.read() if one.works]


class OneCase:
    """A desk with one case, whose accesses are kept."""

    policy = load_policy()
    decode_case = None

    def __init__(self) -> None:
        self.noted: list[Any] = []
        self.note = self.noted.append
        self.session = nullcontext

    @staticmethod
    def require(asker: Asker, action: str, about: WorkPlace) -> None:
        """As every desk does."""
        asker.require(action, about, TABLE)


@pytest.fixture
def log() -> LastCodes:
    """Where codes are kept."""
    return LastCodes()


@pytest.fixture
def codes(log: LastCodes, tmp_path: Any) -> CodeDesk:
    """Who makes them."""
    return CodeDesk(Home(tmp_path), City(), cast(Any, log))


@pytest.mark.parametrize(
    ("county", "application", "is_given"),
    [("620502", "now", True), ("620502", "of another", False), ("620503", "now", False)],
)
def test_a_code_is_of_an_application_that_its_giver_is_shown(
    monkeypatch: pytest.MonkeyPatch,
    log: LastCodes,
    codes: CodeDesk,
    county: str,
    application: str,
    *,
    is_given: bool,
) -> None:
    """Given out or taken back, it is noted; of another county's case neither is done."""
    monkeypatch.setattr(look, "find_case", lambda *_: CASE)
    desk: Any = OneCase()
    clerk = Asker("张敏", "window_clerk", {"county": county}, "api")
    made = make_code(desk, codes, clerk, LI, application)
    assert (made is not None, log.working()) == (is_given, ["now"] if is_given else [])
    assert revoke_codes(desk, codes, clerk, LI, application) == (1 if is_given else None)
    assert log.working() == []
    assert [(one.action, one.case_ids) for one in desk.noted] == [("apply", (CASE["case_id"],))] * 2


def test_a_receipt_printed_again_ends_the_code_of_the_one_that_was_lost(
    log: LastCodes, codes: CodeDesk
) -> None:
    """Also of the application before it was amended; another application's code goes on."""
    clerk = Asker("张敏", "window_clerk", {}, "api")
    for before in ("before", "now", "of another"):
        codes.create(before, CASE["case_id"], clerk, datetime.now(UTC))
    renewed_code(codes, clerk, CASE, "now")
    assert log.working() == ["of another", "now"]
