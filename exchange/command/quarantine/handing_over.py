"""Hands entries of the quarantine to the join again, and waits for its answers."""

from collections.abc import Sequence
from typing import Final, cast

from consumers.log.offset_lookup import read_places
from consumers.quarantine.actions import SOURCE, Action, note_actions
from consumers.quarantine.reader import QuarantineReader, QuarantineRow
from consumers.quarantine.states import RETRIED, STANDS_OPEN
from exchange.command.terminal.progress import counted_progress
from exchange.runtime.join.redelivery import open_redeliverer
from exchange.runtime.registry.client import Registry
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from topics.catalogue import RECORDS, Catalogue

ANSWERS_WITHIN_S: Final = 30.0
LOOK_S: Final = 0.5
FROM_LOG: Final = "log"


def obstacle(entry: QuarantineRow, catalogue: Catalogue) -> str | None:
    """Return why an entry can not be retried and what is to be done; None where it can."""
    topic = catalogue.by_name.get(entry["record_topic"] or "")
    if entry["state"] not in STANDS_OPEN:
        return "it is closed."
    if entry["source"] != FROM_LOG:
        return (
            "it was refused when it was published and never reached the log. Its department corrects it and "
            "publishes it again; then close it: exchange quarantine discard ENTRY --reason TEXT."
        )
    if topic is None or topic.kind != RECORDS:
        return (
            "it is no department's record but a message of the exchange itself. Find who wrote it; then "
            "close it: exchange quarantine discard ENTRY --reason TEXT."
        )
    return None


def hand_over(settings: Settings, entries: Sequence[QuarantineRow], actor: str, reason: str | None) -> None:
    """Note who retries what, then hand the records to the join, each as the log holds it.

    Raises:
        ExchangeError: not all could be; doing it again does no harm.
    """
    spots = [_spot(entry) for entry in entries]
    with Registry(settings.registry) as registry:
        redeliverer = open_redeliverer(settings, registry, RETRIED, SOURCE)
        with counted_progress("noting", len(entries)) as told:
            actions = (Action(entry["entry_id"], RETRIED, actor, reason) for entry in entries)
            note_actions(settings, actions, told)
        with counted_progress("handing over", len(entries)) as told:
            redeliverer.deliver_again(read_places(settings, spots), told)


def _spot(entry: QuarantineRow) -> tuple[str, int, int]:
    """Return where the record is in the log; what never was there has an obstacle."""
    spot = (entry["record_topic"], entry["record_partition"], entry["record_offset"])
    return cast(tuple[str, int, int], spot)


def await_answers(reader: QuarantineReader, entries: Sequence[QuarantineRow]) -> None:
    """Return when the join has answered all of them, or has answered nothing for long."""
    with counted_progress("answered", len(entries)) as told:
        waiting = len(entries)

        def fewer() -> bool:
            return reader.unanswered(entries) < waiting

        while waiting and wait_until(fewer, ANSWERS_WITHIN_S, LOOK_S):
            waiting = reader.unanswered(entries)
            told(len(entries) - waiting)
