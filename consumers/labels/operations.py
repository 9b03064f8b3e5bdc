"""How quarantine entries, accounts and credentials stand, in Chinese and in English."""

from collections.abc import Mapping
from typing import Final

from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
QUARANTINE_STATES: Final[Mapping[str, Words]] = LABELS.table("quarantine_states")
ACCOUNT_STATES: Final[Mapping[str, Words]] = LABELS.table("account_states")
CREDENTIAL_STATES: Final[Mapping[str, Words]] = LABELS.table("credential_states")
