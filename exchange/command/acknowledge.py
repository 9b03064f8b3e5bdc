"""`exchange acknowledge`: a department confirms that it has seen what was taken back."""

import logging
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID, uuid5

import typer

from consumers.announcements.finder import AnnouncementFinder, FoundAnnouncement
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.terminal.words import read_word
from exchange.runtime.city import find_city
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings
from producers.publisher import Publisher
from producers.receipts import REJECTED, Receipt
from verification.identity import identify

NAMESPACE: Final = UUID("0d6c3f0e-5b8e-5c55-9a51-6f1d0f4f2c3a")
TYPE: Final = "acknowledgement"
DUPLICATE: Final = "DUPLICATE"


def acknowledge(
    announcement_id: Annotated[str, typer.Argument(show_default=False, help="Its id, from exchange follow.")],
    department: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="<str>",
            parser=read_word,
            show_default=False,
            help="The department that was told, by its code.",
        ),
    ],
    handler: Annotated[
        str, typer.Option("--handler", show_default=False, help="Who has seen it, by name or staff number.")
    ],
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Acknowledge an announcement for a department, and print the receipt; exit 1 where there is none.

    For example: exchange acknowledge 6f1d0f4f-2c3a-5c55-9a51-0d6c3f0e5b8e --as police --handler "民警 李明"

    What is taken back (SUSPENDED, RECOVERY) has to be acknowledged in time; until then it is a task of the
    department: exchange tasks --owed-by police shows which, with the ids. It is published as an
    acknowledgement record. Acknowledging twice does no harm: the second time is answered with DUPLICATE,
    whoever does it.
    """
    _check_usage(department, handler)
    configure_logs(logging.WARNING)
    finder = AnnouncementFinder(load_settings(home), department)
    announced = finder.find(announcement_id.strip())
    if announced is None:
        say(said("told_nothing", name=department, id=announcement_id))
        say(said("what_to_acknowledge", name=department))
        raise typer.Exit(1)
    receipt = _acknowledge(finder, announced, handler)
    _tell(receipt, announced, json=json)
    if receipt.status == REJECTED:
        raise typer.Exit(1)


def record_id_of(announcement_id: str, department: str) -> str:
    """Return the id of the one record by which a department acknowledges an announcement."""
    return str(uuid5(NAMESPACE, f"{announcement_id}\n{department}"))


def record_of(announced: FoundAnnouncement, record_id: str, handler: str, now: datetime) -> dict[str, Any]:
    """Return the acknowledgement as departments publish records."""
    return {
        "record_id": record_id,
        "recorded_at": now.isoformat(),
        "id_type": identify(announced.id_number).kind,
        "id_number": announced.id_number,
        "name": announced.name,
        "announcement_id": announced.announcement_id,
        "handler": handler.strip(),
    }


def _check_usage(department: str, handler: str) -> None:
    known = find_city().catalogue.deciding
    if department not in known:
        raise typer.BadParameter(said("told_department_unknown", name=department, known=", ".join(known)))
    if not handler.strip():
        raise typer.BadParameter(said("handler_missing"))


def _acknowledge(finder: AnnouncementFinder, announced: FoundAnnouncement, handler: str) -> Receipt:
    """Publish the record unless that was done: a second one, at another moment, would be refused."""
    record_id = record_id_of(announced.announcement_id, finder.department)
    if finder.was_taken(record_id, announced):
        return Receipt(1, record_id, DUPLICATE, (), (), announced.case_id)
    record = record_of(announced, record_id, handler, datetime.now(UTC))
    with Publisher(finder.settings, finder.department) as publisher:
        (receipt,) = publisher.publish([{"type": TYPE, "record": record}])
    return receipt


def _tell(receipt: Receipt, announced: FoundAnnouncement, *, json: bool) -> None:
    if json:
        print_json(receipt.as_json())
        return
    say(f"{receipt.status}: acknowledgement {receipt.record_id} of announcement {announced.announcement_id}")
    say(f"in case {announced.case_id}.")
    for reason in receipt.reasons:
        say(f"  {reason.code} {reason.field}".rstrip())
        say(f"  {reason.message_zh}\n  {reason.message_en}")
