"""`exchange webhooks`: what the portal has not been told, why, and what becomes of it."""

import logging
from typing import Annotated, Final

import typer

from consumers.labels.words import words
from consumers.notifier.deliveries import OPEN, WebhookDesk
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption, actor_of
from exchange.command.views.deliveries import DELIVERY_STATES, delivery_row, delivery_table
from exchange.command.views.sheet import Sheet
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings
from exchange.runtime.webhook_endpoint import NOTIFIER

LIMIT: Final = 50
IdsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[WEBHOOK]...", show_default=False, help="Only these, by their ids."),
]
AllOption = Annotated[bool, typer.Option("--all", help="Everything that the portal has not accepted.")]

webhooks_app = typer.Typer(
    help="See what the portal has not received, send it again, or close it.", no_args_is_help=True
)


@webhooks_app.command("list")
def list_webhooks(
    closed_too: Annotated[bool, typer.Option("--all", help="Also what is delivered or discarded.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many, the oldest first.")] = LIMIT,
    json: JsonOption = False,
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Show what the portal has not taken, the oldest first: since when, how often it was tried, and why not.

    For example: exchange webhooks list --limit 200

    A pending one is tried again by itself; a dead one waits for a person. Nothing here is personal data, so
    no access record is left.
    """
    language = language_of(lang)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    found, total = WebhookDesk(settings).find(limit, closed_too=closed_too)
    if json:
        for one in found:
            print_json(delivery_row(one))
    elif found:
        paper().print(delivery_table(Sheet(settings.city.policy, language), found))
    else:
        say(said("webhooks_none" if closed_too else "webhooks_all_received"))
    if total > len(found):
        say(said("some_are_shown", shown=f"{len(found):,}", total=f"{total:,}"))


@webhooks_app.command()
def retry(webhook_ids: IdsArgument = None, everything: AllOption = False, home: HomeOption = None) -> None:
    """Send to the portal again what it has not taken: now, of each case in order, under the same ids.

    For example: exchange webhooks retry --all

    A dead one has all its attempts before it again. Exit 1 where one asked for is not there, or is closed.
    """
    desk, chosen = _chosen(webhook_ids, home, everything=everything)
    say(said("webhooks_sent_in_turn", number=f"{desk.retry(chosen):,}"))


@webhooks_app.command()
def discard(
    reason: Annotated[
        str, typer.Option("--reason", show_default=False, help="The reason; it is kept with it.")
    ],
    webhook_ids: IdsArgument = None,
    everything: AllOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Close what the portal need not be told any more.

    For example: exchange webhooks discard --all --reason "portal has read all cases anew"

    Exit 1 where one asked for is not there, or is closed.
    """
    if not reason.strip():
        raise typer.BadParameter(said("say_why_not_told"))
    desk, chosen = _chosen(webhook_ids, home, everything=everything)
    say(said("webhooks_discarded", number=f"{desk.discard(chosen, actor_of(actor), reason.strip()):,}"))


def _chosen(
    webhook_ids: list[str] | None, home: HomeOption, *, everything: bool
) -> tuple[WebhookDesk, list[str]]:
    """Return those that a command is about; exit 1 if one is not there or is closed."""
    if bool(webhook_ids) == everything:
        raise typer.BadParameter(said("say_which_webhooks"))
    configure_logs(logging.WARNING)
    desk = WebhookDesk(load_settings(home, NOTIFIER))  # the only one who may change what it keeps
    if not webhook_ids:
        return desk, desk.open_ids()
    states = {one["webhook_id"]: one["state"] for one in desk.get(webhook_ids)}
    for webhook_id in webhook_ids:
        if states.get(webhook_id) not in OPEN:
            say(_not_open(webhook_id, states.get(webhook_id)))
            raise typer.Exit(1)
    return desk, webhook_ids


def _not_open(webhook_id: str, state: str | None) -> str:
    if state is None:
        return said("webhook_unknown", webhook=webhook_id)
    return said("webhook_closed", webhook=webhook_id, state=words(DELIVERY_STATES, state).both("zh"))
