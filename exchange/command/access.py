"""`exchange access`: who may what at the brokers, whether they say so, and what a role may do."""

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from consumers.labels.words import words
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.views.sheet import Sheet
from exchange.domain.access.broker_grants import (
    REFUSED_NOTHING,
    BrokerGrant,
    grants,
    outside_users,
    own_users,
)
from exchange.domain.policy_files.access import known_principals
from exchange.runtime.city import City, find_city
from exchange.runtime.credentials.desk import AccessDifference, apply_access, open_desk
from exchange.runtime.home import find_home
from exchange.runtime.logs import configure_logs
from exchange.runtime.principals import ADMIN, kafka_passwords
from exchange.runtime.settings import load_settings
from exchange.runtime.stack.kafka_locks import known_users
from exchange.runtime.stack.properties import as_properties
from topics.labels import Labels, Words
from topics.policy_file import no_such

LABELS: Final = Labels(__file__)
_ANY_NAME: Final = "*"

access_app = typer.Typer(
    help="See who may what, and make the brokers' own rules say the same.", no_args_is_help=True
)


@access_app.command("plan")
def plan(json: JsonOption = False, lang: LangOption = "", home: HomeOption = None) -> None:
    """Show what `exchange access apply` would add to the brokers' rules, and which strays it would remove.

    For example: exchange access plan

    The table is access.yaml of the policy, with the departments' own topics from catalogue.yaml; a stray lets
    somebody do what it does not say. Rules that refuse are left alone: credentials are revoked by them. Users
    that the brokers have lost are shown too, and those that no credential knows.
    Changes nothing. Exit 1 where something differs.
    """
    configure_logs(logging.WARNING)
    settings = load_settings(home, ADMIN)
    found = open_desk(settings).compare_access(datetime.now(UTC))
    _tell(found, Sheet(settings.city.policy, language_of(lang)), LABELS["would_change"], json=json)
    if any(found.grants) or any(found.users):
        raise typer.Exit(1)


@access_app.command("apply")
def apply(json: JsonOption = False, lang: LangOption = "", home: HomeOption = None) -> None:
    """Make the brokers' rules say what the table says: add what is missing, remove strays, show both.

    For example: exchange access apply

    `exchange up` and `exchange deploy` do the same. It holds at once, also for connections that are open.
    """
    configure_logs(logging.WARNING)
    settings = load_settings(home, ADMIN)
    found = apply_access(settings)
    _tell(found, Sheet(settings.city.policy, language_of(lang)), LABELS["changed"], json=json)


@access_app.command("show")
def show(
    who: Annotated[
        str, typer.Argument(metavar="WHO", show_default=False, help="A principal, a user, or a role.")
    ],
    json: JsonOption = False,
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Show what somebody may: at the brokers, and as a role in gateway, desk and console.

    For example: exchange access show health

    exchange access show joiner

    exchange access show window_clerk

    Principals are our own parts (joiner, projector, clock, reconciler, notifier, operator, admin), the
    departments, auditors, bank.USCC, county.CODE and system.NAME; health.2 is the second user of health.
    It asks the policy in use alone, so nothing need run.
    """
    del home  # taken so that every command takes it
    city = find_city()
    table, catalogue = city.access, city.catalogue
    principal = (own_users(catalogue) | outside_users({who}, catalogue)).get(who)
    if principal is None and who not in table.roles:
        raise typer.BadParameter(
            no_such("principal or role", who, [*known_principals(catalogue), *table.roles])
        )
    if json:
        for row in _rows(city, who, principal):
            print_json(row)
        return
    sheet = Sheet(city.policy, language_of(lang))
    if principal is not None:
        _show_principal(sheet, who, _grants(city, who, principal))
    if who in table.roles:
        _show_role(sheet, city, who)


@access_app.command("brokers")
def brokers(home: HomeOption = None) -> None:
    """Print the passwords of our own principals, for the configuration of brokers that run elsewhere.

    For example: exchange access brokers > passwords.properties

    Brokers that `exchange up` starts know them already. What is printed lets in whoever has it: keep it as
    closed as the home. compose/compose.yaml says where the file goes.
    """
    place = find_home(home)
    place.create()
    passwords = kafka_passwords(place)
    typer.echo(as_properties({"plain": known_users(passwords, passwords)}), nl=False)


def _grants(city: City, who: str, principal: str | None) -> list[BrokerGrant]:
    return sorted(grants(city.access, city.catalogue, {who: principal})) if principal else []


def _rows(city: City, who: str, principal: str | None) -> Iterable[Mapping[str, object]]:
    for grant in _grants(city, who, principal):
        yield _row(grant)
    if role := city.access.roles.get(who):
        for action in sorted(role.may):
            yield {"role": who, "action": action, "within": sorted(role.within)}


def _row(grant: BrokerGrant) -> dict[str, object]:
    return {
        "who": _who(grant),
        "operation": grant.operation,
        "resource": grant.resource,
        "name": grant.name,
        "prefix": grant.prefix,
    }


def _who(grant: BrokerGrant) -> str:
    return grant.principal.removeprefix("User:")


def _tell(found: AccessDifference, sheet: Sheet, summary: Words, *, json: bool) -> None:
    missing, stray = found.grants
    changes = [("add", one) for one in missing] + [("remove", one) for one in stray]
    users = [("let_in", name) for name in found.users.missing]
    users += [("shut_out", name) for name in found.users.open]
    for problem in found.problems:
        say(problem)
    if json:
        for change, grant in changes:
            print_json({"change": change, **_row(grant)})
        for change, user in users:
            print_json({"change": change, "who": user})
        return
    if not changes and not users:
        say(sheet.both(LABELS["in_place"]))
        return
    table = sheet.table(LABELS["title"], LABELS.table("columns").values())
    for change, grant in changes:
        table.add_row(sheet.say(LABELS.table("changes")[change]), _who(grant), *_cells(sheet, grant))
    for change, user in users:
        table.add_row(sheet.say(LABELS.table("changes")[change]), user, "", "")
    paper().print(table)
    if changes:
        say(sheet.both(summary.filled(added=len(missing), removed=len(stray))))


def _cells(sheet: Sheet, grant: BrokerGrant) -> tuple[str, str]:
    """Return what a grant lets do, and with what."""
    operation = sheet.say(words(LABELS.table("operations"), grant.operation))
    resource = sheet.say(words(LABELS.table("resources"), grant.resource))
    return operation, f"{resource} {grant.name}{_ANY_NAME if grant.prefix else ''}"


def _show_principal(sheet: Sheet, who: str, found: list[BrokerGrant]) -> None:
    if not found:
        name = "refused_nothing" if who in REFUSED_NOTHING else "nothing_there"
        say(sheet.both(LABELS[name].filled(who=who)))
        return
    columns = LABELS.table("columns")
    table = sheet.table(LABELS["title"], [columns[name] for name in ("who", "operation", "what")])
    for grant in found:
        table.add_row(_who(grant), *_cells(sheet, grant))
    paper().print(table)


def _show_role(sheet: Sheet, city: City, name: str) -> None:
    role = city.access.roles[name]
    table = sheet.table(LABELS["role_title"], LABELS.table("role_columns").values())
    table.add_row(name, ", ".join(sorted(role.may)), ", ".join(sorted(role.within)))
    paper().print(table)
