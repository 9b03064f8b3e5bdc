"""`exchange follow`: a department's announcements as they come, each once."""

import logging
import sys
from functools import partial
from typing import Annotated, Final

import typer

from avro_schemas.typed_documents import AnnouncementDocument
from consumers.announcements.follower import Follower
from consumers.read_model.rows import announcement_row
from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.command.views.announcements import announcement_line
from exchange.desk.desk import open_desk
from exchange.desk.other_looks import note_following
from exchange.runtime.city import City, find_city
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings
from topics.labels import Labels, Language

LABELS: Final = Labels(__file__)


def follow(
    department: Annotated[
        str, typer.Argument(show_default=False, help="Code of a department that decides matters.")
    ],
    json: JsonOption = False,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Begin with the first announcement; otherwise only new ones.")
    ] = False,
    until_idle: Annotated[
        float | None,
        typer.Option(
            "--until-idle", min=0, metavar="SECONDS", help="End when nothing has arrived for so long."
        ),
    ] = None,
    actor: ActorOption = "",
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Show what becomes of a department's matters as it happens; Ctrl-C ends.

    While Kafka is away, at the start too, it waits, says so, and goes on where it was.

    The drafts are for that department and come in full in --json; for people numbers are masked. One access
    record is left for the session, before anything is shown.
    """
    known = find_city().catalogue.deciding
    if department not in known:
        raise typer.BadParameter(said("department_decides_nothing", name=department, known=", ".join(known)))
    language = language_of(lang)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    asker = asker_of(actor, settings)
    told = partial(_tell_brokers, settings.kafka.servers)
    try:
        with Follower(settings, department, from_start=from_start, told=told) as follower:
            with open_desk(settings) as desk:
                reason = "{0.en} ({0.zh})".format(LABELS["reason"])
                note_following(desk, asker, department, reason, unmasked=json)
            say(said("following_all" if from_start else "following_new", name=department))
            for announcement in follower.announcements(until_idle):
                _show(announcement, settings.city, language, json=json)
    except KeyboardInterrupt:
        return


def _tell_brokers(servers: str, away: bool) -> None:
    if away:
        say(said("kafka_waited_for", address=servers))
        say(said("nothing_missed"))
    else:
        say(said("kafka_back"))


def _show(announcement: AnnouncementDocument, city: City, language: Language, *, json: bool) -> None:
    if json:
        print_json(announcement_row(announcement))
    else:
        sys.stdout.write(announcement_line(announcement, city.policy, language) + "\n")
    sys.stdout.flush()
