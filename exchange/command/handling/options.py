"""Options that the commands with forms share."""

from typing import Annotated, Any

import typer

from exchange.desk.actions.applications import ORIGINALS

CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="[CASE]",
        show_default=False,
        help="A case id, or an ID number; - reads it from standard input. By default it is asked for.",
    ),
]
MatterOption = Annotated[
    int | None, typer.Option("--matter", metavar="N", help="Which matter, by its number.")
]
InstanceOption = Annotated[
    str,
    typer.Option("--instance", metavar="BANK", help="Which bank, of a matter that there is once per bank."),
]
ApplicationOption = Annotated[
    str,
    typer.Option(
        "--application",
        metavar="RECORD_ID",
        help="Of several applications, one alone; by default all that stand.",
    ),
]
OneApplicationOption = Annotated[
    str,
    typer.Option(
        "--application", metavar="RECORD_ID", help="Which application; needed where there are several."
    ),
]
OriginalsOption = Annotated[
    list[int] | None,
    typer.Option(
        "--original",
        metavar="KIND",
        help="A material whose original was sighted, by its number; once for each.",
    ),
]
DeliveryOption = Annotated[str, typer.Option("--delivery", metavar="HOW", help="WINDOW or MAIL.")]
RecordOption = Annotated[
    str,
    typer.Option("--record", metavar="RECORD_ID", help="Which record, by its id; needed among several."),
]
FileOption = Annotated[
    str,
    typer.Option(
        "--file",
        metavar="FILE",
        help='JSON: {"answers": {…}}, or what --draw prints, filled in; - is standard input.',
    ),
]
DrawOption = Annotated[
    bool,
    typer.Option("--draw", help="Only print the form as JSON: its record's id and time, and what it asks."),
]


def papers(materials: list[int] | None, originals: list[int] | None) -> dict[str, list[str]]:
    """Return the answers about materials, by number: those handed in, and originals that were sighted."""
    return {"materials": [*map(str, materials or ())], ORIGINALS: [*map(str, originals or ())]}


def answered(**answers: Any) -> dict[str, Any]:
    """Return the answers that were given as options: an empty one was not."""
    return {name: value for name, value in answers.items() if value not in ("", None, [])}
