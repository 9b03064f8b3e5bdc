"""What departments hand in: admitted or refused, and in Kafka before anybody is told so.

Shape: submissions of one caller → for each, in order, `StoredInput` or `RefusedInput`. Records go to their
topics as the caller's department; what is refused goes to quarantine, with a receipt.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from exchange.domain.credentials import Holder
from exchange.folding.case_ids import CaseIds
from exchange.folding.cloud_events import Headers
from exchange.gateway.writers import Writers
from exchange.runtime.kafka.sender import LogPlace, NotTakenError
from exchange.runtime.settings import Settings
from exchange.serving.problems import away
from producers.admission import Admission, Admitted, TurnedAway
from producers.codec import Codec
from producers.refused import refusal_messages
from producers.submissions import Submission
from verification.reasons import Reason


@dataclass(frozen=True, slots=True)
class StoredInput:
    """A record that the log has taken."""

    record_id: str
    receipt_id: str


@dataclass(frozen=True, slots=True)
class RefusedInput:
    """An input that went no further; its receipt says so, too."""

    record_id: str | None
    receipt_id: str
    reasons: tuple[Reason, ...]


AdmissionVerdict = Admitted | TurnedAway
Outcome = StoredInput | RefusedInput


class Intake:
    """Takes submissions, for one event loop. Admission works in a thread: others are served meanwhile."""

    def __init__(self, settings: Settings, codec: Codec, writers: Writers) -> None:
        self._city = settings.city
        self._case_ids = CaseIds(settings.case_key)
        self._codec = codec
        self._writers = writers
        self._admissions: dict[Holder, Admission] = {}
        self._thread = ThreadPoolExecutor(1, "admission")

    async def take(self, holder: Holder, submissions: Sequence[Submission], run: UUID) -> list[Outcome]:
        """Return what became of each, once the brokers hold it all; see `prepare` and `store`."""
        return await self.store(holder, await self.prepare(holder, submissions, run))

    async def prepare(
        self, holder: Holder, submissions: Sequence[Submission], run: UUID
    ) -> Sequence["PreparedInput"]:
        """Admit or refuse each; nothing of it is stored yet.

        Args:
            holder: the publisher.
            submissions: in the order in which they are to stand in the log.
            run: tells what is refused in this apart; the same input in the same run is refused once.

        Raises:
            ExchangeError: the registry is away.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._prepare, holder, submissions, run)

    async def store(self, holder: Holder, prepared: Sequence["PreparedInput"]) -> list[Outcome]:
        """Return what became of each, once the brokers hold it all.

        Raises:
            ProblemError: the brokers did not take something; all may be handed in again.
        """
        under_way = [await self._send(holder, one) for one in prepared]
        await asyncio.gather(*(taken for sent in under_way for taken in sent), return_exceptions=True)
        return [_outcome(*one) for one in zip(prepared, under_way, strict=True)]

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()

    def _prepare(self, holder: Holder, submissions: Sequence[Submission], run: UUID) -> list["PreparedInput"]:
        if holder not in self._admissions:
            city = self._city
            self._admissions[holder] = Admission(
                city.catalogue, city.policy, self._case_ids, self._codec.encode, holder.department, holder
            )
        admit = self._admissions[holder].admit
        return [self._prepared(submission, admit(submission), run) for submission in submissions]

    def _prepared(self, submission: Submission, verdict: AdmissionVerdict, run: UUID) -> "PreparedInput":
        if isinstance(verdict, Admitted):
            return PreparedInput(verdict, ((verdict.topic, verdict.value, verdict.key, verdict.headers),))
        bureau = self._city.catalogue.bureau
        messages = refusal_messages(submission, verdict, run, datetime.now(UTC), bureau)
        encode = self._codec.encode
        return PreparedInput(
            verdict,
            tuple((one.topic, encode(one.topic, one.value), one.key, one.headers) for one in messages),
        )

    async def _send(self, holder: Holder, one: "PreparedInput") -> list[asyncio.Future[LogPlace]]:
        writers = self._writers
        writer = writers.of(holder.department) if isinstance(one.verdict, Admitted) else writers.own()
        return [await writer.write(*message) for message in one.messages]


@dataclass(frozen=True)
class PreparedInput:
    """A submission as it goes to the brokers."""

    verdict: AdmissionVerdict
    messages: tuple[tuple[str, bytes, bytes, Headers], ...]


def _outcome(one: PreparedInput, sent: Sequence[asyncio.Future[LogPlace]]) -> Outcome:
    try:
        places = [taken.result() for taken in sent]
    except NotTakenError as problem:
        raise away(f"kafka: {problem}") from None
    verdict = one.verdict
    if isinstance(verdict, Admitted):
        partition, offset = places[0]
        if offset is None:  # then nobody could say which receipt will be its own: sent again, it has a place
            raise away("kafka: place unknown")
        return StoredInput(verdict.record_id, f"{verdict.topic}/{partition}/{offset}")
    _, _, refusal_id, _ = one.messages[0]
    return RefusedInput(verdict.record_id, refusal_id.decode(), verdict.reasons)
