"""From a department's JSON to a case in one step: accept → fold → case, with no broker in between."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from avro_schemas.catalogue import Document
from exchange.domain.case import case_of
from exchange.domain.documents import case_document
from exchange.domain.fold import Folded, consequences, fold
from exchange.domain.policy import Policy, load_policy
from exchange.domain.values import CaseState, Position
from exchange.domain.views import Announcement, Case
from tests.people import LI_XIULAN, id_number
from topics.catalogue import Catalogue, load_catalogue
from verification.acceptance import Accepted, accept

CASE_ID = "0" * 32
TAKEN_AT = datetime(2027, 1, 10, tzinfo=UTC)
NAME = "李秀兰"
HEIR = {"name": "王小明", "id_number": id_number(sequence=71)}
DEATH = "2026-03-01T08:00:00+08:00"

Given = tuple[str, Mapping[str, Any]]
"""Record type and the record as JSON has it."""

_BEFORE = "2025-12-01T09:00:00+08:00"
_REQUIRED: Mapping[str, Mapping[str, Any]] = {
    "death_certificate": {"death_time": DEATH, "death_cause": "脑出血"},
    "abnormal_death": {"death_time": DEATH, "case_no": "天公〔2026〕7号"},
    "death_declaration": {"declared_death_date": "2026-03-01", "judgment_no": "民特1号"},
    "cremation": {
        "death_time": DEATH,
        "cremation_time": "2026-03-03T10:00:00+08:00",
        "cremation_place": "天水市殡仪馆",
    },
    "hukou_cancellation": {"cancelled_at": "2026-03-09"},
    "social_insurance": {"scheme": "EMPLOYEE_PENSION", "receiving_benefit": True, "account_balance_fen": 100},
    "medical_insurance": {"scheme": "EMPLOYEE", "account_balance_fen": 100},
    "provident_fund": {"account_no": "0938", "balance_fen": 100, "status": "SEALED"},
    "notary": {"kind": "WILL", "deed_no": "公证1号"},
    "driving_licence": {"licence_no": LI_XIULAN, "status": "VALID"},
    "equity": {},
    "bank_deposit": {"bank_name": "甘肃银行", "account_no_tail": "0001", "balance_fen": 100},
    "application": {"applicant": HEIR, "matters": [9]},
    "acknowledgement": {"department": "justice"},
    "decision": {"kind": "MATTER_NOT_APPLICABLE", "handler": "综窗03", "reason": "土葬"},
    "result": {"outcome": "COMPLETED"},
    "examination": {},
    "handover": {"delivery": "WINDOW"},
    "appointment": {"scheduled_at": "2026-03-25T09:00:00+08:00", "place": "综合受理3号窗口"},
    "enquiry": {"text": "何时办结？"},
}
_RECORDED = {
    "death_certificate": "2026-03-02T09:00:00+08:00",
    "abnormal_death": "2026-03-02T10:00:00+08:00",
    "death_declaration": "2026-03-04T09:00:00+08:00",
    "cremation": "2026-03-03T11:00:00+08:00",
    "hukou_cancellation": "2026-03-10T09:00:00+08:00",
    "application": "2026-03-20T09:00:00+08:00",
    "acknowledgement": "2026-03-21T09:00:00+08:00",
    "decision": "2026-03-05T09:00:00+08:00",
    "result": "2026-04-01T09:00:00+08:00",
    "examination": "2026-03-20T10:00:00+08:00",
    "handover": "2026-04-02T09:00:00+08:00",
    "appointment": "2026-03-18T09:00:00+08:00",
    "enquiry": "2026-03-23T09:00:00+08:00",
}


def given(record_type: str, label: str = "", **fields: Any) -> Given:
    """A record that stands; its id follows from type and label, so that a case is the same every time."""
    record = {
        "record_id": record_id(record_type, label),
        "recorded_at": _RECORDED.get(record_type, _BEFORE),
        "id_number": LI_XIULAN,
        "name": NAME,
        **_REQUIRED.get(record_type, {}),
        **fields,
    }
    return record_type, {name: value for name, value in record.items() if value is not None}


def record_id(record_type: str, label: str = "") -> str:
    """The id of the record that `given` makes for these."""
    return str(uuid5(NAMESPACE_URL, f"{record_type}/{label}"))


def next_of(record: Given, action: str, label: str, **fields: Any) -> Given:
    """The document's next revision: AMENDED or REVOKED, an hour later unless said otherwise."""
    record_type, before = record
    succession = {
        "record_id": record_id(record_type, label),
        "action": action,
        "supersedes": before["record_id"],
        "revision": before.get("revision", 1) + 1,
    }
    return record_type, {**before, **succession, **fields}


