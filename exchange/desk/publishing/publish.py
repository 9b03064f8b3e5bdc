"""Sends a form: one lock of its case from the check until everybody sees what came of it.

Of two who send for one case, the second finds what the first has done, and is told of it.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import psycopg

from avro_schemas.typed_documents import CaseDocument, RecordEntryDocument
from consumers.log.copies import Connection
from consumers.log.copy_session import session_on
from consumers.read_model.under_way import SentRecord, forget_sent, note_sent, sent_before
from exchange.desk.access_records import Access
from exchange.desk.actions.acknowledgements import ACKNOWLEDGE
from exchange.desk.actions.changes import changes_since
from exchange.desk.actions.drawn import DrawnForm
from exchange.desk.actions.kinds import FormKind
from exchange.desk.actions.table import FORMS
from exchange.desk.asker import Asker, NotAllowedError
from exchange.desk.case_document import case_or_empty
from exchange.desk.desk import Desk
from exchange.desk.drawing import NothingToDoError, is_hidden, nothing_to_do, place_for
from exchange.desk.publishing.case_lock import CaseLockedError, locked_case
from exchange.desk.publishing.effect import SEEN_WITHIN_S, awaited, is_taken, receipt_if_seen
from exchange.desk.publishing.outcome import FormOutcome
from exchange.desk.publishing.records import admitted, entry_of
from exchange.desk.publishing.taken import taken_record
from exchange.desk.task_ends import tasks_shown
from exchange.domain.access.may import WorkPlace
from exchange.domain.policy import Policy
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.sender import NotTakenError
from exchange.runtime.sentences import said
from producers.admission import Admitted
from producers.receipts import DUPLICATE, Receipt, receipt_of

LOCK_WITHIN_S: Final = 15.0


def publish(
    desk: Desk, asker: Asker, form: DrawnForm, typed: Mapping[str, Any], seen_within_s: float = SEEN_WITHIN_S
) -> FormOutcome:
    """Publish a form's record, and return once its effect is there, or the limit has passed.

    Args:
        desk: where.
        asker: who sends it; the record bears that name.
        form: as it was drawn. Sent again with the same answers, it is the same record: DUPLICATE.
        typed: name of a question → answer.
        seen_within_s: how long the effect may take.

    Raises:
        NotAllowedError: it is not the asker's to do, or no more.
        NothingToDoError: there is no such thing to do in this case, or for this asker no such case.
    """
    desk.require(asker, form.action, asker.kept_within)
    sending = _FormSending(desk, asker, form, typed, seen_within_s)
    try:
        with locked_case(desk.database, form.case_id, LOCK_WITHIN_S) as connection:
            return sending.send(connection)
    except CaseLockedError:
        return sending.ended("BUSY", problem=said("case_locked"))
    except (NotAllowedError, NothingToDoError):
        raise
    except ExchangeError as problem:
        return sending.away(problem)


@dataclass(frozen=True)
class _FormSending:
    """One form on its way, under the lock of its case."""

    desk: Desk
    asker: Asker
    form: DrawnForm
    typed: Mapping[str, Any] = field(repr=False)
    seen_within_s: float

    def send(self, connection: Connection) -> FormOutcome:
        kind, form = FORMS[self.form.action], self.form
        others = self._under_way(connection, once=kind.once)
        # Read after what was under way has been seen: so it shows all that the desk has ever sent.
        with connection.transaction(), session_on(connection) as session:
            document = case_or_empty(self.desk, session, form.case_id)
            taken = kind.once and is_taken(self.desk, session, form)
            # Whoever was told of an announcement acknowledges it, whatever has become of its case.
            hidden = kind is not ACKNOWLEDGE and is_hidden(self.desk, session, self.asker, document)
        if hidden:
            raise self._nothing_to_do(document)
        place = place_for(self.asker, kind, document, form.subject, self.desk.policy)
        self.desk.require(self.asker, form.action, place)
        if others is not None:
            return self._told(document, "BUSY", problem=said("case_being_processed", by=others.handler))
        if taken:
            return self.ended("ANSWERED", receipt=_taken_before(form))
        entry = entry_of(document, form.record_id)
        if entry is None and (changes := changes_since(form, kind, document)):
            return self._told(document, "CHANGED", changes=changes)
        if not _is_there_to_do(kind, form, document, entry, self.desk.policy):
            raise self._nothing_to_do(document)
        before = self._before(connection, kind, place)
        verdict = admitted(self.desk, self.asker, kind, form, document, self.typed, before)
        if not isinstance(verdict, Admitted):
            return self.ended("UNFIT", reasons=verdict)
        return self._publish(connection, verdict)

    def _before(self, connection: Connection, kind: FormKind, place: WorkPlace) -> Mapping[str, Any] | None:
        """Return what the form amends, as the log has it; None where it amends nothing."""
        if not kind.amends:
            return None
        amended, department = self.form.subject.application or "", place["department"]
        return taken_record(self.desk, connection, department, kind.becomes(self.form.subject), amended)

    def ended(self, end: Any, **more: Any) -> FormOutcome:
        return FormOutcome(end, self.form, self.typed, **more)

    def away(self, problem: ExchangeError) -> FormOutcome:
        return self.ended("AWAY", problem="\n".join(filter(None, (problem.message, problem.hint))))

    def _told(self, document: CaseDocument, end: Any, **more: Any) -> FormOutcome:
        """Return what came of it, once it is noted that the asker is told who else is at the case."""
        self._note(document)
        return self.ended(end, **more)

    def _nothing_to_do(self, document: CaseDocument) -> NothingToDoError:
        self._note(document)
        return nothing_to_do(self.form.action)

    def _note(self, document: CaseDocument) -> None:
        action = self.form.action
        self.desk.note(Access(self.asker, action, action, (document["case_id"],)))

    def _under_way(self, connection: Connection, *, once: bool) -> SentRecord | None:
        """Return what else was sent for the case and cannot be seen yet; what can be is forgotten.

        Of what there is ``once``, the form's own record counts, too: sent at another moment, it is another.
        """
        for sent in sent_before(connection, self.form.case_id):
            if receipt_if_seen(self.desk, connection, sent):
                forget_sent(connection, sent.record_id)
            elif once or sent.record_id != self.form.record_id:
                return sent
        return None

    def _publish(self, connection: Connection, record: Admitted) -> FormOutcome:
        sent = SentRecord(record.record_id, self.form.case_id, record.department, self.asker.called)
        note_sent(connection, sent)
        try:
            receipt_id = self.desk.writers.write(record)
        except NotTakenError as problem:
            return self.away(ExchangeError(said("kafka_refused", problem=problem), said("send_again")))
        try:
            receipt = self._seen(connection, replace(sent, receipt_id=receipt_id))
        except (psycopg.Error, ExchangeError):  # the log has it: whatever is away here takes nothing from it
            receipt = None
        return self.ended("ANSWERED" if receipt else "BEING_PROCESSED", receipt=receipt)

    def _seen(self, connection: Connection, sent: SentRecord) -> Receipt | None:
        note_sent(connection, sent)
        limit = time.monotonic() + self.seen_within_s
        found = awaited(lambda: receipt_if_seen(self.desk, connection, sent), limit - time.monotonic())
        if found is None:
            return None
        partition = found["record_partition"]
        end = self.desk.task_ends.of(partition)
        if not awaited(lambda: tasks_shown(connection, partition, end), limit - time.monotonic()):
            return None
        forget_sent(connection, sent.record_id)
        return receipt_of(found, 1)


def _taken_before(form: DrawnForm) -> Receipt:
    return Receipt(1, form.record_id, DUPLICATE, (), (), form.case_id)


def _is_there_to_do(
    kind: FormKind, form: DrawnForm, document: CaseDocument, entry: RecordEntryDocument | None, policy: Policy
) -> bool:
    """Say whether a form is about something that the case has; of a record sent again: whether it is that."""
    if entry is None:
        return kind is ACKNOWLEDGE or form.subject in kind.subjects(document, policy)
    department = kind.place(document, form.subject, policy).get("department")
    return (entry["type"], entry["department"]) == (kind.becomes(form.subject), department)
