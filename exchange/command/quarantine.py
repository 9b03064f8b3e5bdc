"""`exchange quarantine list|show|retry|discard`: what was refused, and what becomes of it."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from consumers.access_log import Access, AccessLog
from consumers.moments import UnfitMomentError, read_moment
from consumers.quarantine_actions import Action, ActionLog
from consumers.quarantine_reader import QuarantineReader, Wanted
from consumers.quarantine_table import STANDS_OPEN
from consumers.quarantine_view import (
    QUARANTINE_STATES,
    content_of,
    entry_table,
    quarantine_row,
    summary_table,
)
from consumers.sheet import Sheet
from consumers.words import Language, department_words, for_people, local_time, words
from exchange.command.case import ActorOption, actor_of
from exchange.command.console import paper, print_json, say
from exchange.command.language import LangOption, language_of
from exchange.command.options import HomeOption, JsonOption
from exchange.command.quarantine_retry import ANSWERS_WITHIN_S, LOOK_S, await_answers, hand_over, obstacle
from exchange.domain.documents import Document
from exchange.domain.policy import load_policy
from exchange.runtime.logs import configure_logs
from exchange.runtime.registry import Registry
from exchange.runtime.settings import load_settings
from exchange.runtime.waiting import wait_until
from topics.catalogue import load_catalogue

LIMIT: Final = 50

EntryArgument = Annotated[
    str, typer.Argument(metavar="ENTRY", show_default=False, help="Its id, from exchange quarantine list.")
]
CodeOption = Annotated[str | None, typer.Option("--code", metavar="CODE", help="With this reason alone.")]

quarantine_app = typer.Typer(
    help="See what was refused, hand it to the join again, or close it.", no_args_is_help=True
)


@quarantine_app.command("list")
def list_entries(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    department: Annotated[
        str | None, typer.Option("--department", metavar="DEPARTMENT", help="Of this department alone.")
    ] = None,
    code: CodeOption = None,
    since: Annotated[
        str, typer.Option("--since", metavar="INSTANT", help="Taken since then: 2026-03-02T09:30.")
    ] = "",
    closed_too: Annotated[bool, typer.Option("--all", help="Also what is closed.")] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="So many entries at most, the oldest.")
    ] = LIMIT,
    json: JsonOption = False,
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Show what is in quarantine and still open, the oldest first, with a count by department and reason.

    For example: exchange quarantine list --code rule_failed

    exchange quarantine list --department police --since 2026-03-02T09:30 --limit 200

    Open is what was neither taken after a retry nor discarded. Nothing here is personal data, so no access
    record is left.
    """
    language = language_of(lang)
    _check_department(department)
    wanted = Wanted(department, code, _moment(since), closed_too)
    configure_logs(logging.WARNING)
    reader = QuarantineReader(load_settings(home))
    entries, total = reader.find(wanted, limit), reader.total(wanted)
    if json:
        for entry in entries:
            print_json(quarantine_row(entry))
    elif not entries:
        say("Nothing is open in quarantine." if not closed_too else "Nothing is in quarantine.")
    else:
        console, sheet = paper(), Sheet(load_policy(), language)
        console.print(entry_table(sheet, entries))
        console.print(summary_table(sheet, reader.summary(wanted)))
    if total > len(entries):
        say(f"{len(entries):,} of {total:,} are shown; --limit shows more.")


