"""The fields of a record as inputs, made from its schema: a new record type needs no page of its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from consumers.labels.words import words
from exchange.console.pages.supplement.answers import NONE, TIME, Texts, rows_typed
from exchange.domain.policy import Policy
from topics.labels import Labels, Words
from verification.code_lists import code_list
from verification.reasons import Reason
from verification.shapes import EVENT_TIME, Field

LABELS: Final = Labels(__file__)
CODES: Final = LABELS.table("codes")
_HELP: Final = LABELS.table("help")
"""Field → what its name does not say, for who types it; other fields have their schema's English words."""
_TYPED: Final = LABELS.table("typed")
_YUAN: Final = LABELS["yuan"]
_FEN: Final = LABELS["fen"]
"""How schemas end the name of an amount, which people type in yuan."""
_PERSON: Final = ("id_type", "id_number", "name", "county")
_DOCUMENT: Final = (
    *("certificate_no", "issuer_name", "issuer_uscc", "action", "supersedes", "revision", "backfill"),
)
_INITIALS: Final = ("id", "uscc")
_NO_WORDS: Final = Words("", "")
_FEW: Final = 12
"""So many codes are chosen from a list; of more, the list helps with typing."""
Control = Literal[
    "text", "area", "whole", "yuan", "percent", "select", "date", "instant", "event_time", "part", "list"
]
_CONTROLS: Final[Mapping[str, Control]] = {
    "boolean": "select",
    "enum": "select",
    "date": "date",
    "instant": "instant",
    EVENT_TIME: "event_time",
    "record": "part",
    "decimal": "percent",
    "int": "whole",
    "long": "whole",
}


class InputChoice(NamedTuple):
    """What may be chosen: as it is sent, and in words."""

    value: str
    name: Words


@dataclass(frozen=True, slots=True)
class RecordInput:
    """One input, or several that belong together.

    Attributes:
        path: its name in the form.
        help: what it is and how it is typed; empty where its name says it all.
        value: what was typed, or its default.
        time: the same of the time of day.
        suggested: words of a code list that is too long to choose from.
        wrong: why it cannot stand.
        fields: of a part, its fields; of a list, its rows.
        none: of a list, whether it was said to be empty.
    """

    path: str
    name: Words
    help: Words
    control: Control
    required: bool
    value: str = ""
    time: str = ""
    choices: tuple[InputChoice, ...] = ()
    suggested: tuple[str, ...] = ()
    wrong: tuple[Reason, ...] = ()
    fields: tuple["RecordInput", ...] = ()
    none: bool = False

    @property
    def id(self) -> str:
        """Return its id on the page."""
        return "f-" + re.sub(r"[^a-z0-9]+", "-", self.path).strip("-")


class InputGroup(NamedTuple):
    """Fields under one heading: `person`, `facts` or `document`."""

    name: str
    fields: tuple[RecordInput, ...]


@dataclass(frozen=True, slots=True)
class TypedRecord:
    """What has been typed so far, and what is wrong with it.

    Attributes:
        texts: path → text; None: nothing yet, so that defaults stand.
        reasons: each names its field by the same path.
        rows: how many empty rows each list has at its end.
    """

    texts: Texts | None = None
    reasons: tuple[Reason, ...] = ()
    rows: int = 1


def groups_of(fields: Sequence[Field], typed: TypedRecord, policy: Policy) -> tuple[InputGroup, ...]:
    """Return the inputs in groups: whom the record is about, what it says, and the document itself."""
    known = {one.name: one for one in fields}
    facts = [one.name for one in fields if one.name not in {*_PERSON, *_DOCUMENT}]
    make = _RecordInputs(typed, policy)
    groups = (("person", _PERSON), ("facts", facts), ("document", _DOCUMENT))
    made = ((name, tuple(make.view(known[one]) for one in names if one in known)) for name, names in groups)
    return tuple(InputGroup(name, views) for name, views in made if views)


