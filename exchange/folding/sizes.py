"""How large things may be: a record well below what is made of it, so that every answer fits its topic."""

from typing import Final

RECORD_BYTES: Final = 256 << 10
"""Largest record that is read, framing included; the largest of the sample is below 20 kB."""

QUARANTINED_BYTES: Final = 1 << 20
"""How much of a refused record quarantine keeps; for a larger one it also has the hash of the whole."""

AROUND_A_VALUE_BYTES: Final = 2 << 10
"""Key, headers and the batch around a value count towards a topic's limit too; they are below 500 bytes."""
