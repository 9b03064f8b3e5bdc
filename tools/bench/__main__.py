"""`python -m tools.bench`: see `command`."""

import sys

import typer

from exchange.command.terminal.console import say
from exchange.runtime.errors import ExchangeError
from tools.bench.command import bench

try:
    typer.run(bench)
except ExchangeError as problem:
    say(f"{problem.message} {problem.hint}".strip())
    sys.exit(1)
