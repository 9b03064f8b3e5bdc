"""JSON as a value, refused if an object holds a key twice, since readers differ in which they take."""

import json
import re
from typing import Any, Final

import orjson

from verification.reasons import Reason, reason
from verification.refusals import field_path

_KEY_ENDS: Final = b'":'
_BLANKS_BEFORE_COLON: Final = (b" :", b"\t:", b"\r:", b"\n:")
_ESCAPED_ASCII: Final = b"\\u00"
_HALF_OF_A_PAIR: Final = re.compile(r"\\u[dD][89a-fA-F]")


class RepeatedKeyError(Exception):
    """An object holds a key twice.

    Attributes:
        shown: the key, masked if it may be a value.
        value: what one reader makes of the text, used only to tell whose it is.
    """

    def __init__(self, key: str, value: Any = None) -> None:
        super().__init__("an object holds a key twice")
        self.key = key
        self.shown = field_path((key,))
        self.value = value


def read_json(text: bytes | str) -> Any:
    """The value of a JSON text.

    Raises:
        json.JSONDecodeError: it is not JSON.
        RepeatedKeyError: an object in it, at any depth, holds a key twice.
    """
    value = orjson.loads(text)
    raw = text.encode() if isinstance(text, str) else text
    if not _surely_without_repetition(raw, value):
        key = _repeated_key(raw)
        if key is not None:
            raise RepeatedKeyError(key, value)
    return value


def no_json(error: json.JSONDecodeError, line: int) -> Reason:
    """Why a text is not JSON: half of a character in it, what follows its object, or where it is wrong.

    Args:
        error: the one that `read_json` raised.
        line: the line of the file at which the text begins.
    """
    if _HALF_OF_A_PAIR.search(error.doc) and _is_json_to_others(error.doc):
        return reason("text_damaged", lines=line)
    behind = _behind_object(error.doc)
    if behind == ",":
        return reason("json_comma_behind", lines=line)
    if behind.lstrip(", ").startswith("{"):
        return reason("json_objects_in_line", lines=line)
    return reason("not_json", lines=line + error.lineno - 1, column=error.colno)


def _is_json_to_others(text: str) -> bool:
    """Whether a reader that takes halves of characters would take it."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _behind_object(text: str) -> str:
    """What follows the object with which the text begins; nothing if it does not begin with one."""
    begun = text.lstrip()
    try:
        end = _SKIPPING.raw_decode(begun)[1] if begun.startswith("{") else len(begun)
    except (ValueError, RecursionError):
        return ""
    return begun[end:].strip()


def _surely_without_repetition(raw: bytes, value: Any) -> bool:
    """Whether as many keys were read as are written, decided in microseconds.

    Each key ends in `":`, both in the text and in the value written out again; any `":` within strings is
    there in both. If a text can be written in another way, this says nothing.
    """
    if _ESCAPED_ASCII in raw or any(blank in raw for blank in _BLANKS_BEFORE_COLON):
        return False
    try:
        again = orjson.dumps(value)
    except orjson.JSONEncodeError:
        return False
    return raw.count(_KEY_ENDS) == again.count(_KEY_ENDS)


def _repeated_key(raw: bytes) -> str | None:
    try:
        _SLOWLY.decode(raw.decode())
    except RepeatedKeyError as repeated:
        return repeated.key
    except RecursionError:
        pass  # deeper than any record, so the rules refuse it
    return None


def _distinct(pairs: list[tuple[str, Any]]) -> None:
    """Check the pairs of an object; nothing is made of them."""
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise RepeatedKeyError(key)
        seen.add(key)


_SKIPPING: Final = json.JSONDecoder(object_pairs_hook=len, parse_int=len, parse_float=len)
_SLOWLY: Final = json.JSONDecoder(object_pairs_hook=_distinct, parse_int=len, parse_float=len)
