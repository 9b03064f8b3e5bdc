"""What each department can read of a case: records with a mark in every field, and who gets which mark."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from rich.table import Table
from stdnum.iso7064 import mod_11_10

from avro_schemas.catalogue import SHIPPED, Document
from exchange.folding.outputs import Output
from tests.cases import Given, given
from tests.made_log import CATALOGUE, published
from tests.people import id_number
from tests.world import World
from verification.shapes import Field, shape_of

MONEY_FROM = 3_141_500
LEFT_ALONE = frozenset(
    {
        *("record_id", "action", "supersedes", "revision", "department", "recorded_at", "backfill"),
        *("id_type", "id_number", "id_number_original", "name", "issuer_uscc"),
    }
)
"""Who it is about, and what says which record it is: no secret of one department."""


class Marks:
    """Gives every field of every record a value that occurs nowhere else.

    Attributes:
        of: mark → where it was put, such as ``death_certificate.death_place``; of an application and a result
            the label is in front of the path: ``application/justice.window``.
    """

    def __init__(self) -> None:
        self.of: dict[str, str] = {}

    def record(self, record_type: str, label: str = "", **fields: Any) -> Given:
        """A record with a mark in each field that is not given."""
        source = f"{record_type}/{label}" if label else record_type
        marked = {
            field.name: value
            for field in shape_of(record_type, SHIPPED).fields
            if field.name not in LEFT_ALONE
            and field.name not in fields
            and (value := self._value(field, f"{source}.{field.name}")) is not None
        }
        return given(record_type, label, **{**marked, **fields})

    def put(self, place: str) -> str:
        """A file's hash, with a mark of its own."""
        return self._noted(place, sha256(place.encode()).hexdigest())

    def _value(self, field: Field, place: str) -> Any:
        if field.item:
            item = self._value(field.item, place)
            return None if item is None else [item]
        if field.kind == "record":
            inner = {one.name: self._value(one, f"{place}.{one.name}") for one in field.fields}
            return {name: value for name, value in inner.items() if value is not None}
        if field.kind == "long" and field.rule == "money_fen":
            return int(self._noted(place, str(MONEY_FROM + len(self.of))))
        text = self._text(field, place)
        return None if text is None else self._noted(place, text)

    def _text(self, field: Field, place: str) -> str | None:
        count = len(self.of)
        digits = f"{count:011d}"
        by_rule = {
            "id_number": lambda: id_number(sequence=101 + count),
            "bank_card": lambda: f"62{count:014d}",
            "bank_routing_no": lambda: digits + mod_11_10.calc_check_digit(digits),
            "phone": lambda: f"139{count:08d}",
            "sha256": lambda: sha256(place.encode()).hexdigest(),
            "text": lambda: f"@{place}@{count}",  # an account without a digit stands for none
            "name": lambda: f"@{place}@",
        }
        return by_rule[field.rule]() if field.rule in by_rule else None

    def _noted(self, place: str, mark: str) -> str:
        assert mark not in self.of, (mark, place)
        self.of[mark] = place
        return mark


class Reading(World):
    """A world that keeps every message, for whom the catalogue lets read it."""

    def __init__(self) -> None:
        super().__init__()
        self.outputs: list[Output] = []
        self._texts: dict[int, str] = {}

    def _keep(self, output: Output) -> None:
        super()._keep(output)
        self.outputs.append(output)

    def readable_by(self, department: str) -> Iterator[tuple[str, str]]:
        """Topic and all that a message says: key, headers, bytes, and the decoded value, for its numbers."""
        for at, output in enumerate(self.outputs):
            if department in CATALOGUE.by_name[output.topic].readers:
                yield output.topic, self._text(at)

    def _text(self, at: int) -> str:
        """What an output says, made once however many read it."""
        if at not in self._texts:
            output = self.outputs[at]
            headers = b" ".join(value for _, value in output.headers)
            raw = b"\n".join((output.key, headers, output.value)).decode("utf-8", "replace")
            self._texts[at] = f"{raw}\n{decoded(output)}"
        return self._texts[at]


def decoded(output: Output) -> Document:
    """The message as a document."""
    return published(output.topic, output.value)


def marks_in(texts: Iterable[tuple[str, str]], marks: Mapping[str, str]) -> dict[str, set[str]]:
    """Place of a mark → topics in which it occurs."""
    found: dict[str, set[str]] = defaultdict(set)
    for topic, text in texts:
        for mark, place in marks.items():
            if mark in text:
                found[place].add(topic)
    return dict(found)


def side_by_side(announcements: Iterable[Document], departments: Iterable[str]) -> Table:
    """What each department was told, as a table: a row for each field, what it holds for each department.

    Of several announcements the last with a value counts; a dash: the field never came.
    """
    last: dict[str, dict[str, str]] = defaultdict(dict)
    told: dict[str, list[str]] = defaultdict(list)
    for one in announcements:
        told[one["department"]].append(f"{one['matter']} {one['transition']}")
        fields = {name: field["value"] or field["state"] for name, field in one["draft"].items()}
        fields |= {f"material {item['kind']}": item["state"] for item in one["materials"]}
        last[one["department"]] |= fields
    names = tuple(departments)
    table = Table("", *names, title="What each department received 各部门收到的内容", show_lines=True)
    table.add_row("told 通知", *("\n".join(dict.fromkeys(told[name])) for name in names))
    for field in sorted({field for fields in last.values() for field in fields}):
        table.add_row(field, *(last[name].get(field, "–") for name in names))
    return table
