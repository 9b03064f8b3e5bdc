"""`exchange progress`: how a family's matters stand, for the portal and the hotline."""

from typing import Annotated

import typer

from consumers.family.progress import open_matters
from consumers.guide.text import contact_rows, contacts_of
from consumers.read_model.rows import plain
from exchange.command.terminal.asked import asked_at_desk, existing
from exchange.command.terminal.console import paper, print_json
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.command.views.family import ProgressPage
from exchange.desk.progress import ProgressRequest, read_progress
from exchange.domain.policy_files.family import Audience, FamilyPolicy
from exchange.runtime.city import find_city
from exchange.runtime.sentences import said


def progress(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    id_number_or_case_id: Annotated[str, typer.Argument(show_default=False)],
    audience: Annotated[
        str,
        typer.Option("--for", help="Who reads it: applicant, 12345 or what situations.yaml has."),
    ] = "applicant",
    application: Annotated[
        str,
        typer.Option(
            "--application",
            metavar="RECORD_ID",
            help="Whose page: an application, by its id or how that begins; exchange case lists them. It "
            "tells how that one stands and what was said to it. Default: the latest in force.",
        ),
    ] = "",
    json: JsonOption = False,
    lang: LangOption = "",
    reason: Annotated[str, typer.Option("--reason", help="The reason; it goes into the access record.")] = "",
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Show a family how its matters stand: what is done, what waits for whom, and what to bring.

    The applicant hears results, with amounts and documents, of the matters of the own application; the
    hotline, 12345, hears progress alone, without names, amounts or reasons. Every look leaves an access
    record, before anything is shown. For example: exchange progress 620502194711020686 --for 12345

    Exit 1 where there is no such case or no such application.
    """
    family = find_city().family
    reader = _audience(audience, family)
    language = language_of(lang)
    with asked_at_desk(id_number_or_case_id, actor, home) as (desk, asker, person):
        request = ProgressRequest(reader, application, reason)
        view = existing(read_progress(desk, asker, person, request))
    rules = desk.policy
    contacts = contacts_of(open_matters(view), desk.settings.city.guide, rules)
    if json:
        print_json(plain({**view, "contacts": contact_rows(contacts)}))
        return
    for line in ProgressPage(rules, language).lines(view, family, contacts):
        paper().print(line, soft_wrap=True)


def _audience(name: str, policy: FamilyPolicy) -> Audience:
    found = policy.audience(name)
    if found is None:
        known = ", ".join(one.audience for one in policy.audiences)
        raise typer.BadParameter(said("audience_unknown", known=known, name=name))
    return found
