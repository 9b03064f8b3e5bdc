"""The signs that a name is damaged, or is not a name: `signs.yaml`, parsed once."""

import re
from functools import cache
from typing import Any

from topics.yaml_text import read_packaged


@cache
def name_signs() -> dict[str, Any]:
    """The whole file, as it is."""
    read: dict[str, Any] = read_packaged("verification", "names", "signs.yaml")
    return read


@cache
def lost_characters() -> re.Pattern[str]:
    """Finds what a decoder left where it could not read text, in a name or in any other."""
    return re.compile("|".join(name_signs()["lost"]))
