"""A whole city's cases without a log, in the tables of the read model.

Each is one of the sample city's at some moment of its life, with another person and other days, and goes
through the projector's own row functions.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Final

from avro_schemas.catalogue import schema
from avro_schemas.typed_documents import CaseDocument, FormFieldDocument, TaskDocument
from consumers.log.projection import Changes
from consumers.read_model.matter_told import note_told
from consumers.read_model.tables import ReadModelTables
from exchange.folding.memory_states import MemoryStates
from exchange.runtime.registry.serde import Decoder, Encoder
from producers.sample.city import sample_city
from tools.bench.load import id_number
from tools.bench.rules import START_MS, BenchMessage, Rules
from topics.catalogue import CASES, TASKS

AT_ONCE: Final = 500
SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN: Final = "建国秀兰志强桂英文军玉珍海燕永福淑芬德明春梅"
APPLICANTS: Final = 1_000_000
"""From this number on people are applicants."""

_TOLD: Final = """
INSERT INTO read_model.announcements
SELECT department, -1, place, md5(place::text), case_id, matter, instance, handled_in, transition,
    now(), now(), NULL, %s
FROM (
    SELECT *, %s + row_number() OVER () AS place FROM read_model.matter_facts,
        unnest(ARRAY['READY', 'APPLIED']) AS of (transition)
    WHERE case_id = ANY(%s) AND state NOT IN ('WAITING', 'NOT_APPLICABLE')
) AS each
"""
"""What departments were told of the matters: twice of each, in a partition that no log has."""
_MATTERS: Final = "matters."
_ID_BYTES: Final = 4
_MOST_TOLD: Final = 1000
"""A case is told of in fewer announcements."""


@dataclass(frozen=True)
class Moment:
    """A case of the sample city as it was at one moment, its bytes, and its tasks."""

    case: CaseDocument
    value: bytes
    tasks: tuple[TaskDocument, ...]


@dataclass
class SampleLife:
    """Every case of the sample city at every moment at which it changed; the bytes of an announcement."""

    moments: list[Moment]
    announcement: tuple[str, bytes]


def fill(
    connection: Any, tables: ReadModelTables, rules: Rules, cases: int, ids: Mapping[str, int] | None = None
) -> None:
    """Write so many cases, their tasks, and what departments were told of them.

    Args:
        connection: may write there, and finds the tables by their names alone.
        tables: those of the read model.
        rules: of the sample city.
        cases: how many.
        ids: topic → id of its schema, where somebody is to read what is written.
    """
    life = _life(rules)
    encode = Encoder(schema("case"), ids[CASES]).encode if ids else None
    rows = {one.topic: one.row for one in tables.projections}
    topic, told = life.announcement
    value = told[:1] + ids[topic].to_bytes(_ID_BYTES) + told[1 + _ID_BYTES :] if ids else told
    chance = Random(cases)  # noqa: S311 - made-up data, not a secret
    for first in range(0, cases, AT_ONCE):
        changes: dict[str, Changes] = {CASES: Changes(), TASKS: Changes()}
        for number in range(first, min(first + AT_ONCE, cases)):
            moment = chance.choice(life.moments)
            case, tasks = _lived(moment, number, timedelta(seconds=chance.randrange(200 * 86_400)))
            content = encode(case) if encode else moment.value
            message = BenchMessage(CASES, 0, number, b"", content, START_MS + number)
            changes[CASES].rows[number] = rows[CASES](message, case)
            for task in tasks:
                changes[TASKS].rows[task["task_id"]] = rows[TASKS](message, task)
        tables.write(connection, changes, {})
        case_ids = [row.case_id for row in changes[CASES].rows.values()]
        connection.execute(_TOLD, (value, first * _MOST_TOLD, case_ids))
        note_told(connection, case_ids)


def _life(rules: Rules) -> SampleLife:
    city = sample_city(rules.city.sample, rules.city.policy)
    read = Decoder[CaseDocument](schema("case"), {n: schema("case") for n in range(100)}.get).decode
    step, states = rules.step(), MemoryStates()
    tasks: dict[str, dict[str, TaskDocument]] = defaultdict(dict)
    life = SampleLife([], ("", b""))
    for message in rules.log((line["type"], line["record"]) for line in city.lines):
        batch = step.run([message], states)
        states.apply(batch)
        told = [output for outputs in batch.told.values() for output in outputs]
        for one in told:
            if one.topic == TASKS:
                tasks[one.document["case_id"]][one.document["task_id"]] = one.document
        for one in told:
            if one.topic == CASES and one.value:
                case = read(one.value)
                if not case["forwards_to"]:
                    life.moments.append(Moment(case, one.value, tuple(tasks[case["case_id"]].values())))
            elif one.topic.startswith(_MATTERS) and one.value:
                life.announcement = one.topic, one.value
    return life


def _lived(moment: Moment, number: int, later: timedelta) -> tuple[CaseDocument, list[TaskDocument]]:
    """Return the same life of somebody else, at another time."""
    found, case_id = moment.case, f"{number:032x}"
    said = {"id_number": id_number(number), "name": name_of(number)}
    case: CaseDocument = {
        **found,
        "case_id": case_id,
        "form": {**found["form"], "deceased": _of(found["form"]["deceased"], said)},
        "records": [{**one, "recorded_at": one["recorded_at"] + later} for one in found["records"]],
        "applications": [
            {
                **one,
                "recorded_at": one["recorded_at"] + later,
                "applicant": _of(one["applicant"], {"id_number": id_number(APPLICANTS + number)}),
            }
            for one in found["applications"]
        ],
        "matters": [
            {
                **one,
                "due": one["due"] and one["due"] + later,
                "results": [
                    {**result, "recorded_at": result["recorded_at"] + later} for result in one["results"]
                ],
            }
            for one in found["matters"]
        ],
    }
    tasks: list[TaskDocument] = [
        {**one, "case_id": case_id, "task_id": f"{number}-{nth}"} for nth, one in enumerate(moment.tasks)
    ]
    return case, tasks


def _of(fields: Mapping[str, FormFieldDocument], said: Mapping[str, str]) -> dict[str, FormFieldDocument]:
    """Return the fields of a form with other values where there are some."""
    return {
        name: {**one, "value": said[name]} if name in said and one["value"] else one
        for name, one in fields.items()
    }


def name_of(number: int) -> str:
    """Return a made-up name; so many people have few of them."""
    rest, family = divmod(number, len(SURNAMES))
    rest, first = divmod(rest, len(GIVEN))
    return SURNAMES[family] + GIVEN[first] + GIVEN[rest % len(GIVEN)]
