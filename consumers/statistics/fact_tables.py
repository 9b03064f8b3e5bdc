"""The facts of cases in the read model, for the statistics; no row holds personal data.

Shape: `matter_facts`, `application_facts`: the fields of ``consumers.statistics.facts``, by case_id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from consumers.log.copies import Connection
from consumers.log.projection import storable
from consumers.statistics.facts import ApplicationFact, MatterFact

FactRows = tuple[tuple[MatterFact, ...], tuple[ApplicationFact, ...]]

FACT_LAYOUT: Final = """
CREATE TABLE read_model.matter_facts (
    case_id text NOT NULL REFERENCES read_model.cases ON DELETE CASCADE,
    matter smallint NOT NULL,
    instance text,
    department text NOT NULL,
    county text,
    state text NOT NULL,
    died_on date,
    done_on date,
    counted boolean NOT NULL,
    materials_saved smallint NOT NULL
);
CREATE INDEX ON read_model.matter_facts (case_id);
CREATE TABLE read_model.application_facts (
    case_id text NOT NULL REFERENCES read_model.cases ON DELETE CASCADE,
    channel text,
    county text,
    died_on date,
    departments text NOT NULL,
    visits_saved smallint NOT NULL
);
CREATE INDEX ON read_model.application_facts (case_id);
"""
_FORGET: Final = (
    "DELETE FROM read_model.matter_facts WHERE case_id = ANY(%s)",
    "DELETE FROM read_model.application_facts WHERE case_id = ANY(%s)",
)
_PUT_MATTERS: Final = """
INSERT INTO read_model.matter_facts SELECT * FROM unnest(
    %s::text[], %s::smallint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::date[], %s::date[],
    %s::boolean[], %s::smallint[]
)
"""
_PUT_APPLICATIONS: Final = """
INSERT INTO read_model.application_facts SELECT * FROM unnest(
    %s::text[], %s::text[], %s::text[], %s::date[], %s::text[], %s::smallint[]
)
"""


def put_facts(connection: Connection, facts: Mapping[str, FactRows]) -> None:
    """Write the facts of cases (case id → facts) over those that are there."""
    for statement in _FORGET:
        connection.execute(statement, (list(facts),))
    matters = [(case_id, one) for case_id, (found, _) in facts.items() for one in found]
    connection.execute(_PUT_MATTERS, _columns(matters, MatterFact))
    applications = [(case_id, one) for case_id, (_, found) in facts.items() for one in found]
    if applications:
        connection.execute(_PUT_APPLICATIONS, _columns(applications, ApplicationFact))


def _columns(rows: Sequence[tuple[str, Any]], kind: type) -> list[list[Any]]:
    names = [field.name for field in fields(kind)]
    values = [[_storable(getattr(one, name)) for _, one in rows] for name in names]
    return [[case_id for case_id, _ in rows], *values]


def _storable(value: Any) -> Any:
    if isinstance(value, tuple):
        return storable(" ".join(value))
    return storable(value) if isinstance(value, str) else value
