"""Credentials as operators read them, for people and as JSON; secrets are in what was just issued alone."""

from collections.abc import Iterable, Mapping
from typing import Final

from rich.table import Table

from avro_schemas.catalogue import Document
from consumers.labels.operations import CREDENTIAL_STATES
from consumers.labels.words import TIMES, for_people, local_time, words
from consumers.read_model.rows import plain
from exchange.command.views.sheet import Sheet
from exchange.domain.credentials import Credential, CredentialAct
from exchange.runtime.credentials.desk import Issued
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
CREDENTIAL_ACTS: Final[Mapping[str, Words]] = LABELS.table("credential_acts")
TITLE: Final = LABELS["title"]
COLUMNS: Final = tuple(LABELS.table("columns").values())


def issued_row(issued: Issued) -> Document:
    """Return what is said of a new credential once, as the command prints it: its secrets are in it."""
    credential = issued.credential
    return {
        "department": credential.holder.department,
        "client_id": credential.credential_id,
        "client_secret": issued.client_secret,
        "kafka_user": credential.credential_id,
        "kafka_password": issued.kafka_password,
    }


def issued_table(issued: Issued) -> Table:
    """Return the same for people, each by the name that a program's settings give it."""
    table = Table(box=None, show_header=False)
    for name, value in issued_row(issued).items():
        table.add_row(name, value)
    return table


def credential_row(credential: Credential) -> Document:
    """Return a credential as `exchange credentials list --json` prints it."""
    holder = credential.holder
    return {
        "client_id": credential.credential_id,
        "kafka_user": credential.credential_id,
        "principal": holder.principal,
        "department": holder.department,
        "bank": holder.bank,
        "county": holder.county,
        "state": credential.state,
        "made_at": plain(credential.made_at),
        "ends_at": plain(credential.ends_at),
        "replaced_by": credential.replaced_by,
        "history": [_act_row(done) for done in credential.history],
    }


def _act_row(done: CredentialAct) -> Document:
    request = done.request
    return {
        "act": done.act,
        "at": plain(request.at),
        "actor": request.actor,
        "principal": request.principal,
        "reason": request.reason,
    }


def credential_table(sheet: Sheet, credentials: Iterable[Credential]) -> Table:
    """Return the credentials in the order given; every time is Asia/Shanghai's."""
    table = sheet.table(TITLE, COLUMNS)
    table.caption, table.caption_justify = sheet.both(TIMES), "left"
    for one in credentials:
        last = one.history[-1]
        table.add_row(
            one.credential_id,
            _holder(sheet, one),
            sheet.say(words(CREDENTIAL_STATES, one.state)),
            local_time(one.ends_at) if one.ends_at and one.state != "REVOKED" else "",
            f"{sheet.say(words(CREDENTIAL_ACTS, last.act))} {local_time(last.request.at)}",
            for_people(last.request.actor),
            for_people(last.request.reason or ""),
        )
    return table


def _holder(sheet: Sheet, credential: Credential) -> str:
    """Return whose it is: a department, and the bank or the county that acts as it."""
    holder, policy = credential.holder, sheet.policy
    name = sheet.department(holder.department)
    if holder.bank is not None:
        return sheet.joined((name, policy.banks.name_of(holder.bank)))
    if holder.county is not None:
        return sheet.joined((name, policy.city.county_name(holder.county)))
    return name
