"""Matters in the read model: for the statistics, for queues, and for who compares them with their case.

Shape: `matter_facts`: one row per case, matter and instance: the fields of ``statistics.facts.MatterFact``,
then those of ``matter_work.MatterWork``, with `due` infinite where no limit runs, and those of `matter_told`.
No row holds anybody's name or number.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

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
    told boolean NOT NULL DEFAULT false,
    told_there boolean NOT NULL DEFAULT false,
    UNIQUE NULLS NOT DISTINCT (case_id, matter, instance)
);
CREATE INDEX ON matter_facts (department, state, {SOONEST_FIRST}) INCLUDE (handled_in, told, told_there);
CREATE INDEX ON matter_facts (instance, state, {SOONEST_FIRST}) WHERE instance IS NOT NULL;
"""
_KEY: Final = "case_id, matter, instance"
_SAID: Final = (
    *("department", "county", "state", "died_on", "done_on", "counted", "materials_saved"),
    *("handled_in", "since", "due", "days_left", "channel"),
)
"""The columns that the case itself says."""
# A record changes few of a case's matters: the others' rows and their places in the indexes stay.
_PUT: Final = f"""
WITH put AS MATERIALIZED (SELECT * FROM json_populate_recordset(null::matter_facts, %s::json)), gone AS (
    DELETE FROM matter_facts AS held WHERE case_id = ANY(%s) AND NOT EXISTS (
        SELECT FROM put WHERE put.case_id = held.case_id AND put.matter = held.matter
            AND put.instance IS NOT DISTINCT FROM held.instance
    )
)
INSERT INTO matter_facts AS held ({_KEY}, {", ".join(_SAID)})
SELECT {_KEY}, {", ".join(_SAID)} FROM put
ON CONFLICT ({_KEY}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _SAID)}
WHERE ({", ".join(f"held.{name}" for name in _SAID)})
    IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _SAID)})
"""  # noqa: S608 - put together from constants alone

MatterRow = dict[str, Any]
"""Column → value, as JSON can hold it."""


def matter_rows(
    case_id: str, facts: Iterable[MatterFact], work: Iterable[MatterWork]
) -> tuple[MatterRow, ...]:
    """Return the rows that a case's matters make, one for each matter and instance."""
    rows = (
        {
            "case_id": case_id,
            "matter": fact.matter,
            "instance": _text(fact.instance),
            "department": fact.department,
            "county": _text(fact.county),
            "state": fact.state,
            "died_on": fact.died_on,
            "done_on": fact.done_on,
            "counted": fact.counted,
            "materials_saved": fact.materials_saved,
            "handled_in": _text(one.handled_in),
            "since": one.since,
            "due": one.due or "infinity",
            "days_left": one.days_left,
            "channel": _text(one.channel),
        }
        for fact, one in zip(facts, work, strict=True)
    )
    # No two of one name: they would stop all rows.
    return tuple({(row["matter"], row["instance"]): row for row in rows}.values())


def put_matters(connection: Connection, matters: Mapping[str, Iterable[MatterRow]]) -> None:
    """Write the rows of cases (case id → its rows) over those that are there."""
    rows = [row for found in matters.values() for row in found]
    connection.execute(_PUT.encode(), (orjson.dumps(rows).decode(), list(matters)))


def _text(value: str | None) -> str | None:
    return storable(value or "") or None
