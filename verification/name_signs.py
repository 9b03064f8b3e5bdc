"""The signs by which a name is known to be damaged, or to be none: `name_signs.yaml`, parsed once."""

from functools import cache
from typing import Any

from topics.yaml_text import read_packaged


@cache
def name_signs() -> dict[str, Any]:
    """Everything that the file has, as it has it."""
    read: dict[str, Any] = read_packaged("verification", "name_signs.yaml")
    return read
