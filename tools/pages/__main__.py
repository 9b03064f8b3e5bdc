"""`python -m tools.pages`: see `writing`."""

import sys

import typer

from exchange.command.terminal.console import say
from exchange.runtime.errors import ExchangeError
from tools.pages.writing import docs

try:
    typer.run(docs)
except ExchangeError as problem:
    say(f"{problem.message} {problem.hint}".strip())
    sys.exit(1)
