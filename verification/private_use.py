"""Characters that older tables of GB 18030 put into the private use area, read as what they are today.

A system that still writes by such a table sends U+E863 where another sends U+4DAE (䶮): one character, and
one name. The table is data (`private_use.yaml`), with its sources.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Final

from ruamel.yaml import YAML

_PRIVATE_USE: Final = re.compile("[\ue000-\uf8ff]")


def standard_text(text: str) -> str:
    """The text with every such character at its own code point; all else, also what is private, as it was."""
    return text.translate(_table()) if _PRIVATE_USE.search(text) else text


@cache
def _table() -> dict[int, int]:
    source = files("verification").joinpath("private_use.yaml").read_text(encoding="utf-8")
    groups = YAML(typ="safe", pure=True).load(source)["groups"]
    return {int(old, 16): int(new, 16) for group in groups for old, new in group["characters"].items()}
