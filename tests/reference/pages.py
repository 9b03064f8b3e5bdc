"""What the specification gives as data: the policy's matters and conflicts, and what schemas say of facts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from topics.yaml_text import read_yaml

ROOT = Path(__file__).parents[2]
POLICY = ROOT / "exchange" / "domain" / "policy"
SCHEMAS = ROOT / "avro_schemas" / "records"

Entry = Mapping[str, Any]
"""An entry of a policy file as it stands there."""


@dataclass(frozen=True)
class Pages:
    """The policy files and the schemas' attributes, unread by anybody else.

    Attributes:
        proofs: the types that establish a death, in the order of preference.
        prerequisites: name of a prerequisite → entry.
        facts: record type → `fact_key`, `fact_rule` and `names_person` of its schema.
        banks: each a legal person, with all that it is called.
        branch_words: how the name of a branch ends that begins with its bank's.
        money_matters: those that are held where what corroborates the death contradicts its proof.
        counts_from_told: whether limits count a record from when the exchange was told of it.
        correction_minutes: issued anew within so many of a revocation, a document corrects the revoked one.
    """

    proofs: tuple[str, ...]
    prerequisites: Mapping[str, Entry]
    matters: tuple[Entry, ...]
    conflicts: tuple[Entry, ...]
    facts: Mapping[str, Entry]
    correction_minutes: int
    money_matters: frozenset[int]
    counts_from_told: bool = True
    banks: tuple[Entry, ...] = ()
    branch_words: tuple[str, ...] = ()

    def names_person(self, record_type: str) -> bool:
        """Whether a record of this type says how the person is called."""
        return bool(self.facts[record_type].get("names_person", True))

    def is_state(self, record_type: str) -> bool:
        """Whether a later record of the same fact takes the place of an earlier one."""
        return bool(self.facts[record_type]["fact_rule"] == "state")


@cache
def read_pages() -> Pages:
    """The pages as they stand in the repository; read once."""
    matters, conflicts = _yaml("matters.yaml"), _yaml("conflicts.yaml")
    return Pages(
        proofs=tuple(matters["death"]["established_by"]),
        prerequisites=matters["prerequisites"],
        matters=tuple(matters["matters"]),
        conflicts=tuple(conflicts["conflicts"]),
        banks=tuple(matters["banks"]["known"]),
        branch_words=tuple(matters["banks"]["branch_words"]),
        correction_minutes=_yaml("periods.yaml")["correction_minutes"],
        money_matters=frozenset(conflicts["money_matters"]["matters"]),
        counts_from_told=_yaml("periods.yaml")["count_from"] == "told",
        facts={path.stem: _attributes(path) for path in sorted(SCHEMAS.glob("*.avsc"))},
    )


def _yaml(name: str) -> Any:
    return read_yaml((POLICY / name).read_text(encoding="utf-8"))


def _attributes(path: Path) -> Entry:
    schema = json.loads(path.read_text(encoding="utf-8"))
    return {name: value for name, value in schema.items() if name != "fields"}