def applied(*matters: int, label: str = "", **fields: Any) -> Given:
    """The family's application for matters."""
    return given("application", label, matters=list(matters), **fields)


def resulted(matter: int, outcome: str = "COMPLETED", label: str = "", **fields: Any) -> Given:
    """A result by the department that decides the matter."""
    decides = next(entry.decides for entry in load_policy().matters if entry.matter == matter)
    label = f"{matter} {outcome} {label}"
    return given("result", label, department=decides, matter=matter, outcome=outcome, **fields)


def examined(application: Given, *to_correct: str, label: str = "", **fields: Any) -> Given:
    """What the window found in an application, and what has to be put right, if anything."""
    own = {"application": application[1]["record_id"], "to_correct": list(to_correct) or None}
    return given("examination", label, **own, **fields)


def handed_over(*results: Given, label: str = "", **fields: Any) -> Given:
    """What says that results were given out, or mailed where a number is given."""
    own = {"results": [one[1]["record_id"] for one in results]}
    delivery = {"delivery": "MAIL"} if "postal_no" in fields else {}
    return given("handover", label, **own, **delivery, **fields)


def accepted(record: Given, policy: Policy | None = None, catalogue: Catalogue | None = None) -> Accepted:
    """The record as acceptance lets it in; a test that means a refusal does not ask here."""
    record_type, raw = record
    owner = (catalogue or load_catalogue()).owner_of(record_type) or raw["department"]
    rules = (policy or load_policy()).acceptance
    verdict = accept(record_type, raw, owner=owner, rules=rules, taken_at=TAKEN_AT)
    assert isinstance(verdict, Accepted), verdict
    return verdict


def take(state: CaseState, record: Given, offset: int, taken_at: str | None = None) -> Folded:
    """Fold one record, as the log would hold it at this offset."""
    position = Position(f"records.{record[0]}", 0, offset)
    return fold(state, accepted(record), position, taken_at or at(offset))


def at(offset: int) -> str:
    """When the log took what stands at an offset."""
    return f"2026-07-01T00:{offset // 60:02d}:{offset % 60:02d}.000000Z"


def state_of(records: Iterable[Given]) -> CaseState:
    """The state after records in this order."""
    state = CaseState(CASE_ID)
    for offset, record in enumerate(records):
        state = take(state, record, offset).state
    return state


def case(*records: Given) -> Case:
    """The case of records in this order."""
    return case_of(state_of(records), load_policy())


def document(*records: Given) -> Document:
    """The case of records as readers get it."""
    return case_document(case(*records))


def matter(of: Document, number: int, instance: str | None = None) -> Document:
    """One matter of a case; there is exactly one of the number and instance."""
    (found,) = (m for m in of["matters"] if (m["matter"], m["instance"]) == (number, instance))
    return dict(found)


def tell(records: Iterable[Given], policy: Policy | None = None) -> tuple[CaseState, list[Announcement]]:
    """The state after records and everything that departments were told on the way, in order."""
    state, told = CaseState(CASE_ID), []
    for offset, record in enumerate(records):
        folded = take(state, record, offset)
        if folded.state is state:
            continue
        found = consequences(folded.state, policy or load_policy(), at(offset))
        state = found.state
        told += found.announcements
    return state, told