@quarantine_app.command("show")
def show(
    entry_id: EntryArgument,
    bytes_to: Annotated[
        Path | None,
        typer.Option("--bytes", metavar="FILE", dir_okay=False, help="Write the bytes here as they came."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; goes into the access record.")] = "",
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
        raise typer.BadParameter("the bytes are given out only for a reason: --bytes FILE --reason TEXT")
    language = language_of(lang)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    reader = QuarantineReader(settings)
    (entry,) = _known(reader, [entry_id])
    payload = reader.payload(entry)
    access = Access(
        actor=actor_of(actor),
        command="quarantine show",
        department=entry["department"],
        unmasked=bytes_to is not None,
        reason=reason.strip() or None,
    )
    AccessLog(settings).note(access)
    if bytes_to is not None:
        bytes_to.write_bytes(payload)
        say(f"{len(payload):,} bytes are in {bytes_to}.")
    with Registry(settings.registry) as registry:
        content = content_of(entry, payload, registry)
    if json:
        print_json({**quarantine_row(entry), **content.as_json()})
    else:
        _tell_entry(entry, content.as_json(), language)


@quarantine_app.command("retry")
def retry(
    entry_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ENTRY]...", show_default=False, help="These entries.")
    ] = None,
    code: CodeOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that is open.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why; is kept with the action.")] = "",
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
        raise typer.BadParameter("say which: entries by their ids, or --code CODE, or --all")
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    reader = QuarantineReader(settings)
    entries = _known(reader, chosen) if chosen else reader.find(Wanted(code=code))
    obstacles = {entry["entry_id"]: problem for entry in entries if (problem := obstacle(entry))}
    _tell_obstacles(obstacles, named=bool(chosen))
    good = [entry for entry in entries if entry["entry_id"] not in obstacles]
    if good:
        hand_over(settings, good, actor_of(actor), reason.strip() or None)
        await_answers(reader, good)
    after = reader.get([entry["entry_id"] for entry in good])
    _tell_outcomes(after, json=json)
    if (chosen and obstacles) or any(entry["state"] in STANDS_OPEN for entry in after):
        raise typer.Exit(1)


@quarantine_app.command("discard")
def discard(
    entry_id: EntryArgument,
    reason: Annotated[str, typer.Option("--reason", show_default=False, help="Why; is kept for ever.")],
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Close an entry that needs nothing more; its bytes and all that was done with it stay.

    For example: exchange quarantine discard records.cremation/3/17 --reason "published again, corrected"
    """
    if not reason.strip():
        raise typer.BadParameter("--reason: say why it needs nothing more")
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    reader = QuarantineReader(settings)
    (entry,) = _known(reader, [entry_id])
    if entry["state"] not in STANDS_OPEN:
        say(f"It is closed already: {words(QUARANTINE_STATES, entry['state']).both('en')}.")
        raise typer.Exit(1)
    who = actor_of(actor)
    ActionLog(settings).note([Action(entry["entry_id"], "DISCARDED", who, reason.strip())])
    wait_until(lambda: reader.get([entry_id])[0]["state"] not in STANDS_OPEN, ANSWERS_WITHIN_S, LOOK_S)
    if json:
        print_json(quarantine_row(reader.get([entry_id])[0]))
    else:
        say(f"{entry_id} is closed by {who}; its bytes stay in the log.")


def _known(reader: QuarantineReader, entry_ids: Sequence[str]) -> list[Document]:
    """Return these entries; exit 1 where one is not there."""
    found = reader.get(entry_ids)
    for absent in sorted(set(entry_ids) - {entry["entry_id"] for entry in found}):
        say(f"There is no entry {absent}; `exchange quarantine list --all` shows what there is.")
        raise typer.Exit(1)
    return found


def _tell_entry(entry: Document, content: Document, language: Language) -> None:
    say(f"{entry['entry_id']}  {words(QUARANTINE_STATES, entry['state']).both(language)}")
    say(f"  {department_words(entry['department']).both(language)}, {local_time(entry['taken_at'])}")
    if entry["record_topic"]:
        say(f"  {for_people(entry['record_topic'])}/{entry['record_partition']}/{entry['record_offset']}")
    for reason in entry["reasons"]:
        say(f"  {reason['code']} {reason['field'] or ''}".rstrip())
        say(f"    {for_people(reason['message'])}\n    {for_people(reason['message_en'])}")
    if entry["action"]:
        why = f": {for_people(entry['action_reason'])}" if entry["action_reason"] else ""
        say(f"  {entry['action']} {local_time(entry['acted_at'])} {for_people(entry['actor'])}{why}")
    if entry["outcome"]:
        say(f"  → {entry['outcome']}")
    if content["record"] is None:
        begins = f", 0x{content['payload_begins']} …" if content["payload_begins"] else ""
        say(f"  {content['payload_bytes']:,} bytes, not readable as a record{begins}")
    for name, value in (content["record"] or {}).items():
        if value is not None:
            say(f"  {name} = {for_people(str(value))}")


def _tell_obstacles(obstacles: Mapping[str, str], *, named: bool) -> None:
    if named:
        for entry_id, problem in obstacles.items():
            say(f"{entry_id}: {problem}")
        return
    for problem, count in Counter(obstacles.values()).items():
        say(f"{count:,} not retried: {problem}")


def _tell_outcomes(after: list[Document], *, json: bool) -> None:
    if json:
        for entry in after:
            print_json(quarantine_row(entry))
        return
    for state, count in Counter(entry["state"] for entry in after).items():
        say(f"{count:,} {words(QUARANTINE_STATES, state).both('en')}")
    if not after:
        say("Nothing was retried.")
    elif any(entry["state"] in STANDS_OPEN for entry in after):
        say("`exchange quarantine list` shows what is open and why.")


def _check_department(department: str | None) -> None:
    known = load_catalogue().departments
    if department is not None and department not in known:
        raise typer.BadParameter(f"--department {department}: the departments are {', '.join(known)}.")


def _moment(text: str) -> datetime | None:
    try:
        return read_moment(text, datetime.now(UTC)) if text else None
    except UnfitMomentError as problem:
        raise typer.BadParameter(f"--since: {problem}") from None
