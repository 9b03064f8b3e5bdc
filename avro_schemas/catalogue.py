"""The schemas as they stand in this package: which there are, their text, and the versions released before.

An `.avsc` file is the source of truth; everything else (models, registry, reference pages) is read from here.
A city may add record types: who works on records is given `Schemas`; the events are the exchange's own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

Document = dict[str, Any]
"""A record or an event: field → value, as its schema says."""

CasePart = Literal["RecordEntry", "Matter", "FormField"]
"""The parts of which nearly all of a case consists, by the names of their schemas."""

_HERE = Path(__file__).parent
_KINDS = ("records", "events")
_RELEASED = _HERE / "released"


@dataclass(frozen=True, eq=False)
class Schemas:
    """The schemas that one city has: those of this package, and those of its own record types.

    Two are equal only if they are the same one, so that what is made from a schema may be kept by it.

    Attributes:
        own: name → parsed schema of each record type of the city's own; none has a name of this package's.
    """

    own: Mapping[str, dict[str, Any]] = field(default_factory=dict, repr=False)

    @cached_property
    def record_types(self) -> tuple[str, ...]:
        """Every record type, sorted by name."""
        return tuple(sorted((*record_types(), *self.own)))

    def schema(self, name: str) -> dict[str, Any]:
        """The parsed schema of a record type or event. One shared value: read it, never change it.

        Raises:
            KeyError: there is no schema of that name.
        """
        return self.own[name] if name in self.own else schema(name)


SHIPPED = Schemas()
"""Those of this package alone."""


@cache
def record_types() -> tuple[str, ...]:
    """Every record type that has a schema, sorted by name."""
    return _names("records")


@cache
def event_names() -> tuple[str, ...]:
    """Every event the exchange itself publishes, sorted by name."""
    return _names("events")


@cache
def schema(name: str) -> dict[str, Any]:
    """The parsed schema of a record type or event. One shared value: read it, never change it.

    Raises:
        KeyError: there is no schema of that name.
    """
    parsed: dict[str, Any] = json.loads(schema_text(name))
    return parsed


@cache
def schema_text(name: str) -> str:
    """The schema as its file has it, UTF-8 text.

    Raises:
        KeyError: there is no schema of that name.
    """
    path = schema_paths().get(name)
    if path is None:
        raise KeyError(name)
    return path.read_text(encoding="utf-8")


@cache
def schema_paths() -> Mapping[str, Path]:
    """Name → file of every schema of this package."""
    return MappingProxyType(
        {path.stem: path for kind in _KINDS for path in sorted((_HERE / kind).glob("*.avsc"))}
    )


def releases() -> tuple[int, ...]:
    """The numbers of the releases whose schemas are kept frozen, oldest first."""
    return tuple(sorted(int(path.name) for path in _RELEASED.iterdir() if path.name.isdecimal()))


def released_names(release: int) -> tuple[str, ...]:
    """Every schema frozen in a release, sorted by name."""
    return tuple(sorted(path.stem for path in (_RELEASED / str(release)).glob("*/*.avsc")))


def released_versions(name: str) -> list[dict[str, Any]]:
    """Every frozen version of a schema, oldest first; empty when it was never released."""
    paths = (path for number in releases() for path in (_RELEASED / str(number)).glob(f"*/{name}.avsc"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def freeze_release() -> Path:
    """Copy every schema, as it stands, into a new release folder and return that folder."""
    numbers = releases() if _RELEASED.is_dir() else ()
    target = _RELEASED / str(max(numbers, default=0) + 1)
    for name, path in schema_paths().items():
        copy = target / path.parent.name / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(schema_text(name), encoding="utf-8")
    return target


def _names(kind: str) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (_HERE / kind).glob("*.avsc")))
