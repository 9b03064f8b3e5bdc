"""The window's work as the plain documents of a case: 初审, 出件, 预约 and 诉求."""

from datetime import datetime

from avro_schemas.typed_documents import (
    AppointmentEntryDocument,
    EnquiryEntryDocument,
    ExaminationEntryDocument,
    HandoverEntryDocument,
)
from exchange.domain.records.findings import Facts
from exchange.domain.views import Case
from exchange.domain.window import current_ids


def examinations(case: Case) -> list[ExaminationEntryDocument]:
    """Return the examinations in force."""
    found = case.facts.live.get("examination", ())
    current = current_ids("application", case.facts) if found else {}
    each = (one for view in case.matters for one in view.applications) if found else ()
    asking = {one.asked_back.record_id for one in each if one.asked_back}
    return [
        {
            "record_id": one.record_id,
            "recorded_at": datetime.fromisoformat(one.recorded_at),
            "application": current.get(one.facts["application"], one.facts["application"]),
            "materials": [
                {"kind": seen["kind"], "original_sighted": seen.get("original_sighted", False)}
                for seen in one.facts.get("materials") or ()
            ],
            "to_correct": list(one.facts.get("to_correct") or ()),
            "open": one.record_id in asking,
            "handler": one.facts.get("handler"),
        }
        for one in found
    ]


def handovers(facts: Facts) -> list[HandoverEntryDocument]:
    """Return what was given out or mailed."""
    found = facts.live.get("handover", ())
    current = current_ids("result", facts) if found else {}
    return [
        {
            "record_id": one.record_id,
            "recorded_at": datetime.fromisoformat(one.recorded_at),
            "results": [current.get(named, named) for named in one.facts["results"]],
            "delivery": one.facts["delivery"],
            "postal_no": one.facts.get("postal_no"),
            "recipient_name": one.facts.get("recipient_name"),
            "handler": one.facts.get("handler"),
        }
        for one in found
    ]


def appointments(facts: Facts) -> list[AppointmentEntryDocument]:
    """Return the appointments that were not cancelled, past ones among them."""
    found = facts.live.get("appointment", ())
    current = current_ids("application", facts) if found else {}
    return [
        {
            "record_id": one.record_id,
            "recorded_at": datetime.fromisoformat(one.recorded_at),
            "scheduled_at": datetime.fromisoformat(one.facts["scheduled_at"]),
            "place": one.facts["place"],
            "channel": one.facts.get("channel"),
            "application": (named := one.facts.get("application")) and current.get(named, named),
            "applicant_name": one.facts.get("applicant_name"),
            "handler": one.facts.get("handler"),
        }
        for one in found
    ]


def enquiries(facts: Facts) -> list[EnquiryEntryDocument]:
    """Return the enquiries, closed ones among them."""
    return [
        {
            "record_id": one.record_id,
            "recorded_at": datetime.fromisoformat(one.recorded_at),
            "text": one.facts["text"],
            "matter": one.facts.get("matter"),
            "reply": one.facts.get("reply"),
            "closed_at": one.facts.get("closed_at"),
            "handler": one.facts.get("handler"),
        }
        for one in facts.live.get("enquiry", ())
    ]
