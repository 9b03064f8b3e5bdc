"""`python -m tools.pictures`: see `command`."""

import sys

import typer

from exchange.command.terminal.console import say
from exchange.runtime.errors import ExchangeError
from tools.pictures.command import pictures

try:
    typer.run(pictures)
except ExchangeError as problem:
    say(f"{problem.message} {problem.hint}".strip())
    sys.exit(1)
