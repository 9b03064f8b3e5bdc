"""Options that several commands share, so that they are called and explained the same everywhere."""

from pathlib import Path
from typing import Annotated

import typer

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", envvar="EXCHANGE_HOME", help="The exchange to use; by default your own.", file_okay=False
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON lines on standard output, nothing else.")]
