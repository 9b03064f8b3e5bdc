"""What the window did in a case, as people read it: 初审, 出件, 预约 and 诉求."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from rich.table import Table

from avro_schemas.typed_documents import (
    AppointmentEntryDocument,
    CaseDocument,
    EnquiryEntryDocument,
    ExaminationEntryDocument,
    HandoverEntryDocument,
)
from consumers.labels.words import for_people, in_lines, in_local_time, local_time, material_words, words
from exchange.command.views.sheet import Sheet
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
EXAMINATIONS: Final = LABELS["examinations"]
HANDOVERS: Final = LABELS["handovers"]
APPOINTMENTS: Final = LABELS["appointments"]
ENQUIRIES: Final = LABELS["enquiries"]
COLUMNS: Final = (LABELS["when"], LABELS["what"], LABELS["handler"])
ABOUT: Final = LABELS["about"]
IN_ORDER: Final = LABELS["in_order"]
TO_CORRECT: Final = LABELS["to_correct"]
PUT_RIGHT: Final = LABELS["put_right"]
SIGHTED: Final = LABELS["sighted"]
DELIVERY: Final = LABELS.table("delivery")
CHANNELS: Final = LABELS.table("channels")
OPEN: Final = LABELS["open"]
CLOSED: Final = LABELS["closed"]


_WindowRow = tuple[datetime, list[str], str | None, list[str]]
"""When, what, the handler, and the ids of what it is about."""


class WindowTables(Sheet):
    """Tells the window's records in one language first; times are Asia/Shanghai's."""

    def tables(self, document: CaseDocument) -> Iterator[Table]:
        """Yield a table for each kind of record that the case has; one of an earlier version has none."""
        for title, rows in (
            (EXAMINATIONS, [self._examination(one) for one in document.get("examinations", ())]),
            (HANDOVERS, [self._handover(one) for one in document.get("handovers", ())]),
            (APPOINTMENTS, [self._appointment(one) for one in document.get("appointments", ())]),
            (ENQUIRIES, [self._enquiry(one) for one in document.get("enquiries", ())]),
        ):
            if rows:
                yield self._table(title, rows)

    def _table(self, title: Words, rows: Iterable[_WindowRow]) -> Table:
        table = self.table(title, COLUMNS)
        table.add_column(self.say(ABOUT), no_wrap=True)
        for at, what, handler, about in rows:
            table.add_row(local_time(at), "\n".join(what), for_people(handler or ""), "\n".join(about))
        return table

    def _examination(self, one: ExaminationEntryDocument) -> _WindowRow:
        standing = TO_CORRECT if one["open"] else PUT_RIGHT if one["to_correct"] else IN_ORDER
        seen = [
            self.say(SIGHTED.filled(material=name) if each["original_sighted"] else name)
            for each in one["materials"]
            for name in (material_words(each["kind"], self.policy),)
        ]
        what = [self.both(standing), *map(in_lines, one["to_correct"]), *seen]
        return one["recorded_at"], what, one["handler"], [one["application"] or ""]

    def _handover(self, one: HandoverEntryDocument) -> _WindowRow:
        what = [self.both(words(DELIVERY, one["delivery"]))]
        what += [for_people(said) for said in (one["postal_no"], one["recipient_name"]) if said]
        return one["recorded_at"], what, one["handler"], one["results"]

    def _appointment(self, one: AppointmentEntryDocument) -> _WindowRow:
        how = [self.both(words(CHANNELS, one["channel"]))] if one["channel"] else []
        where = [for_people(said) for said in (one["place"], one["applicant_name"]) if said]
        return one["scheduled_at"], how + where, one["handler"], [one["application"] or ""]

    def _enquiry(self, one: EnquiryEntryDocument) -> _WindowRow:
        closed = one["closed_at"]
        standing = self.say(CLOSED.filled(at=in_local_time(closed))) if closed else self.both(OPEN)
        what = [standing, in_lines(one["text"]), *([in_lines(one["reply"])] if one["reply"] else [])]
        about = [] if one["matter"] is None else [self.matter(one["matter"], None)]
        return one["recorded_at"], what, one["handler"], [one["record_id"], *about]
