"""`exchange quarantine list|show|retry|discard`, put together."""

import typer

from exchange.command.quarantine.closing import discard
from exchange.command.quarantine.listing import list_entries
from exchange.command.quarantine.retrying import retry
from exchange.command.quarantine.showing import show

quarantine_app = typer.Typer(help="See what was refused, retry it, or close it.", no_args_is_help=True)
quarantine_app.command("list")(list_entries)
quarantine_app.command("show")(show)
quarantine_app.command("retry")(retry)
quarantine_app.command("discard")(discard)
