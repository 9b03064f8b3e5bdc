"""Java's own form of settings, `.properties`: what is written is what Java reads, whatever it holds."""

from collections.abc import Mapping
from typing import Final

_ESCAPED: Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\f": "\\f"}


def as_properties(settings: Mapping[str, object]) -> str:
    """Return settings as ASCII lines `name=value`, which mean the same in each encoding that Java tries.

    Source: java.util.Properties, `load`.
    """
    return "".join(f"{_escaped(name, ' =:#!')}={_value(str(value))}\n" for name, value in settings.items())


def _value(text: str) -> str:
    """Escape a value: apart from what is escaped anywhere, only a leading blank would be lost."""
    return _escaped(text[:1], " ") + _escaped(text[1:])


def _escaped(text: str, also: str = "") -> str:
    return "".join(f"\\{char}" if char in also else _ESCAPED.get(char) or _units(char) for char in text)


def _units(char: str) -> str:
    r"""Return a character as it is if it is plain ASCII, else as its UTF-16 units, each `\uXXXX`."""
    if " " <= char <= "~":
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
