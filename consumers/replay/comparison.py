"""Compares what the log of some partitions comes to with what is there, and names what differs.

Cases about which the log says something during the comparison are not settled: what is there may know of it
already, or not yet. They are named and compared again; all others are judged for good.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import orjson

from avro_schemas.typed_documents import ClockTickDocument, PersonMoveDocument, RedeliveryDocument
from consumers.log.copies import Connection
from consumers.log.copy_session import open_session
from consumers.log.reader import TopicsReader
from consumers.log.scan import CaseLog, log_bounds
from consumers.replay import compared_content, shown_rows
from consumers.replay.compared_entries import Side, Thing
from consumers.replay.differences import Difference, differing_fields, differing_matters
from consumers.replay.group_fold import BATCH_MESSAGES, PUBLISHED, GroupFold
from consumers.replay.latest_moves import Subject
from consumers.replay.shown_rows import SIDE
from consumers.replay.time_order import TimeOrder
from exchange.domain.case import case_of
from exchange.domain.documents import case_document
from exchange.folding.errors import SerdeError
from exchange.folding.states import decode_claim, decode_state
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from topics.catalogue import CASES, CLOCK, MOVES, RECORDS
from verification.times import instant_text

DETAILED_CASES: Final = 1000
"""For at most this many cases of one group the differing fields are named; others are only said to differ."""
PROJECTED_WITHIN_S: Final = 120.0
_POLL_S: Final = 0.2


@dataclass(frozen=True)
class Findings:
    """What a comparison has found.

    Attributes:
        differences: Those of settled cases; they stay, whatever comes.
        unsettled: The cases to be compared again.
        touched: The cases about which the log has said something meanwhile, the unsettled ones included.
        counted: Kind → how many things were compared.
        derived: What cases should have told each other, ``consumers.replay.latest_moves``.
        logged: What they have told.
    """

    differences: tuple[Difference, ...]
    unsettled: frozenset[str]
    touched: frozenset[str]
    counted: dict[str, int] = field(default_factory=dict)
    derived: dict[Subject, tuple[str, ...]] = field(default_factory=dict)
    logged: dict[Subject, tuple[str, ...]] = field(default_factory=dict)


class Comparison:
    """Compares one group of partitions, again and again as the log goes on."""

    def __init__(self, settings: Settings, fold: GroupFold) -> None:
        self._settings = settings
        self._fold = fold

    def compare(self, outputs: list[Place], inputs: list[Place], only: Collection[str] | None) -> Findings:
        """Compare these cases, or all if none are named; what was folded before has taken effect by now.

        Raises:
            ExchangeError: the read model does not come up to the live cases.
        """
        fold = self._fold
        fold.published(log_bounds(self._settings.kafka, outputs)[1])
        found = list(self._rows(only))
        counted: dict[str, int] = {}
        for thing in fold.sides.things(only):
            counted[thing.kind] = counted.get(thing.kind, 0) + 1
            found += self.judged(thing)
        # Last of all: whatever reached one of the sides so far is in the log by now.
        touched = self._touched(inputs)
        settled = [one for one in found if one.case_id not in touched]
        unsettled = frozenset(one.case_id for one in found) & touched
        return Findings(
            tuple(self._detailed(settled)),
            unsettled,
            touched,
            counted,
            fold.derived.words,
            fold.logged.words,
        )

    def judged(self, thing: Thing) -> Iterator[Difference]:
        """Yield how the sides differ on a thing.

        The log's side was folded step by step; of its case counts what the records give from nothing, limits
        apart, which are counted on.
        """
        if self._is_history(thing):
            return
        said: dict[Side, bytes | None] = {**thing.said}
        if (place := said.get("folded")) is not None:
            said["log"] = compared_content.digest(self._folded_case(thing.case_id, int(place)))
        for sides in compared_content.COMPARED.get(thing.kind, ()):
            values = [said.get(side) for side in sides]
            if values[0] == values[1] or (
                thing.kind == compared_content.ACKNOWLEDGEMENT and not self._both_withdrew(thing)
            ):
                continue
            missing = tuple(side for side, value in zip(sides, values, strict=True) if value is None)
            fields: tuple[str, ...] = ()
            if not missing and thing.kind != compared_content.CASE:
                fields = differing_fields(*map(orjson.loads, filter(None, values)))
            yield Difference(thing.case_id, thing.kind, thing.name, sides, missing, fields)

    def _is_history(self, thing: Thing) -> bool:
        """Say whether it was told of a matter that is no more: of that, present rules say nothing."""
        if thing.kind != compared_content.STANDING or thing.said.get("log") is not None:
            return False
        return compared_content.matter_of(thing.name) not in self._fold.step.policy.by_number

    def _both_withdrew(self, thing: Thing) -> bool:
        """Say whether both sides know the withdrawal: which there are depends on the order of records."""
        speaks = partial(
            self._fold.sides.speaks, case_id=thing.case_id, kind=compared_content.WITHDRAWAL, name=thing.name
        )
        return speaks("log") and speaks("live")

    def _rows(self, only: Collection[str] | None) -> Iterator[Difference]:
        """Note what the read model shows; yield cases whose matters' rows differ from their document."""
        fold = self._fold
        if only is not None:
            fold.sides.forget(SIDE, only)
        with open_session(self._settings) as session:
            self._await_projector(session.connection)
            for entries, case_id, document, matters in shown_rows.case_rows(
                session.connection, fold.partitions, only, fold.present
            ):
                fold.sides.note(entries)
                with suppress(SerdeError):
                    if not shown_rows.matters_agree(fold.decode(CASES, document), matters):
                        yield Difference(case_id, "matter rows", "", ("live", SIDE), fields=("matters",))
            fold.sides.note(shown_rows.task_rows(session.connection, fold.partitions, only))
            fold.sides.note(shown_rows.index_rows(session.connection, fold.partitions, only, fold.positions))

    def _await_projector(self, connection: Connection) -> None:
        by_name = self._fold.step.catalogue.by_name
        wanted = {place: at for place, at in self._fold.taken.items() if by_name[place[0]].kind in PUBLISHED}

        def caught_up() -> bool:
            reached = shown_rows.positions(connection)
            connection.commit()
            return all(reached.get(place, 0) >= at for place, at in wanted.items())

        if not wait_until(caught_up, PROJECTED_WITHIN_S, _POLL_S):
            raise ExchangeError(said("read_model_behind"), said("see_projector"))

    def _touched(self, inputs: list[Place]) -> frozenset[str]:
        """Return the cases about which the log says something after what was folded."""
        fold, touched = self._fold, set[str]()
        _, ends = log_bounds(self._settings.kafka, inputs)
        stretches = {place: (fold.positions[place], end) for place, end in ends.items()}
        by_name = fold.step.catalogue.by_name
        with TopicsReader(self._settings.kafka, {t: by_name[t].partitions for t, _ in inputs}) as reader:
            for messages in TimeOrder(reader, stretches).batches(BATCH_MESSAGES):
                for message in messages:
                    touched |= self._named(message)
        return frozenset(touched)

    def _named(self, message: Any) -> set[str]:
        """Return the cases for which a message may change something."""
        topic, case_ids = message.topic(), self._fold.step.case_ids
        with suppress(SerdeError, UnicodeDecodeError):
            if self._fold.step.catalogue.by_name[topic].kind == RECORDS:
                return {case_ids.of_key((message.key() or b"").decode())}
            content = self._fold.step.decode(topic, message.value())
            if topic == CLOCK:
                tick: ClockTickDocument = content
                return set(self._fold.states.due(message.partition(), instant_text(tick["at"])))
            if topic == MOVES:
                return self._moved(content, message.partition())
            again: RedeliveryDocument = content
            return {case_ids.of_key((again["record_key"] or b"").decode())}
        return set()

    def _moved(self, move: PersonMoveDocument, partition: int) -> set[str]:
        if move["kind"] != "CLAIM":
            return {one for one in (move["to_case_id"], move["from_case_id"]) if one is not None}
        record_id = decode_claim(move["body"]).record_id
        return {move["from_case_id"], *self._fold.states.homes(partition, [record_id]).values()}

    def _detailed(self, found: list[Difference]) -> Iterator[Difference]:
        """Yield the differences, with the names of the fields that differ between cases."""
        cases = {one.case_id for one in found if one.what == compared_content.CASE and not one.missing}
        wanted = frozenset(sorted(cases)[:DETAILED_CASES])
        live = self._live_cases(wanted) if wanted else {}
        for one in found:
            if one.what == compared_content.CASE and not one.missing and one.case_id in wanted:
                yield self._explained(one, live.get(one.case_id))
            else:
                yield one

    def _explained(self, one: Difference, live: bytes | None) -> Difference:
        found: bytes | None
        if "log" in one.sides:
            place = self._fold.sides.word("folded", one.case_id, compared_content.CASE, "")
            found = self._folded_case(one.case_id, int(place))
        else:
            found = self._shown_case(one.case_id)
        other, present = self._readable(found), self._readable(live)
        fields = differing_fields(other, present) or ("schema",)
        return replace(one, fields=fields, matters=differing_matters(other, present))

    def _folded_case(self, case_id: str, partition: int) -> bytes:
        """Return the case as its records give it from nothing."""
        state = decode_state(self._fold.states.load(partition, [case_id])[case_id])
        document = case_document(case_of(state, self._fold.step.policy))
        return self._fold.step.outputs.case(document, partition, datetime.now(UTC)).value

    def _shown_case(self, case_id: str) -> bytes | None:
        with open_session(self._settings) as session:
            return next(
                (
                    found
                    for _, _, found, _ in shown_rows.case_rows(
                        session.connection, self._fold.partitions, [case_id], self._fold.present
                    )
                ),
                None,
            )

    def _live_cases(self, wanted: frozenset[str]) -> dict[str, bytes]:
        keys = {case_id.encode() for case_id in wanted}
        found = CaseLog(self._settings).read(
            {CASES: lambda message: message.key() in keys}, self._fold.partitions
        )
        return {message.key().decode(): message.value() for message in found}

    def _readable(self, payload: bytes | None) -> Any:
        try:
            return self._fold.decode(CASES, payload or b"")
        except SerdeError:
            return {}
