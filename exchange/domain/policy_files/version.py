"""Which policy it is: its files, and the version that follows from them."""

from collections.abc import Mapping
from hashlib import sha256

LENGTH = 12


def version_of(files: Mapping[str, str]) -> str:
    """Return the version of a policy: twelve hexadecimal digits that follow from its files and nothing else.

    Args:
        files: name → text of each. A changed comment makes another version too: who reads it reads all.
    """
    digest = sha256()
    for name, text in sorted(files.items()):
        for part in (name, text):
            digest.update(sha256(part.encode()).digest())
    return digest.hexdigest()[:LENGTH]
