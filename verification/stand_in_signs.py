"""The signs that something stands where a value should: `stand_ins.yaml`, parsed once."""

from functools import cache
from typing import Any

from topics.yaml_text import read_packaged


@cache
def stand_in_signs() -> dict[str, Any]:
    """The whole file, as it is."""
    read: dict[str, Any] = read_packaged("verification", "stand_ins.yaml")
    return read
