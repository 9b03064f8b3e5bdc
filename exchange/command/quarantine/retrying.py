"""`exchange quarantine retry`: refused records to the join once more."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Final, cast

import typer

from consumers.labels.operations import QUARANTINE_STATES
from consumers.labels.words import words
from consumers.log.offset_lookup import read_places
from consumers.quarantine.actions import SOURCE, Action, note_actions
from consumers.quarantine.reader import EntryFilter, QuarantineReader, QuarantineRow
from consumers.quarantine.states import RETRIED, STANDS_OPEN
from exchange.command.quarantine.choosing import CodeOption, known
from exchange.command.quarantine.view import quarantine_row
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption, actor_of
from exchange.command.terminal.progress import counted_progress
from exchange.runtime.join.redelivery import open_redeliverer
from exchange.runtime.logs import configure_logs
from exchange.runtime.registry.client import Registry
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.waiting import wait_until
from topics.catalogue import RECORDS, Catalogue

ANSWERS_WITHIN_S: Final = 30.0
LOOK_S: Final = 0.5
FROM_LOG: Final = "log"


def retry(
    entry_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ENTRY]...", show_default=False, help="Only these entries.")
    ] = None,
    code: CodeOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that is open.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="The reason; it is kept with the action.")] = "",
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Hand refused records to the join again, as the log took them: when a rule was mended, or a schema came.

    For example: exchange quarantine retry --code rule_failed --reason "rule mended"

    The join answers each with a receipt of the same id; what is refused again is open again, with its new
    reasons. What never reached the log, since it was refused when it was published, is not retried: its
    department corrects it and publishes it again. Exit 1 if any entry asked for was not taken.
    """
    chosen = entry_ids or []
    if [bool(chosen), code is not None, everything].count(True) != 1:
        raise typer.BadParameter(said("say_which_entries"))
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    reader = QuarantineReader(settings)
    entries = known(reader, chosen) if chosen else reader.find(EntryFilter(code=code))
    obstacles = {
        entry["entry_id"]: problem
        for entry in entries
        if (problem := _obstacle(entry, settings.city.catalogue))
    }
    _tell_obstacles(obstacles, named=bool(chosen))
    good = [entry for entry in entries if entry["entry_id"] not in obstacles]
    if good:
        _hand_over(settings, good, actor_of(actor), reason.strip() or None)
        _await_answers(reader, good)
    after = reader.get([entry["entry_id"] for entry in good])
    _tell_outcomes(after, json=json)
    if (chosen and obstacles) or any(entry["state"] in STANDS_OPEN for entry in after):
        raise typer.Exit(1)


def _obstacle(entry: QuarantineRow, catalogue: Catalogue) -> str | None:
    """Return why an entry can not be retried and what is to be done; None where it can."""
    topic = catalogue.by_name.get(entry["record_topic"] or "")
    if entry["state"] not in STANDS_OPEN:
        return said("entry_is_closed")
    if entry["source"] != FROM_LOG:
        return said("entry_never_in_log")
    if topic is None or topic.kind != RECORDS:
        return said("entry_is_no_record")
    return None


def _hand_over(settings: Settings, entries: Sequence[QuarantineRow], actor: str, reason: str | None) -> None:
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


def _await_answers(reader: QuarantineReader, entries: Sequence[QuarantineRow]) -> None:
    """Return when the join has answered all of them, or has answered nothing for long."""
    with counted_progress("answered", len(entries)) as told:
        waiting = len(entries)

        def fewer() -> bool:
            return reader.unanswered(entries) < waiting

        while waiting and wait_until(fewer, ANSWERS_WITHIN_S, LOOK_S):
            waiting = reader.unanswered(entries)
            told(len(entries) - waiting)


def _tell_obstacles(obstacles: Mapping[str, str], *, named: bool) -> None:
    if named:
        for entry_id, problem in obstacles.items():
            say(f"{entry_id}: {problem}")
        return
    for problem, count in Counter(obstacles.values()).items():
        say(said("not_retried", count=f"{count:,}"))
        say(problem)


def _tell_outcomes(after: list[QuarantineRow], *, json: bool) -> None:
    if json:
        for entry in after:
            print_json(quarantine_row(entry))
        return
    for state, count in Counter(entry["state"] for entry in after).items():
        say(f"{count:,} {words(QUARANTINE_STATES, state).both('zh')}")
    if not after:
        say(said("nothing_retried"))
    elif any(entry["state"] in STANDS_OPEN for entry in after):
        say(said("see_what_is_open"))
