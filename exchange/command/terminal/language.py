"""Which of its two languages a command speaks first."""

import os
from typing import Annotated

import typer

from exchange.runtime.sentences import said
from topics.labels import Language

LangOption = Annotated[
    str, typer.Option("--lang", help="zh or en, which comes first. Default: zh, or en where LANG says so.")
]


def language_of(given: str) -> Language:
    """Return the language asked for; else English if LANG says so, and otherwise Chinese.

    Raises:
        typer.BadParameter: another language was asked for.
    """
    if given not in {"", "zh", "en"}:
        raise typer.BadParameter(said("lang_unknown"))
    wanted = given or os.environ.get("LANG", "")
    return "en" if wanted.startswith("en") else "zh"
