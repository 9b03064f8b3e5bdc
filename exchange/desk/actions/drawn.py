"""A form as it was drawn for somebody, and what has changed since.

A record's id and time are made when its form is drawn: what is sent twice is one record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Literal, NamedTuple

import orjson

QuestionKind = Literal["text", "texts", "one", "several", "yes_no", "fen"]
"""How an answer is typed: words, several of them, one or several of the choices, or whole fen."""
_DIGITS: Final = 12


class FormSubject(NamedTuple):
    """What a form is about: a matter, a bank of it, an application; a kind of decision; what who was told.

    ``record``: the record that is answered, corrected or withdrawn; then ``kind`` may be its type.
    """

    matter: int | None = None
    instance: str | None = None
    application: str | None = None
    kind: str | None = None
    announcement: str | None = None
    department: str | None = None
    record: str | None = None


class SubjectEntry(NamedTuple):
    """A record, by what tells it from others.

    Attributes:
        type: of the record.
        department: that published it.
        recorded_at: when.
        matters: of an application, what was applied for; of a result, what it ends.
        shown: name of a field → what it says, where the form shows that.
    """

    type: str
    department: str
    recorded_at: datetime
    matters: tuple[int, ...] = ()
    shown: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One thing that a form asks.

    Attributes:
        name: the field of the record that the answer becomes; with a dot inside a part of it.
        kind: how it is typed.
        choices: what may be chosen; of a question in words, what is known to be usual.
        needed: whether the record cannot do without it.
        needed_where: the same, where another question is answered so.
        sensitive: whether nobody should read it over a shoulder, or in a shell's history.
        all_by_default: whether who is not asked, and chooses none, means all of the choices.
        entries: of choices that are records, what the case says of each.
        standing: of choices that are materials, how each stands in the case, where that is clear.
        ahead: whether it is a time that may not lie before its form was drawn.
    """

    name: str
    kind: QuestionKind = "text"
    choices: tuple[str, ...] = ()
    needed: bool = False
    needed_where: tuple[str, str] | None = None
    sensitive: bool = False
    all_by_default: bool = False
    entries: Mapping[str, SubjectEntry] = field(default_factory=dict, compare=False, repr=False)
    standing: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    ahead: bool = False

    def is_needed(self, typed: Mapping[str, Any]) -> bool:
        """Say whether it must be answered, by what else is."""
        return self.needed or bool(
            self.needed_where and typed.get(self.needed_where[0]) == self.needed_where[1]
        )


@dataclass(frozen=True, slots=True)
class DrawnForm:
    """A form for one action on one case.

    Attributes:
        action: as access.yaml calls it.
        record_id: the id that its record will have.
        recorded_at: the time that its record will have: when the form was drawn.
        version: names the case as far as it concerns the form (`version_of`); an ETag.
        questions: what it asks; what the case says is not asked.
    """

    action: str
    case_id: str
    record_id: str
    recorded_at: datetime
    version: str
    subject: FormSubject
    questions: tuple[FormQuestion, ...] = field(compare=False)


def version_of(concerns: Mapping[str, object]) -> str:
    """Return the version of what concerns a form: the name of each part and a digest of it."""
    return ".".join(f"{name}-{_digest(value)}" for name, value in concerns.items())


def changed_parts(before: str, now: str) -> tuple[str, ...]:
    """Return the names of the parts in which a case is another than it was."""
    known = set(before.split("."))
    return tuple(part.partition("-")[0] for part in now.split(".") if part not in known)


def _digest(value: object) -> str:
    return sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:_DIGITS]


def nested(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as a record has them: `payee.bank_name` inside `payee`, and nothing that is empty."""
    record: dict[str, Any] = {}
    for name, value in typed.items():
        part, dot, inner = name.partition(".")
        if value in (None, "", [], {}, ()):
            continue
        if dot:
            record.setdefault(part, {})[inner] = value
        else:
            record[part] = value
    return record


def flat(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same the other way round, as a program may have typed it."""
    return {
        f"{name}.{inner}" if inner else name: value
        for name, part in typed.items()
        for inner, value in (part.items() if isinstance(part, dict) else (("", part),))
    }