@dataclass(frozen=True, slots=True)
class _RecordInputs:
    typed: TypedRecord
    policy: Policy

    def view(self, field: Field, before: str = "") -> RecordInput:
        path, control = f"{before}{field.name}", _control(field)
        choices = self._choices(field)
        return RecordInput(
            path,
            _name(field),
            _help(field, control, choices),
            "select" if choices else control,
            field.required,
            self._text(path, _default(field)),
            self._text(f"{path}{TIME}"),
            choices if field.required and not _default(field) else _optional(choices, field),
            _suggested(field),
            tuple(one for one in self.typed.reasons if one.field == path),
            self._inner(field, path, control),
            bool(self._text(f"{path}{NONE}")),
        )

    def _text(self, path: str, default: str = "") -> str:
        return default if self.typed.texts is None else self.typed.texts.get(path, "")

    def _choices(self, field: Field) -> tuple[InputChoice, ...]:
        if field.kind == "enum":
            return tuple(InputChoice(one, words(CODES, one)) for one in sorted(field.symbols, key=_place))
        if field.kind == "boolean":
            return tuple(InputChoice(one, CODES[one]) for one in ("yes", "no"))
        if field.name == "county":
            return tuple(InputChoice(one, Words(one, one)) for one in self.policy.city.county_names.values())
        listed = _listed(field)
        return tuple(InputChoice(one, Words(one, one)) for one in listed) if 0 < len(listed) <= _FEW else ()

    def _inner(self, field: Field, path: str, control: Control) -> tuple[RecordInput, ...]:
        if control == "part":
            return tuple(self.view(one, f"{path}.") for one in field.fields)
        if control != "list" or field.item is None:
            return ()
        rows = rows_typed(self.typed.texts or {}, path) + self.typed.rows
        return tuple(
            RecordInput(
                f"{path}[{row}]",
                Words(str(row + 1), str(row + 1)),
                _NO_WORDS,
                "part",
                required=False,
                fields=tuple(self.view(one, f"{path}[{row}].") for one in field.item.fields),
            )
            for row in range(rows)
        )


def _place(code: str) -> tuple[int, str]:
    """Return where a code stands among others: as in the labels, and behind them by its name."""
    known = list(CODES)
    return (known.index(code) if code in known else len(known), code)


def _control(field: Field) -> Control:
    if field.kind == "list":
        return "list" if field.inner else "area"
    return "yuan" if field.rule == "money_fen" else _CONTROLS.get(field.kind, "text")


def _default(field: Field) -> str:
    if isinstance(field.default, bool):
        return "yes" if field.default else "no"
    return "" if field.default is None else str(field.default)


def _optional(choices: tuple[InputChoice, ...], field: Field) -> tuple[InputChoice, ...]:
    """Return the choices with one that says nothing, unless the schema has a default of its own."""
    return choices if not choices or _default(field) else (InputChoice("", LABELS["unsaid"]), *choices)


def _name(field: Field) -> Words:
    """Return what is asked: in Chinese as the schema says, in English as the field is called."""
    term, name = field.doc.partition(":")[0] or field.name, _in_english(field.name)
    if field.rule == "money_fen":
        return _YUAN.filled(name=Words(term.removesuffix(_FEN.zh), name.removesuffix(_FEN.en)))
    return Words(term, name)


def _in_english(name: str) -> str:
    said = " ".join(one.upper() if one in _INITIALS else one for one in name.split("_"))
    return said[0].upper() + said[1:]


def _help(field: Field, control: Control, choices: tuple[InputChoice, ...]) -> Words:
    """Return the help that the labels have, else how it is typed and in English what the schema says."""
    if own := _HELP.get(field.name):
        return own
    typed = _NO_WORDS if choices else _TYPED.get(control, _NO_WORDS)
    if control == "yuan":  # the schema speaks of fen, which nobody types
        return typed
    said = field.doc.partition(":")[2].partition(" Source:")[0].strip()
    return Words(typed.zh, ". ".join(filter(None, (said.rstrip("."), typed.en))))


def _listed(field: Field) -> tuple[str, ...]:
    kind, _, name = field.rule.partition(":")
    return tuple(code_list(name).names.values()) if kind == "codes" else ()


def _suggested(field: Field) -> tuple[str, ...]:
    listed = _listed(field)
    return listed if len(listed) > _FEW else ()
