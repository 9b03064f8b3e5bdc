"""The applications of cases in the read model, for the statistics; no row holds personal data.

Shape: `application_facts`: the fields of ``facts.ApplicationFact``, by case_id.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from consumers.log.copies import Connection
from consumers.log.projection import storable
from consumers.statistics.facts import ApplicationFact

APPLICATION_LAYOUT: Final = """
CREATE TABLE application_facts (
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    channel text,
    county text,
    died_on date,
    departments text NOT NULL,
    visits_saved smallint NOT NULL
);
CREATE INDEX ON application_facts (case_id);
"""
_FORGET: Final = "DELETE FROM application_facts WHERE case_id = ANY(%s)"
_PUT: Final = """
INSERT INTO application_facts SELECT * FROM unnest(
    %s::text[], %s::text[], %s::text[], %s::date[], %s::text[], %s::smallint[]
)
"""


def put_applications(connection: Connection, facts: Mapping[str, Iterable[ApplicationFact]]) -> None:
    """Write the applications of cases (case id → facts) over those that are there."""
    connection.execute(_FORGET, (list(facts),))
    found = [(case_id, one) for case_id, applications in facts.items() for one in applications]
    if found:
        connection.execute(_PUT, _columns(found))


def _columns(rows: Sequence[tuple[str, ApplicationFact]]) -> list[list[Any]]:
    values = [[_storable(getattr(one, field.name)) for _, one in rows] for field in fields(ApplicationFact)]
    return [[case_id for case_id, _ in rows], *values]


def _storable(value: Any) -> Any:
    if isinstance(value, tuple):
        return storable(" ".join(value))
    return storable(value) if isinstance(value, str) else value
