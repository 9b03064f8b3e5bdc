"""How one value of a record is read, whether it comes as JSON or decoded from Avro.

Nothing is corrected in silence: what is normalised (personal numbers, words of code lists, the letters of
UUIDs and digests, offsets of instants) is listed here; all else is taken as it stands or refused by a code.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from verification import characters, former, numbers
from verification.acceptance_rules import Era
from verification.code_lists import code_by_sex, code_list, code_of
from verification.identity import Identity, identify
from verification.reasons import UnfitValueError
from verification.shapes import Field
from verification.times import read_date, read_event_time, read_instant

Reader = Callable[[object], Any]

LONGEST_NAME_CHARACTERS = 200
LONGEST_TEXT_CHARACTERS = 2000
LONGEST_WORD_CHARACTERS = 50

# Control characters, lone surrogates, marks that turn the writing direction, and what is not a character.
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
# Control characters that are seen: a tab as a blank, the others as ends of lines.
_TAB, _LINE_FEED, _TYPED_IN_BOXES = re.compile("\t"), re.compile("\n"), re.compile("[\t\r\n]")
_NEVER = re.compile("(?!)")
_LARGEST_PERCENT = 100
_PERCENT_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class _TextRules:
    """What text may hold, and which text says nothing.

    Attributes:
        in_boxes: control characters that may stand in text of several lines.
        in_names: those that may stand in a name or a personal number.
        word: the form in which a word is looked up in a code list.
        is_blank: whether nothing is to be seen in a text; `is_blank_name` asks that of a name.
        identify: reads a personal number.
    """

    in_boxes: re.Pattern[str]
    in_names: re.Pattern[str]
    word: Callable[[str], str]
    is_blank: Callable[[str], bool]
    is_blank_name: Callable[[str], bool]
    identify: Callable[[str], Identity]


_NOW = _TextRules(
    _TYPED_IN_BOXES, _TAB, characters.spelling, characters.is_blank, characters.is_blank, identify
)
_TEXT_RULES: Mapping[Era, _TextRules] = {
    "first": _TextRules(_LINE_FEED, _NEVER, str, former.was_blank, former.was_blank_name, former.identified),
    "dots_unseen": replace(_NOW, is_blank_name=former.has_dots_alone),
    "now": _NOW,
}


def reader_of(field: Field, era: Era = "now") -> Reader:
    """The function that reads a scalar field: from a value to the value that acceptance works with.

    It raises `UnfitValueError` with the reason's code. Null and absent are the same: the default, or
    `field_missing`.
    """
    read = _scalar_reader(field, _TEXT_RULES[era])

    def read_or_default(value: object) -> Any:
        if value is not None:
            return read(value)
        if field.required:
            raise UnfitValueError("field_missing")
        return field.default

    return read_or_default


def read_relation(text: object, sex: str | None, era: Era = "now") -> str:
    """A relation's code; if the word stands for two codes, the person's sex tells which."""
    word = _TEXT_RULES[era].word(_text(text))
    return code_by_sex("relation", word, sex) or _unlisted(str(text), "relation")


def _scalar_reader(field: Field, rules: _TextRules) -> Reader:
    by_kind: dict[str, Reader] = {
        "boolean": _boolean,
        "date": read_date,
        "instant": read_instant,
        "event_time": read_event_time,
        "decimal": _percent,
    }
    if field.kind in by_kind:
        return by_kind[field.kind]
    if field.kind == "enum":
        return lambda value: _symbol(value, field)
    if field.kind in ("int", "long"):
        return lambda value: _integer(value, field)
    return _text_reader(field, rules)


def _text_reader(field: Field, rules: _TextRules) -> Reader:
    if field.rule.startswith("codes:"):
        list_name = field.rule.removeprefix("codes:")
        return lambda value: _code(value, list_name, rules)
    by_rule: dict[str, Reader] = {
        "uuid": lambda value: _checked(value, numbers.is_uuid, "uuid_wrong").lower(),
        "sha256": lambda value: _checked(value, numbers.is_sha256, "sha256_wrong").lower(),
        "uscc": lambda value: _checked(value, numbers.is_uscc, "uscc_wrong"),
        "bank_routing_no": lambda value: _checked(value, numbers.is_bank_routing_no, "bank_routing_no_wrong"),
        "phone": lambda value: _checked(value, numbers.is_phone, "phone_wrong"),
        "id_number": lambda value: rules.identify(_text_with(value, rules.in_names)),
        "name": lambda value: _name(value, rules),
    }
    return by_rule.get(field.rule) or (lambda value: _free_text(value, field, rules))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise UnfitValueError("not_text")
    if not value.isprintable() and _NOT_TEXT.search(value):
        raise UnfitValueError("line_break_within" if "\n" in value else "characters_wrong")
    return value


def _text_with(value: object, allowed: re.Pattern[str]) -> str:
    """Text as it was written, in which some control characters may stand."""
    if isinstance(value, str) and value.isprintable():  # then it holds none, nor anything that is not text
        return value
    _text(allowed.sub("", value) if isinstance(value, str) else value)
    return str(value)


def _free_text(value: object, field: Field, rules: _TextRules) -> str:
    """Text as it was written. Lines may break in it, since reasons and places are typed into boxes."""
    text = _text_with(value, rules.in_boxes)
    if len(text) > LONGEST_TEXT_CHARACTERS:
        raise UnfitValueError("too_long")
    if field.blank_refused and rules.is_blank(text):
        raise UnfitValueError("text_empty")
    return text


def _name(value: object, rules: _TextRules) -> str:
    """A name as it was written, in one line."""
    text = _text_with(value, rules.in_names)
    if len(text) > LONGEST_NAME_CHARACTERS:
        raise UnfitValueError("too_long")
    if rules.is_blank_name(text):
        raise UnfitValueError("text_empty")
    return text


def _checked(value: object, holds: Callable[[str], bool], code: str) -> str:
    text = _text(value)
    if not holds(text):
        raise UnfitValueError(code)
    return text


def _code(value: object, list_name: str, rules: _TextRules) -> str:
    return code_of(list_name, rules.word(_text(value))) or _unlisted(str(value), list_name)


def _unlisted(text: str, list_name: str) -> str:
    """A word that the list lacks, as it was written, if the list keeps such words."""
    fits = len(text) <= LONGEST_WORD_CHARACTERS and not characters.is_blank(text)
    if not fits or not code_list(list_name).keeps_unlisted:
        raise UnfitValueError("code_unknown")
    return text


def _symbol(value: object, field: Field) -> str:
    if not isinstance(value, str) or value not in field.symbols:
        raise UnfitValueError("value_unknown")
    return value


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise UnfitValueError("not_a_boolean")
    return value


def _integer(value: object, field: Field) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnfitValueError("not_an_integer")
    low, high = field.limits
    if not low <= value <= high:
        raise UnfitValueError(_out_of_range(field, value))
    return value


def _out_of_range(field: Field, value: int) -> str:
    if field.rule == "money_fen" and value < 0:
        return "money_negative"
    return "count_wrong" if field.rule == "count" else "integer_out_of_range"


def _percent(value: object) -> Decimal:
    """0 to 100 with at most four decimal places, from a number, decimal text or a decimal.

    A JSON number is read by its shortest decimal writing, which is what its sender wrote.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise UnfitValueError("percent_wrong")
    try:
        percent = value if isinstance(value, Decimal | int) else Decimal(_percent_text(value))
        exact = round(Decimal(percent), _PERCENT_DECIMALS)
        fits = 0 <= percent <= _LARGEST_PERCENT and exact == percent
    except (InvalidOperation, ValueError, OverflowError):
        fits = False
    if not fits:
        raise UnfitValueError("percent_wrong")
    return exact


def _percent_text(value: float | str) -> str:
    text = str(value)
    if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,30})?|[0-9]\.?[0-9]*e-[0-9]{1,3}", text):
        raise UnfitValueError("percent_wrong")
    return text
