"""`exchange materials show|read|sweep`: files handed in, for those whose matters they are, and their end."""

import logging
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from consumers.labels.words import material_words
from consumers.uploads.sweep import sweep as sweep_store
from consumers.uploads.sweep import uses_in
from exchange.command.terminal.asked import existing, person_at
from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.command.terminal.output_file import OWNER_ALONE, write_output
from exchange.command.views.sheet import Sheet
from exchange.desk.asker import SHELL, Asker, not_allowed
from exchange.desk.desk import open_desk
from exchange.desk.materials import READ_MATERIAL, list_materials
from exchange.desk.materials import read as read_file
from exchange.domain.access.may import WorkPlace
from exchange.runtime.home import Home
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.uploads.store import open_store
from topics.labels import Labels
from topics.policy_file import no_such
from verification.times import calendar_date

LABELS: Final = Labels(__file__)
materials_app = typer.Typer(
    help="Read files handed in as materials, as those may whose matters they are, and delete old ones.",
    no_args_is_help=True,
)
WhichCase = Annotated[str, typer.Argument(metavar="CASE", show_default=False, help="A number or case id.")]
ForWhom = Annotated[
    str,
    typer.Option(
        "--as", metavar="DEPARTMENT", help="For whom: whose matter it is, or the window that took it."
    ),
]
OneBank = Annotated[str, typer.Option("--bank", metavar="NAME", help="The one bank that asks.")]
LookReason = Annotated[str, typer.Option("--reason", help="The reason; it goes into the access record.")]


@materials_app.command("show")
def show(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    case: WhichCase,
    department: ForWhom,
    bank: OneBank = "",
    json: JsonOption = False,
    lang: LangOption = "",
    reason: LookReason = "",
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """List the files of a case that a department, a bank or the window may read. Leaves an access record.

    For example: exchange materials show 620502194711020686 --as justice

    Exit 1 where there is no such case, or nothing of it is theirs.
    """
    settings = _settings(home)
    asker = _asker(department, bank, actor, settings)
    with open_desk(settings) as desk:
        found = existing(list_materials(desk, asker, person_at(desk, case), reason))
    if not found.files:
        say(said("no_file_of_theirs"))
        raise typer.Exit(1)
    if json:
        for one in found.files:
            print_json(asdict(one))
        return
    sheet = Sheet(settings.city.policy, language_of(lang))
    table = sheet.table(LABELS["files"], (LABELS["matter"], LABELS["material"], LABELS["file"]))
    for one in found.files:
        name = sheet.say(material_words(one.kind, sheet.policy, (one.matter,)))
        table.add_row(sheet.matter(one.matter, one.instance), name, one.sha256)
    paper().print(table)


@materials_app.command("read")
def read(  # noqa: PLR0913, PLR0917 - as above
    case: WhichCase,
    sha256: Annotated[str, typer.Argument(metavar="SHA256", show_default=False, help="See `show`.")],
    department: ForWhom,
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="Where to; - is standard output.")],
    bank: OneBank = "",
    reason: LookReason = "",
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Write a file of a case where only its owner can read it. Leaves an access record before that.

    For example: exchange materials read 620502194711020686 SHA256 --as justice --out register.pdf

    Exit 1 where it is not theirs to read, or no longer there.
    """
    settings = _settings(home)
    asker, store = _asker(department, bank, actor, settings), open_store(Home(settings.home))
    with open_desk(settings) as desk:
        content = read_file(desk, asker, person_at(desk, case), sha256.lower(), reason, store)
    write_output(content, out, OWNER_ALONE)


@materials_app.command("sweep")
def sweep(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Delete nothing; say how many would go.")
    ] = False,
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Delete the files whose time is over, by uploads.yaml: to be run each night.

    None goes that an application names of which a matter is still open. What is deleted here is still in
    older backups. For example: exchange materials sweep
    """
    settings = _settings(home)
    uses = uses_in(settings)
    store, today = open_store(Home(settings.home)), calendar_date(datetime.now(UTC))
    swept = sweep_store(store, uses, settings.city.uploads, today, only_say=dry_run)
    if json:
        print_json(asdict(swept))
    else:
        say(said("materials_would_go" if dry_run else "materials_swept", **asdict(swept)))


def _settings(home: Path | None) -> Settings:
    configure_logs(logging.WARNING)
    return load_settings(home)


def _asker(department: str, bank: str, actor: str, settings: Settings) -> Asker:
    """Return who asks: whoever signed in, else the shell, kept within whose it asks for.

    Raises:
        typer.BadParameter: there is no such department.
        NotAllowedError: whoever signed in is kept within another.
    """
    known = settings.city.catalogue.departments
    if department not in known:
        raise typer.BadParameter(no_such("department", department, known))
    within: WorkPlace = {"department": department, **({"bank": bank} if bank else {})}
    asker = asker_of(actor, settings)
    if asker.role == SHELL:
        return replace(asker, kept_within=within)
    # Whose account is kept within no department reads what the window took.
    if department != asker.kept_within.get("department", settings.city.policy.window):
        raise not_allowed(asker.role, READ_MATERIAL)
    return asker
