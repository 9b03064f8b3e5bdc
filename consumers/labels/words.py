"""What people read, in Chinese and in English: names from the policy and the schemas, states in words."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from topics.labels import Labels, Language, Words
from verification.characters import in_one_line, is_joiner, visible
from verification.times import SHANGHAI

if TYPE_CHECKING:  # the policy takes longer to load than most commands take to answer
    from exchange.domain.policy import Policy
    from exchange.domain.policy_files.models import Text

LABELS: Final = Labels(__file__)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?(Z|\+08:00)")

TIMES = LABELS["times"]
STATES: Mapping[str, Words] = LABELS.table("states")
RECOVERY = STATES["RECOVERY"]
MATERIAL_STATES: Mapping[str, Words] = LABELS.table("material_states")
LIMIT_STATES: Mapping[str, Words] = LABELS.table("limit_states")
FIELD_STATES: Mapping[str, Words] = LABELS.table("field_states")
BY_HANDLER: Mapping[str, Words] = LABELS.table("by_handler")
ACTIONS: Mapping[str, Words] = LABELS.table("actions")


def words(table: Mapping[str, Words], code: str) -> Words:
    """Return a code's words; a code from a newer version stands for itself."""
    return table.get(code, Words(code, code))


def city_words(text: "Text") -> Words:
    """Return words of the city's own, such as what it calls its form."""
    return Words(text.zh, text.en)


def matter_words(number: int, policy: "Policy") -> Words:
    """Return a matter's name."""
    known = policy.by_number.get(number)
    return Words(known.term, known.english) if known else Words(str(number), str(number))


def department_words(code: str, policy: "Policy") -> Words:
    """Return a department's name."""
    known = policy.departments.get(code)
    return Words(known.name_zh, known.name_en) if known else Words(code, code)


def prerequisite_words(name: str, policy: "Policy") -> Words:
    """Return what a matter waits for; a handler's word is not a prerequisite of the policy."""
    known = policy.prerequisites.get(name)
    if known is None and name in BY_HANDLER:
        return BY_HANDLER[name]
    english = known.english if known else ""
    return Words(known.term if known else name, english or name.replace("_", " "))


def way_out_words(code: str, policy: "Policy") -> Words:
    """Return what somebody can do instead where a matter does not apply, or is not meant for them."""
    known = policy.ways_out.get(code)
    return city_words(known) if known else Words(code, code)


def material_words(kind: int, policy: "Policy", matters: Iterable[int] = ()) -> Words:
    """Return a material of annex 2; for matters that each want another paper of its kind, these papers."""
    asking = [policy.by_number[number] for number in matters if number in policy.by_number]
    called = [one.called for matter in asking for one in matter.materials if one.kind == kind and one.called]
    papers = dict.fromkeys(map(city_words, called))
    if papers:
        return Words(" / ".join(one.zh for one in papers), " / ".join(one.en for one in papers))
    known = policy.materials.get(kind)
    return Words(known.term, known.english) if known else Words(str(kind), str(kind))


def material_remark(kind: int, policy: "Policy", *, original: bool) -> "Text | None":
    """Return the list's remark; one of a kind of which others want the original is not for who does not."""
    known = policy.materials.get(kind)
    wanted = (one for matter in policy.matters for one in matter.materials if one.kind == kind)
    if any(one.original for one in wanted) and not original:
        return None
    return known.remark if known else None


def record_words(record_type: str, policy: "Policy") -> Words:
    """Return a record type's name: the Chinese one is in front of its schema's doc."""
    if record_type not in policy.schemas.record_types:
        return Words(record_type, record_type)
    term = str(policy.schemas.schema(record_type)["doc"]).partition(":")[0]
    return Words(term, record_type.replace("_", " "))


def field_words(field: str, policy: "Policy") -> Words:
    """Return a field of the form, named `section.name`, or one of a record, named `type.name`."""
    section, _, name = field.partition(".")
    known = policy.form.get(section, {}).get(name)
    term = known.term if known else _term_of(section, name, policy)
    return Words(term, name.replace("_", " "))


def _term_of(record_type: str, name: str, policy: "Policy") -> str:
    """Return the Chinese name of a record's field, from its schema; else the name itself."""
    schemas = policy.schemas
    fields = schemas.schema(record_type)["fields"] if record_type in schemas.record_types else ()
    docs = (field["doc"] for field in fields if field["name"] == name)
    return str(next(docs, name)).partition(":")[0]


def local_time(moment: datetime) -> str:
    """Return an instant as the clock of China shows it."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def day_words(day: date, language: Language) -> str:
    """Return a day as letters to people have it; in English year, month and day."""
    return LABELS["day"].filled(year=day.year, month=day.month, day=day.day).first(language)


def for_people(value: str) -> str:
    """Return a value of the form as it may stand in one line of a terminal.

    An instant becomes local time; blanks and line breaks become spaces, what has no shape is left out, and
    what a terminal would obey instead of showing is replaced.
    """
    return _shown(in_one_line(in_local_time(value)))


def in_lines(value: str) -> str:
    """Return the same in the lines in which it was written, for where there is room for several."""
    lines = visible(in_local_time(value)).strip().split("\n")
    return "\n".join(_shown(line.rstrip()) for line in lines)


def _shown(line: str) -> str:
    return "".join(one if one.isprintable() or is_joiner(one) else "\ufffd" for one in line)


def in_local_time(value: str) -> str:
    """Return a value of the form; an instant as the clock of China shows it, all else as it is."""
    return local_time(datetime.fromisoformat(value)) if _INSTANT.fullmatch(value) else value
