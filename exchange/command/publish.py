"""`exchange publish`: a department's file of records in, one receipt per line out."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from avro_schemas.catalogue import Schemas
from exchange.command.terminal.console import PEOPLE, print_json, say
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.terminal.progress import counted_progress
from exchange.command.terminal.words import read_word
from exchange.runtime.city import find_city
from exchange.runtime.record_types import type_unknown
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings, load_settings
from producers.encoding.encodings import encoding_named
from producers.publisher import Publisher, TellPublished
from producers.reading.csv_files import read_csv, readable_again
from producers.reading.files import STANDARD_INPUT, open_input, read_json_lines
from producers.reading.tables import Source
from producers.reading.unfit_files import begins_json, is_empty
from producers.receipts import REJECTED, Receipt
from topics.labels import Labels

LABELS: Final = Labels(__file__)

STATUSES: Final = ("ACCEPTED", "DUPLICATE", "HELD", REJECTED)
MOST_SHOWN: Final = 20
_LOOKED_AT_BYTES: Final = 4096
_CHUNK_BYTES: Final = 1 << 20


def publish(
    file: Annotated[str, typer.Argument(help="JSON lines, or CSV with --type; - for standard input.")],
    department: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="<str>",
            parser=read_word,
            help="The publishing department; by default each record's own.",
        ),
    ] = None,
    record_type: Annotated[
        str | None,
        typer.Option(
            "--type",
            metavar="<str>",
            parser=read_word,
            help="The file is CSV, and its rows are of this type.",
        ),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(
            "--encoding",
            metavar="<str>",
            parser=read_word,
            help="utf-8 or gb18030; by default judged by the file's text.",
        ),
    ] = None,
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Publish records and say what became of each; exit 1 if any was rejected (the others are in).

    For example: exchange publish records.jsonl --as civil_affairs

    where a line is, in full: {"type": "cremation", "record": {"record_id":
    "0f8fad5b-d9cb-469f-a165-70867728950e", "recorded_at": "2026-06-03T09:00:00+08:00", "id_number":
    "620502194803120246", "name": "李秀兰", "death_time": "2026-06-01", "cremation_time": "2026-06-03",
    "cremation_place": "天水市殡仪馆"}}

    Or CSV: exchange publish insured.csv --type social_insurance

    where the header names the fields, nested ones with a dot (social_card.bank_name), and an empty cell is no
    value. What the file turns out to be (its encoding, titles above the header) is said on standard error; a
    file that is not fit as a whole is refused before anything is published. Publishing a file again does no
    harm: what is in already is answered with DUPLICATE.
    """
    _check_usage(file, department, record_type)
    named = _encoding(encoding)
    settings = load_settings(home)
    with _opened(file, record_type, named, settings.city.catalogue.schemas) as source:
        for note in source.notes:
            say(note)
        counts = _publish(settings, department, source, None if json else file)
    if not counts:
        say(said("no_rows" if record_type else "no_records"))
    if counts[REJECTED]:
        raise typer.Exit(1)


def _publish(settings: Settings, department: str | None, source: Source, shown: str | None) -> Counter[str]:
    """Publish a file and tell its receipts: as JSON or, if the file's name is given, to people."""
    counts: Counter[str] = Counter()
    rejected: list[Receipt] = []
    with Publisher(settings, department) as publisher, _bar(shown) if shown else nullcontext() as tell:
        for receipt in publisher.publish(source.submissions, tell):
            counts[receipt.status] += 1
            if not shown:
                print_json(receipt.as_json())
            elif receipt.status == REJECTED and len(rejected) < MOST_SHOWN:
                rejected.append(receipt)
    if shown:
        _summarise(counts, rejected)
    return counts


def _check_usage(file: str, department: str | None, record_type: str | None) -> None:
    if not file:
        raise typer.BadParameter(said("file_nameless"))
    catalogue = find_city().catalogue
    known, schemas = catalogue.departments, catalogue.schemas
    if department is not None and department not in known:
        raise typer.BadParameter(said("department_unknown", name=department, known=", ".join(known)))
    if record_type is not None and record_type not in schemas.record_types:
        raise typer.BadParameter(type_unknown(record_type, schemas))
    suffix = Path(file).suffix.lower()
    if suffix == ".csv" and record_type is None and _is_json(file) is not True:
        raise typer.BadParameter(said("csv_needs_type"))
    if suffix in (".jsonl", ".ndjson", ".json") and record_type is not None and _is_json(file) is not False:
        raise typer.BadParameter(said("json_needs_no_type"))


def _is_json(file: str) -> bool | None:
    """Say whether a file that is named as one thing holds JSON; None if that cannot be told."""
    place = Path(file)
    if not place.is_file():  # what a pipe gives can be read only once
        return None
    with place.open("rb") as opened:
        head = opened.read(_LOOKED_AT_BYTES)
    return None if is_empty(head) else begins_json(head)


def _encoding(name: str | None) -> str | None:
    found = None if name is None else encoding_named(name)
    if name is not None and found is None:
        raise typer.BadParameter(said("encoding_unknown", name=name))
    return found


@contextmanager
def _opened(file: str, record_type: str | None, encoding: str | None, schemas: Schemas) -> Iterator[Source]:
    """The file, recognised and found fit, until its records are taken."""
    with ExitStack() as ends:
        content = ends.enter_context(open_input(file))
        if record_type is None:
            yield read_json_lines(content, encoding)
        else:
            yield read_csv(ends.enter_context(readable_again(content)), record_type, schemas, encoding)


@contextmanager
def _bar(file: str) -> Iterator[TellPublished]:
    """Show how many of the file's lines are answered, and the time left; without a terminal, show nothing."""
    lines = _lines(file) if PEOPLE.is_terminal else None
    with counted_progress(LABELS["answered"].both("zh", " "), lines) as tell:
        yield lambda _sent, answered: tell(answered)


def _lines(file: str) -> int | None:
    """About how many lines a file has; None if it can be read only once."""
    if file == STANDARD_INPUT or not Path(file).is_file():
        return None
    with Path(file).open("rb") as content:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: content.read(_CHUNK_BYTES), b""))


def _summarise(counts: Counter[str], rejected: list[Receipt]) -> None:
    table = Table("", LABELS["records"].both("zh", " "), box=None)
    for status in (*STATUSES, *sorted(counts.keys() - set(STATUSES))):
        table.add_row(status, str(counts[status]))
    PEOPLE.print(table)
    for receipt in rejected:
        for reason in receipt.reasons:
            line = LABELS["line"].filled(number=receipt.number).both("zh")
            say(f"{line}: {reason.code} {reason.field}".rstrip())
            say(f"  {reason.message_zh}\n  {reason.message_en}")
    more = counts[REJECTED] - len(rejected)
    if more:
        say(said("more_rejected", more=more))
