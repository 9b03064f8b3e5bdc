"""What people are told besides reasons, in Chinese and in English; the sentences are data."""

from functools import cache
from typing import Final

_LANGUAGES: Final = ("zh", "en")


def said(name: str, /, **details: object) -> str:
    """A sentence in both languages, one below the other, as reasons are told.

    Args:
        name: as `sentences.yaml` has it.
        details: what fills the sentence; nothing about a person.

    Raises:
        KeyError: there is no such sentence (a fault of the caller, caught by a test).
    """
    from verification.reasons import fill  # noqa: PLC0415 - what says nothing, as a help, does without YAML

    sentence = sentences()[name]
    return "\n  ".join(fill(sentence[language], details) for language in _LANGUAGES)


@cache
def sentences() -> dict[str, dict[str, str]]:
    """All sentences by their names; read once."""
    from topics.yaml_text import read_packaged  # noqa: PLC0415 - as above

    read: dict[str, dict[str, str]] = read_packaged("exchange.runtime", "sentences.yaml")
    return read
