"""What the command's exit codes mean, other than 0 for done and 2 for wrong usage; imports nothing."""

from typing import Final

REFUSED: Final = 1
INTERRUPTED: Final = 130
"""Ctrl-C: 128 plus the signal's number."""
NOBODY_READS: Final = 141
"""The reader of the output has gone (``| head -1``): neither done nor refused; as if ended by SIGPIPE."""
