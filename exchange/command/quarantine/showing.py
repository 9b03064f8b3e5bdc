"""`exchange quarantine show`: one entry, its record masked; every look leaves an access record first."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from consumers.labels.operations import QUARANTINE_STATES
from consumers.labels.words import department_words, for_people, local_time, words
from consumers.quarantine.reader import QuarantineReader, QuarantineRow
from exchange.command.quarantine.choosing import EntryArgument, known
from exchange.command.quarantine.view import ContentRow, content_of, quarantine_row
from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.command.terminal.output_file import OWNER_ALONE, write_file
from exchange.command.views.sheet import Sheet
from exchange.desk.desk import open_desk
from exchange.desk.other_looks import note_quarantined
from exchange.runtime.logs import configure_logs
from exchange.runtime.registry.client import Registry
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings


def show(
    entry_id: EntryArgument,
    bytes_to: Annotated[
        Path | None,
        typer.Option("--bytes", metavar="FILE", dir_okay=False, help="Write the bytes here, unchanged."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="The reason; it goes into the access record.")] = "",
    json: JsonOption = False,
    actor: ActorOption = "",
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Show one entry: its reasons, the record with numbers masked, and where it stands.

    For example: exchange quarantine show records.cremation/3/17

    Every look leaves an access record, before anything is shown. The bytes, in full, are written to a file
    only for a reason: --bytes FILE --reason TEXT.
    """
    if bytes_to is not None and not reason.strip():
        raise typer.BadParameter(said("bytes_with_a_reason"))
    language = language_of(lang)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    reader = QuarantineReader(settings)
    (entry,) = known(reader, [entry_id])
    payload = reader.payload(entry)
    with open_desk(settings) as desk:
        unmasked = bytes_to is not None
        note_quarantined(desk, asker_of(actor, settings), entry["department"], reason, unmasked=unmasked)
    if bytes_to is not None:
        write_file(payload, bytes_to, OWNER_ALONE)
        say(said("bytes_are_in", number=f"{len(payload):,}", path=bytes_to))
    with Registry(settings.registry) as registry:
        content = content_of(entry, payload, registry, settings.city.catalogue)
    if json:
        print_json({**quarantine_row(entry), **content.as_json()})
    else:
        _tell_entry(entry, content.as_json(), Sheet(settings.city.policy, language))


def _tell_entry(entry: QuarantineRow, content: ContentRow, sheet: Sheet) -> None:
    say(f"{entry['entry_id']}  {sheet.both(words(QUARANTINE_STATES, entry['state']))}")
    department = department_words(entry["department"], sheet.policy)
    say(f"  {sheet.both(department)}, {local_time(entry['taken_at'])}")
    if entry["record_topic"]:
        say(f"  {for_people(entry['record_topic'])}/{entry['record_partition']}/{entry['record_offset']}")
    for reason in entry["reasons"]:
        say(f"  {reason['code']} {reason['field'] or ''}".rstrip())
        say(f"    {for_people(reason['message'])}\n    {for_people(reason['message_en'])}")
    if entry["action"] and entry["acted_at"]:
        why = f": {for_people(entry['action_reason'])}" if entry["action_reason"] else ""
        say(f"  {entry['action']} {local_time(entry['acted_at'])} {for_people(entry['actor'] or '')}{why}")
    if entry["outcome"]:
        say(f"  → {entry['outcome']}")
    if content["record"] is None:
        begins = f", 0x{content['payload_begins']} …" if content["payload_begins"] else ""
        say(f"  {content['payload_bytes']:,} bytes, not readable as a record{begins}")
    for name, value in (content["record"] or {}).items():
        if value is not None:
            say(f"  {name} = {for_people(str(value))}")
