"""What cases say to each other: as they should have by the log, and as the topic of moves has it.

The fold takes moves from the log, so a move that was never written would be missing on both sides of every
comparison. Therefore what the cases would say is compared with what they have said.
"""

from dataclasses import dataclass, field

from avro_schemas.typed_documents import PersonMoveDocument
from exchange.folding.states import decode_claim, decode_loan

Subject = tuple[str, str, str]
"""The case that says it, to whom (a case or a partition), and about which record (empty for a loan)."""


@dataclass
class Said:
    """The last word on each subject; empty ones are not kept. Few persons move, so it is small."""

    words: dict[Subject, tuple[str, ...]] = field(default_factory=dict)

    def take(self, move: PersonMoveDocument, partition: int) -> None:
        """Take one move, ``exchange.events.PersonMove``, on its way to a partition."""
        if move["kind"] == "LEND":
            loan = decode_loan(move["body"])
            subject = (move["from_case_id"], move["to_case_id"] or "", "")
            records = sorted(entry.record.record_id for entry in loan.taken)
            self._keep(subject, (*records, "", *sorted(loan.linked)) if records else ())
        elif move["kind"] == "CLAIM":
            claim = decode_claim(move["body"])
            by = claim.by if claim.cause == "superseded" else ""
            subject = (move["from_case_id"], f"{partition}", f"{claim.record_id}/{by}")
            self._keep(subject, (claim.cause, claim.by) if claim.stands else ())

    def _keep(self, subject: Subject, word: tuple[str, ...]) -> None:
        if word:
            self.words[subject] = word
        else:
            self.words.pop(subject, None)
