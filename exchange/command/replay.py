"""`exchange replay`: what the log took, in the order of its time, and what came of it."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from confluent_kafka import KafkaException

from consumers.history.events import CaseEvent, masked_event
from consumers.log.reader import LogAwayError
from consumers.replay.whole_log import EventFilter, WholeLog
from exchange.command.past import past_of, reading_progress
from exchange.command.terminal.as_of import UnfitMomentError, read_as_of
from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.command.terminal.words import read_word
from exchange.command.views.history import HistoryView
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk, open_desk
from exchange.desk.look import LookRequest
from exchange.desk.other_looks import note_replay
from exchange.desk.past import look_back
from exchange.desk.past_rows import event_row
from exchange.desk.persons import asked_person
from exchange.runtime.city import find_city
from exchange.runtime.errors import ExchangeError
from exchange.runtime.logs import configure_logs
from exchange.runtime.memory import settle_memory
from exchange.runtime.record_types import type_unknown
from exchange.runtime.rules import make_step
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings

MOMENT = "2026-03-02T09:30, or 2026-03-02 for the end of that day; Asia/Shanghai unless it has an offset."


def replay(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    json: JsonOption = False,
    since: Annotated[
        str | None, typer.Option("--from", metavar="INSTANT", help=f"From then on. {MOMENT}")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="INSTANT", help="Up to then.")] = None,
    of_case: Annotated[
        str,
        typer.Option(
            "--case", metavar="ID_NUMBER_OR_CASE_ID", help="Only this person's case, with what changed."
        ),
    ] = "",
    record_type: Annotated[
        str,
        typer.Option("--type", metavar="TYPE", parser=read_word, help="Only records of this type."),
    ] = "",
    actor: ActorOption = "",
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Replay the log: every record that it took, with its receipt, and what departments were told for it.

    For example: exchange replay --from 2026-03-01T00:00 --to 2026-03-01 --type death_certificate

    It is folded again by today's rules, from the beginning, whatever is shown of it. Nothing of a person is
    shown but case ids; an access record is left before anything is. Exit 1 where nothing was found.
    """
    schemas = find_city().catalogue.schemas
    if record_type and record_type not in schemas.record_types:
        raise typer.BadParameter(type_unknown(record_type, schemas))
    language = language_of(lang)
    wanted = EventFilter(_moment("--from", since), _moment("--to", until), record_type or None)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    view = HistoryView(settings.city.policy, language)
    shown = 0
    with open_desk(settings) as desk, _events(desk, asker_of(actor, settings), of_case, wanted) as events:
        for event in events:
            shown += 1
            if json:
                print_json(event_row(event))
            else:
                paper().print(*view.lines_of(event), sep="\n")
    if not shown:
        say(said("no_such_records"))
        raise typer.Exit(1)


@contextmanager
def _events(desk: Desk, asker: Asker, of_case: str, wanted: EventFilter) -> Iterator[Iterable[CaseEvent]]:
    """Note the access, then yield what is wanted."""
    if of_case:
        yield _of_case(desk, asker, of_case, wanted)
        return
    settings = desk.settings
    note_replay(desk, asker)
    with TemporaryDirectory(prefix="exchange-replay-") as folder, reading_progress() as tell:
        step = make_step(settings, desk.registry)
        settle_memory()
        log = WholeLog(settings.kafka, step, Path(folder), tell)
        try:
            yield (masked_event(event, desk.policy) for event in log.events(wanted))
        except (LogAwayError, KafkaException) as problem:
            raise ExchangeError(
                said("kafka_away", problem=type(problem).__name__), said("what_to_start")
            ) from None
        finally:
            log.close()


def _of_case(desk: Desk, asker: Asker, asked: str, wanted: EventFilter) -> list[CaseEvent]:
    """Return the events of one case, after noting the access."""
    person = asked_person(desk.case_ids, asked)
    if person is None:
        say(said("no_such_number"))
        raise typer.Exit(1)
    with past_of(desk) as past:
        events = look_back(desk, past, asker, person, LookRequest(command="replay"))
    if not events:
        say(said("no_such_case"))
        raise typer.Exit(1)
    return [event for event in events if wanted.covers(event)]


def _moment(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return read_as_of(text, datetime.now(UTC))
    except UnfitMomentError as problem:
        raise typer.BadParameter(f"{option}: {problem}") from None
