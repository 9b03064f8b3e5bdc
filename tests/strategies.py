"""Strategies shared by all tests: valid records of every type as JSON has them, built from the schemas."""

from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from typing import Any

from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from avro_schemas.catalogue import SHIPPED, Schemas
from tests.people import id_number as number_of
from topics.catalogue import load_catalogue
from verification.code_lists import code_list
from verification.identity import identify
from verification.shapes import Field, shape_of
from verification.watched_fields import kind_of

FIRST_DEATH = date(2020, 1, 1)
LAST_DEATH = date(2026, 5, 31)
RECORDED_FROM = datetime(2026, 6, 2, tzinfo=UTC)
RECORDED_UNTIL = datetime(2026, 6, 30, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))

OWNERS = {name: owner or "justice" for name, owner in load_catalogue().owners.items()}
"""Record type → who publishes it here; of those that each department publishes, one."""
MATTER_OF_RESULTS = 9
DECIDERS = {number: frozenset({"justice"} if number == MATTER_OF_RESULTS else ()) for number in range(1, 13)}
MATERIALS = frozenset(range(1, 8))

_SURNAMES = "赵钱孙李周吴郑王马杨"
_GIVEN = "秀兰建国桂英志强玉梅小平买买提"
_OTHER_WORDS = "天水秦州麦积甘谷武山第一人民医院路号楼"
_USCC = ("91620500MA71C2QK06", "N2620500MA71C2QK0M")
_NEVER_STATED = frozenset({"id_number_original", "supersedes", "department"})


@cache
def valid_id_numbers() -> st.SearchStrategy[str]:
    """Numbers of people of Tianshui who were grown up when the first of the deaths here happened."""
    regions = st.sampled_from(["620502", "620503", "620521", "620522", "620523", "620524", "620525"])
    births = st.dates(date(1925, 1, 1), date(2001, 12, 31))
    return st.builds(number_of, regions, births, st.integers(1, 999))


@cache
def names() -> st.SearchStrategy[str]:
    """Names of people, of two to four characters."""
    given = st.text(_GIVEN, min_size=1, max_size=3)
    return st.builds(lambda surname, rest: surname + rest, st.sampled_from(_SURNAMES), given)


@st.composite
def valid_record(
    draw: st.DrawFn,
    record_type: str,
    id_number: str | None = None,
    name: str | None = None,
    schemas: Schemas = SHIPPED,
) -> dict[str, Any]:
    """A record that acceptance takes without holding it, JSON-shaped, with optional fields there or not.

    Deaths fall between FIRST_DEATH and LAST_DEATH, what follows on 1 June 2026, recordings after that.
    """
    record = _object(draw, shape_of(record_type, schemas).fields)
    record["id_number"] = id_number or draw(valid_id_numbers())
    record["name"] = name or draw(names())
    record["id_type"] = "RESIDENT_ID"
    record["action"] = "ISSUED"
    _agree_with_number(record)
    if record_type == "result":
        record["matter"] = MATTER_OF_RESULTS
    if record_type == "handover" and record["delivery"] == "MAIL":
        record.setdefault("postal_no", "1234567890123")
    return record


@cache
def any_valid_record() -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """A record type with a valid record of it."""
    return st.sampled_from(sorted(OWNERS)).flatmap(lambda t: st.tuples(st.just(t), valid_record(t)))


@cache
def json_values() -> st.SearchStrategy[Any]:
    """Whatever JSON or a careless program can say, even NaN, huge numbers and lone surrogates."""
    scalars = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.just(10**400)
        | st.floats()
        | st.text()
        | st.text(st.characters(categories=["Cs", "Cc", "Nd", "Lo"]))
    )
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
        max_leaves=8,
    )


def _agree_with_number(record: dict[str, Any]) -> None:
    """Sex and birth date are those in the number, or the record would be held."""
    told = identify(record["id_number"])
    if record.get("sex"):
        record["sex"] = told.sex
    if record.get("birth_date") and told.birth_date:
        record["birth_date"] = told.birth_date.isoformat()
    if applicant := record.get("applicant"):
        if applicant["id_number"] == record["id_number"]:
            applicant["id_number"] = number_of(sequence=503 if told.sex == "2" else 504)
        if applicant.get("sex"):
            applicant["sex"] = identify(applicant["id_number"]).sex


