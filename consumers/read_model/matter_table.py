"""Matters in the read model: for the statistics, for queues, and for who compares them with their case.

Shape: `matter_facts`: one row per case, matter and instance: the fields of ``statistics.facts.MatterFact``,
then those of ``matter_work.MatterWork``, with `due` infinite where no limit runs. No row holds anybody's name
or number.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from consumers.log.copies import Connection
from consumers.log.projection import storable
from consumers.read_model.matter_work import MatterWork
from consumers.statistics.facts import MatterFact

SOONEST_FIRST: Final = "due, (coalesce(since, '-infinity')), case_id, matter, (coalesce(instance, ''))"
"""The order of queues. `due` is never null, so that the index alone tells how much is due."""
MATTER_LAYOUT: Final = f"""
CREATE TABLE matter_facts (
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    matter smallint NOT NULL,
    instance text,
    department text NOT NULL,
    county text,
    state text NOT NULL,
    died_on date,
    done_on date,
    counted boolean NOT NULL,
    materials_saved smallint NOT NULL,
    handled_in text,
    since timestamptz,
    due date NOT NULL,
    days_left smallint,
    channel text,
    UNIQUE NULLS NOT DISTINCT (case_id, matter, instance)
);
CREATE INDEX ON matter_facts (department, state, {SOONEST_FIRST}) INCLUDE (handled_in);
CREATE INDEX ON matter_facts (instance, state, {SOONEST_FIRST}) WHERE instance IS NOT NULL;
"""
COLUMNS: Final = 15
_FORGET: Final = """
DELETE FROM matter_facts AS held WHERE case_id = ANY(%s) AND NOT EXISTS (
    SELECT FROM unnest(%s::text[], %s::smallint[], %s::text[]) AS now (case_id, matter, instance)
    WHERE now.case_id = held.case_id AND now.matter = held.matter
        AND now.instance IS NOT DISTINCT FROM held.instance
)
"""
# A record changes few of a case's matters: the others' rows and their places in the indexes stay.
_PUT: Final = """
INSERT INTO matter_facts AS held
SELECT case_id, matter, instance, department, county, state, died_on, done_on, counted, materials_saved,
    handled_in, since, coalesce(due, 'infinity'), days_left, channel
FROM unnest(
    %s::text[], %s::smallint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::date[], %s::date[],
    %s::boolean[], %s::smallint[], %s::text[], %s::timestamptz[], %s::date[], %s::smallint[], %s::text[]
) AS put (
    case_id, matter, instance, department, county, state, died_on, done_on, counted, materials_saved,
    handled_in, since, due, days_left, channel
)
ON CONFLICT (case_id, matter, instance) DO UPDATE SET
    department = excluded.department, county = excluded.county, state = excluded.state,
    died_on = excluded.died_on, done_on = excluded.done_on, counted = excluded.counted,
    materials_saved = excluded.materials_saved, handled_in = excluded.handled_in, since = excluded.since,
    due = excluded.due, days_left = excluded.days_left, channel = excluded.channel
WHERE (held.*) IS DISTINCT FROM (excluded.*)
"""

MatterRow = tuple[Any, ...]
"""The columns of one row, in their order, without the case."""


def matter_rows(facts: Iterable[MatterFact], work: Iterable[MatterWork]) -> tuple[MatterRow, ...]:
    """Return the rows that a case's matters make, one for each matter and instance."""
    rows = (
        (
            fact.matter,
            _text(fact.instance),
            fact.department,
            _text(fact.county),
            fact.state,
            fact.died_on,
            fact.done_on,
            fact.counted,
            fact.materials_saved,
            _text(one.handled_in),
            one.since,
            one.due,
            one.days_left,
            _text(one.channel),
        )
        for fact, one in zip(facts, work, strict=True)
    )
    return tuple({row[:2]: row for row in rows}.values())  # no two of one name: they would stop all rows


def put_matters(connection: Connection, matters: Mapping[str, Iterable[MatterRow]]) -> None:
    """Write the rows of cases (case id → its rows) over those that are there."""
    rows = [(case_id, *row) for case_id, found in matters.items() for row in found]
    columns = [[row[number] for row in rows] for number in range(COLUMNS)]
    connection.execute(_FORGET, (list(matters), *columns[:3]))
    connection.execute(_PUT, columns)


def _text(value: str | None) -> str | None:
    return storable(value or "") or None
