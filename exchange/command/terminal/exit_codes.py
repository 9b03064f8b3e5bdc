"""What the command's exit codes mean, beside 0 for done and 2 for wrong usage; imports nothing."""

from typing import Final

REFUSED: Final = 1
INTERRUPTED: Final = 130
"""Ctrl-C: 128 and the signal's number."""
NOBODY_READS: Final = 141
"""Who read the output has gone (``| head -1``): neither done nor refused; as if SIGPIPE had ended it."""
