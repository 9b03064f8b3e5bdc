"""The words that the paper has beside those of annex 1; it is printed in Chinese.

The English is for whoever edits the file.
"""

from datetime import datetime
from typing import Final

from consumers.labels.words import local_time
from topics.labels import Labels

LABELS: Final = Labels(__file__)
SOURCES_TITLE: Final = LABELS["sources"].zh
SOURCES_HEAD: Final = tuple(said.zh for said in LABELS.table("sources_head").values())
CONFLICTS_TITLE: Final = LABELS["conflicts"].zh
CONFLICTS_HEAD: Final = tuple(said.zh for said in LABELS.table("conflicts_head").values())
LACKING_TITLE: Final = LABELS["lacking"].zh
LACKING_ABOUT: Final = LABELS["lacking_about"].zh


def lacking_note(code_points: str) -> str:
    """Return what is said about characters that no font has."""
    return LABELS["lacking_note"].filled(code_points=code_points).zh


def footer(case_id: str, as_of: datetime) -> str:
    """Return the line at the foot of each page."""
    return LABELS["footer"].filled(case_id=case_id, as_of=local_time(as_of)).zh
