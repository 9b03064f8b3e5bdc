"""Characters that older tables of GB 18030 put into the private use area, read as what they are today.

A system that still writes by such a table sends U+E863 where another sends U+4DAE (䶮): the same character in
the same name. The table is data (`private_use.yaml`), with its sources.
"""

import re
from functools import cache
from typing import Any, Final

from topics.yaml_text import read_packaged

_PRIVATE_USE: Final = re.compile("[\ue000-\uf8ff]")


def standard_name(name: str) -> str:
    """The name with what is also read in names at its own code point; all else that is private is damage."""
    return name if name.isalpha() else name.translate(_name_table())


def standard_text(text: str) -> str:
    """The text with every such character at its own code point; all else, even if private, is as it was."""
    return text.translate(_table()) if _PRIVATE_USE.search(text) else text


@cache
def _table() -> dict[int, int]:
    groups = _data()["groups"]
    return {int(old, 16): int(new, 16) for group in groups for old, new in group["characters"].items()}


@cache
def _name_table() -> dict[int, int]:
    return {point: _table()[point] for point in (int(old, 16) for old in _data()["in_names"])}


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_packaged("verification", "private_use.yaml")
    return data
