"""A department acknowledges what it was told: one record for each announcement, whoever does it again."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

from consumers.announcements.finder import AnnouncementFinder, FoundAnnouncement
from exchange.desk.actions.acknowledgements import ACKNOWLEDGE
from exchange.desk.actions.drawn import DrawnForm, FormSubject
from exchange.desk.asker import Asker
from exchange.desk.case_document import case_or_empty
from exchange.desk.desk import Desk
from exchange.desk.drawing import form_of
from exchange.desk.publishing.outcome import FormOutcome
from exchange.desk.publishing.publish import publish

NAMESPACE: Final = UUID("0d6c3f0e-5b8e-5c55-9a51-6f1d0f4f2c3a")


def acknowledge(desk: Desk, asker: Asker, department: str, announcement_id: str) -> FormOutcome | None:
    """Publish that a department has seen an announcement; None if it was told nothing with that id.

    Raises:
        NotAllowedError: that is not the asker's to do.
        ExchangeError: a part does not answer, or nothing names the person.
    """
    desk.require(asker, ACKNOWLEDGE.action, {**asker.kept_within, "department": department})
    announced = AnnouncementFinder(desk.settings, department).find(announcement_id)
    if announced is None:
        return None
    form = _drawn(desk, asker, department, announced)
    return publish(desk, asker, form, {"id_number": announced.id_number, "name": announced.name})


def record_id_of(announcement_id: str, department: str) -> str:
    """Return the id of the one record by which a department acknowledges an announcement."""
    return str(uuid5(NAMESPACE, f"{announcement_id}\n{department}"))


def _drawn(desk: Desk, asker: Asker, department: str, announced: FoundAnnouncement) -> DrawnForm:
    """Return the form, if the matter told of is the asker's; what it shows of a person nobody is shown."""
    subject = FormSubject(
        announced.matter,
        announced.instance,
        announcement=announced.announcement_id,
        department=department,
    )
    with desk.session() as session:
        document = case_or_empty(desk, session, announced.case_id)
    desk.require(asker, ACKNOWLEDGE.action, ACKNOWLEDGE.place(document, subject, desk.policy))
    record_id = record_id_of(announced.announcement_id, department)
    return form_of(ACKNOWLEDGE, document, subject, desk.policy, record_id, datetime.now(UTC))