def _object(draw: st.DrawFn, fields: tuple[Field, ...]) -> dict[str, Any]:
    """Every required field and, by chance, the others; null stands for absent at times."""
    value: dict[str, Any] = {}
    for field in fields:
        if field.name in _NEVER_STATED or not (field.required or draw(st.booleans())):
            continue
        value[field.name] = draw(_values(field))
    return value


@cache  # Hypothesis keeps what it learns of a strategy with the strategy
def _values(field: Field) -> st.SearchStrategy[Any]:
    if field.kind == "record":
        return st.composite(lambda draw: _object(draw, field.fields))()
    if field.item:
        least = 1 if field.required else 0
        return st.lists(_values(field.item), min_size=least, max_size=3, unique_by=repr)
    by_rule = _by_rule(field)
    return by_rule if by_rule is not None else _by_kind(field)


def _by_rule(field: Field) -> st.SearchStrategy[Any] | None:
    if field.rule.startswith("codes:"):
        return st.sampled_from(sorted(code_list(field.rule.removeprefix("codes:")).codes))
    rules: dict[str, st.SearchStrategy[Any]] = {
        "uuid": st.uuids().map(str),
        "id_number": valid_id_numbers(),
        "name": names(),
        "uscc": st.sampled_from(_USCC),
        "bank_routing_no": st.from_regex(r"\A[0-9]{11}\Z").map(lambda b: b + mod_11_10.calc_check_digit(b)),
        "bank_card": st.from_regex(r"\A62[0-9]{14}\Z"),
        "phone": st.from_regex(r"\A1[3-9][0-9]{9}\Z"),
        "sha256": st.from_regex(r"\A[0-9a-f]{64}\Z"),
        "icd10": st.sampled_from(["I21.900", "C34.9", "J18"]),
        "percent": st.integers(0, 1_000_000).map(lambda parts: parts / 10_000),
        "count": st.integers(1, 9),
        "matter": st.sampled_from(sorted(DECIDERS)),
        "material_kind": st.sampled_from(sorted(MATERIALS)),
        "money_fen": st.integers(0, 10**12),
        "event_time": _event_times(field.name),
    }
    return rules.get(field.rule)


def _by_kind(field: Field) -> st.SearchStrategy[Any]:
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "boolean": st.booleans(),
        "enum": st.sampled_from(sorted(field.symbols) or ["none"]),
        "date": st.dates(FIRST_DEATH, LAST_DEATH).map(date.isoformat),
        "instant": _instants(RECORDED_FROM, RECORDED_UNTIL),
    }
    if field.kind in ("int", "long"):
        return st.integers(max(field.limits[0], -(2**31)), min(field.limits[1], 2**31 - 1))
    if kind_of(field) in ("accounts", "tails"):
        return st.from_regex(r"\A(?:天 ?)?[0-9]{4,9}\Z")
    return kinds.get(field.kind, st.text(_OTHER_WORDS, min_size=1, max_size=20))


def _event_times(name: str) -> st.SearchStrategy[str]:
    """Deaths first, what follows upon them on the first of June: so no order of events is broken."""
    if name in ("death_time", "notarised_at", "issued_at"):
        days = st.dates(FIRST_DEATH, LAST_DEATH).map(date.isoformat)
        first = datetime(FIRST_DEATH.year, FIRST_DEATH.month, FIRST_DEATH.day, tzinfo=BEIJING)
        last = datetime(LAST_DEATH.year, LAST_DEATH.month, LAST_DEATH.day, 23, tzinfo=BEIJING)
        return days | _instants(first, last)
    day = datetime(2026, 6, 1, tzinfo=BEIJING)
    return st.just("2026-06-01") | _instants(day, day + timedelta(hours=23))


def _instants(first: datetime, last: datetime) -> st.SearchStrategy[str]:
    """ISO 8601 with an offset of Beijing or of UTC, to the second or to the microsecond."""
    naive_first, naive_last = (moment.astimezone(UTC).replace(tzinfo=None) for moment in (first, last))
    moments = st.datetimes(naive_first, naive_last, timezones=st.just(UTC))
    zones = st.sampled_from([BEIJING, UTC])
    return st.builds(lambda moment, zone: moment.astimezone(zone).isoformat(), moments, zones)
