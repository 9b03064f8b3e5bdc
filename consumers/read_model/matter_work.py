"""What a queue needs of each matter of a case, from the case document alone: pure.

What can be worked out when it is asked for is not here: working days, tasks, in whose hands it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from avro_schemas.typed_documents import (
    ApplicationEntryDocument,
    CaseDocument,
    MatterDocument,
    RecordEntryDocument,
)
from exchange.domain.case_counties import own_county_in, persons_county_in
from exchange.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class MatterWork:
    """One matter.

    Attributes:
        handled_in: the county whose department has it, as announcements and tasks say it.
        since: when the last of its proofs, applications and results was recorded; without any, when the
            death was established.
        due: the last day of its limit, while that runs.
        days_left: the working days left of a paused limit.
        channel: by which the last application for it came.
    """

    handled_in: str | None
    since: datetime | None
    due: date | None
    days_left: int | None
    channel: str | None


def matter_work(document: CaseDocument, policy: Policy) -> tuple[MatterWork, ...]:
    """Return a row for every matter of a case, in the order of its matters."""
    records = {entry["record_id"]: entry for entry in document["records"]}
    persons = persons_county_in(document, policy)
    last = _last_applications(document)
    return tuple(
        _work(matter, document, records, last.get(matter["matter"]), persons)
        for matter in document["matters"]
    )


def _work(
    matter: MatterDocument,
    document: CaseDocument,
    records: Mapping[str, RecordEntryDocument],
    application: ApplicationEntryDocument | None,
    persons_county: str | None,
) -> MatterWork:
    proofs = [records[one] for one in matter["proofs"] if one in records]
    limit = matter["limit"]
    moments = [
        *(one["recorded_at"] for one in proofs),
        *(one["recorded_at"] for one in matter["results"]),
        *([application["recorded_at"]] if application else ()),
    ]
    return MatterWork(
        handled_in=own_county_in(matter, proofs) or persons_county,
        since=max(moments, default=document["established_at"]),
        due=matter["due"],
        days_left=limit["days_left"] if limit and not matter["due"] else None,
        channel=application and application["channel"],
    )


def _last_applications(document: CaseDocument) -> dict[int, ApplicationEntryDocument]:
    """Return matter → the last application in force that asks for it."""
    return {
        matter: one
        for one in sorted(document["applications"], key=lambda one: one["recorded_at"])
        for matter in one["matters"]
    }
