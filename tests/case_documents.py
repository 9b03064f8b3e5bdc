"""A case and an announcement made by hand, as the topics hold them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.people import LI_XIULAN, WANG_JIANGUO

ESTABLISHED_AT = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
PHONE = "13812345678"
CARD = "6217003860000123456"
SOURCE = {"department": "health", "record_id": "certificate-1", "revision": 1, "recorded_at": ESTABLISHED_AT}
BANK = "甘肃银行"
NO_PAPER = {"sha256": None, "original_sighted": False, "required": True}


def filled(value: str | None, state: str = "prefilled") -> dict[str, Any]:
    """A field of the form."""
    return {"value": value, "state": state, "source": dict(SOURCE) if value is not None else None}


def record(record_id: str, record_type: str, department: str, **more: object) -> dict[str, Any]:
    """An entry of a case's records."""
    return {
        "record_id": record_id,
        "type": record_type,
        "action": "ISSUED",
        "revision": 1,
        "supersedes": None,
        "department": department,
        "county": None,
        "recorded_at": ESTABLISHED_AT,
        "in_force": True,
        "held": False,
        "duplicate_of": None,
        "moved_to": None,
        "backfill": False,
        **more,
    }


def matter(number: int, department: str, state: str, **more: object) -> dict[str, Any]:
    """A matter of a case."""
    return {
        "matter": number,
        "instance": None,
        "department": department,
        "state": state,
        "waiting_for": [],
        "materials": [
            {"kind": 1, "state": "missing", "proof": None, **NO_PAPER},
            {"kind": 4, "state": "verified_by_data", "proof": "certificate-1", **NO_PAPER},
        ],
        "due": None,
        "limit": None,
        "results": [],
        "proofs": ["certificate-1"],
        "recovery": False,
        "way_out": None,
        "applications": [],
        **more,
    }


def decision(kind: str, standing: str = "IN_FORCE", **more: object) -> dict[str, Any]:
    """A handler's decision."""
    return {
        "record_id": "decision-1",
        "kind": kind,
        "standing": standing,
        "matter": None,
        "instance": None,
        "in_favour_of": None,
        "handler": "窗口 03 张敏",
        "reason": "家属提供村委会证明",
        "recorded_at": ESTABLISHED_AT,
        **more,
    }


def task_document(task_id: str = "task-1", case_id: str = "0" * 31 + "1", **more: object) -> dict[str, Any]:
    """A withdrawal that the police have to acknowledge by the next day."""
    return {
        "task_id": task_id,
        "case_id": case_id,
        "kind": "ACKNOWLEDGE",
        "state": "OPEN",
        "owed_by": "police",
        "matter": 3,
        "instance": None,
        "county": None,
        "subject": "announcement-1",
        "records": [],
        "opened_at": ESTABLISHED_AT,
        "due": ESTABLISHED_AT + timedelta(days=1),
        "at": ESTABLISHED_AT,
        **more,
    }


def case_document(case_id: str = "0" * 31 + "1", **more: object) -> dict[str, Any]:
    """A case with a death, a conflict on the number, a matter that waits, and an applicant."""
    fund = {"prerequisite": "provident_fund", "owed_by": ["provident_fund"], "since": ESTABLISHED_AT}
    return {
        "case_id": case_id,
        "death_established": True,
        "established_at": ESTABLISHED_AT,
        "corroborated_by": ["cremation"],
        "forwards_to": None,
        "records": [
            record("certificate-1", "death_certificate", "health"),
            record("cremation-1", "cremation", "civil_affairs", in_force=False, duplicate_of="cremation-0"),
        ],
        "conflicts": [conflict("deceased.id_number", LI_XIULAN, WANG_JIANGUO)],
        "decisions": [],
        "matters": [
            matter(3, "police", "READY"),
            matter(8, "provident_fund", "WAITING", waiting_for=[fund]),
            matter(10, "financial_regulation", "READY", instance=BANK),
        ],
        "requests": [],
        "form": form(),
        "applications": [application()],
        "examinations": [],
        "handovers": [],
        "appointments": [],
        "enquiries": [],
        **more,
    }


def conflict(field: str, *values: str, rule: str = "", decisive: bool = False) -> dict[str, Any]:
    """A field on which records disagree."""
    return {
        "rule": rule,
        "decisive": decisive,
        "field": field,
        "matter": None,
        "instance": None,
        "values": [
            {"value": value, "record_id": "r", "department": "health", "recorded_at": ESTABLISHED_AT}
            for value in values
        ],
    }


def application() -> dict[str, Any]:
    """An application in force, with its own part of the form."""
    return {
        "record_id": "application-1",
        "revision": 1,
        "recorded_at": ESTABLISHED_AT,
        "matters": [3, 10],
        "channel": "WINDOW",
        "window": "综合受理3号窗口",
        "delivery": "MAIL",
        "handler": "综窗03",
        **{section: form()[section] for section in ("applicant", "accounts")},
    }


def form() -> dict[str, Any]:
    """A form with one sensitive field and one that is not in each section."""
    return {
        "deceased": {
            "name": filled("李秀兰"),
            "id_number": filled(LI_XIULAN),
            "death_time": filled("2026-01-03T20:15:00.000000Z"),
        },
        "applicant": {
            "name": filled("王建国"),
            "id_number": filled(WANG_JIANGUO),
            "phone": filled(PHONE),
            "residential_address": filled(None, "for_applicant"),
        },
        "accounts": {"card_bank_name": filled(BANK), "card_account_no": filled(CARD)},
    }


def announcement_document(
    announcement_id: str = "announcement-1", case_id: str = "0" * 31 + "1", **more: object
) -> dict[str, Any]:
    """An announcement to the police: the hukou may be cancelled."""
    return {
        "id": announcement_id,
        "case_id": case_id,
        "department": "police",
        "matter": 3,
        "instance": None,
        "county": None,
        "transition": "READY",
        "at": ESTABLISHED_AT,
        "correction": False,
        "proofs": ["certificate-1"],
        "reminds_of": None,
        "due": None,
        "draft": {"deceased.name": filled("李秀兰"), "deceased.id_number": filled(LI_XIULAN)},
        "materials": [],
        "policy": None,
        **more,
    }


UNKNOWN_AT_FIRST = (
    *("warnings", "returned", "to_correct", "answer", "required", "way_out", "application"),
    *("asked_back", "window", "delivery", "examinations", "handovers", "appointments", "enquiries"),
)
"""Fields that the first version's cases did not have."""


def as_at_first(value: Any) -> Any:
    """A document as the first version had it."""
    if isinstance(value, dict):
        of_matters = ("applications",) if "waiting_for" in value else ()
        of_all_but_decisions = () if "in_favour_of" in value else ("standing", "handler")
        unknown = {*UNKNOWN_AT_FIRST, *of_matters, *of_all_but_decisions}
        return {name: as_at_first(inner) for name, inner in value.items() if name not in unknown}
    return [*map(as_at_first, value)] if isinstance(value, list) else value
