"""Who looks at people, and what for, in Chinese and in English."""

from collections.abc import Mapping
from typing import Final

from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
ROLES: Final[Mapping[str, Words]] = LABELS.table("roles")
ACTIONS: Final[Mapping[str, Words]] = LABELS.table("actions")
