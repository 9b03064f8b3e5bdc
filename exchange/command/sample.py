"""`exchange sample`: the made-up city as a file, for people to look at and to publish piece by piece."""

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from exchange.command.terminal.console import say
from exchange.command.terminal.options import HomeOption
from exchange.command.terminal.output_file import write_file
from exchange.runtime.city import find_city
from exchange.runtime.sentences import said
from producers.sample.city import PEOPLE, SEED, MadeUpCity, sample_city

PeopleOption = Annotated[
    int, typer.Option("--people", min=1, help="How many people with an ordinary story it has.")
]


def sample(
    people: PeopleOption = PEOPLE,
    seed: Annotated[int, typer.Option("--seed", help="Another seed gives another city.")] = SEED,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The file to write; by default standard output."),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write the records of a made-up city as JSON lines, untidy as life; the same for the same seed.

    For example: exchange sample --out city.jsonl, then exchange publish city.jsonl
    """
    del home  # every command takes it; this one needs nothing from a home
    own = find_city()
    city = sample_city(own.sample, own.policy, people, seed)
    content = _json_lines(city)
    if out is None:
        sys.stdout.buffer.write(content)
        return
    write_file(content, out)
    say(said("records_are_in", number=len(city.lines), path=out))


def _json_lines(city: MadeUpCity) -> bytes:
    return b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in city.lines)
