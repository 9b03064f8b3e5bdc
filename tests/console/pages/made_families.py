"""What made-up families are told."""

from datetime import date, datetime
from typing import Final

from consumers.family.looks import FamilyLook
from consumers.family.progress import open_matters, progress_of
from consumers.guide.text import contacts_of
from consumers.statistics.report import Statistics, StatisticsFilter
from exchange.console.pages.family.progress import ToldFamily
from tests.cases import Given, applied, document, given, resulted
from tests.console.pages.made_frames import CITY

CARD: Final = "6217003860000123456"
PAPERS: Final = [{"kind": kind, "original_sighted": False} for kind in (8, 9)]
RECORDS: Final = (
    *(given("death_certificate"), given("medical_insurance"), given("social_insurance")),
    *(given("bank_deposit"), applied(3, 4, 7, 9, 10, materials=PAPERS)),
    resulted(7, "COMPLETED", amount_fen=123_405, document_no="天医〔2026〕7号"),
    resulted(9, "REJECTED", reason=f"请核对银行卡 {CARD}"),
)
"""A family with something in most situations, an amount, a document, a bank and a reason."""
LOOKS: Final = (
    FamilyLook(date(2026, 3, 24), "window_clerk", None, "look"),
    FamilyLook(date(2026, 3, 20), "department_handler", "justice", "look"),
)


def told(*records: Given, audience: str = "applicant") -> ToldFamily:
    """What a family of these records is told, or the one above."""
    case = document(*(records or RECORDS))
    application = case["applications"][-1] if case["applications"] else None
    reader = CITY.family.audience(audience)
    assert reader is not None
    view = progress_of(case, application, reader, CITY.family, CITY.policy, date(2026, 3, 25))
    contacts = contacts_of(open_matters(view), CITY.guide, CITY.policy)
    return ToldFamily(view, contacts, LOOKS)


def statistics(county: str | None = None) -> Statistics:
    """Statistics with something of everything, one county withheld."""
    share = {"decided": 90, "on_time": 81, "overdue": 10, "share": 0.81}
    hidden = dict.fromkeys(share)
    return Statistics(
        as_of=datetime.fromisoformat("2026-03-31T16:00:00+08:00"),
        asked=StatisticsFilter(county=county),
        totals={"cases": 1200, "applications": 960, "materials_saved": 2310, "visits_saved": 745},
        states=(
            {"matter": 3, "state": "COMPLETED", "count": 700},
            {"matter": 3, "state": "ACCEPTED", "count": 60},
            {"matter": 3, "state": "NOT_APPLICABLE", "count": 12},
            {"matter": 4, "state": "WAITING", "count": 300},
            {"matter": 4, "state": "READY", "count": 150},
            {"matter": 4, "state": "APPLIED", "count": 40},
            {"matter": 4, "state": "COMPLETED", "count": 320},
            {"matter": 4, "state": "SUSPENDED", "count": 8},
            {"matter": 9, "state": "REJECTED", "count": 6},
            {"matter": 9, "state": "COMPLETED", "count": None},
        ),
        days=(
            {"matter": 3, "count": 700, "days_median": 9.0, "days_p90": 17.5},
            {"matter": 4, "count": 320, "days_median": 31.0, "days_p90": 40.5},
            {"matter": 9, "count": None, "days_median": None, "days_p90": None},
        ),
        on_time=(
            {"department": "police", "county": None, "whole": True, **share},
            {"department": "police", "county": "秦州区", "whole": False, **share},
            {"department": "police", "county": "清水县", "whole": False, **hidden},
            {"department": "justice", "county": None, "whole": True, **share, "share": 1.0},
        ),
        channels=({"channel": "ONLINE", "count": 600}, {"channel": "WINDOW", "count": 360}),
    )
