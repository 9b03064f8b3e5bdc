"""Takes a file handed in as a material: looked through, decoded, encrypted, stored.

Shape: bytes, kind of material → {sha256, kind, bytes, type}; an application names the first two.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from exchange.domain.policy_files.models import Material
from exchange.domain.policy_files.uploads import FileType, UploadPolicy
from exchange.domain.uploads.content import FileRefusal, refusal_of, type_of
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said
from exchange.runtime.uploads import decode_file
from exchange.runtime.uploads.store import UploadStore
from topics.labels import Labels

LABELS: Final = Labels(__file__)
DECODED_WITHIN_S: Final = 60
DECODERS: Final = threading.Semaphore(2)
"""How many files are looked at together: each may take a core and 2 GiB for a while."""
DECODER_WAIT_S: Final = 10.0
"""How long a file waits for others; it keeps a thread meanwhile."""
MEGABYTE: Final = 1024 * 1024
_PASSED_ON: Final = ("PATH", "LD_LIBRARY_PATH")
"""All that a decoder is told of the environment, in which secrets may be."""


class UploadRefusedError(ExchangeError):
    """A file is not taken; ``code`` says why."""

    def __init__(self, code: FileRefusal, policy: UploadPolicy) -> None:
        types = "、".join(policy.types)
        told = LABELS.table("refusals")[code].filled(
            megabytes=f"{policy.largest_bytes / MEGABYTE:g}", types=types
        )
        super().__init__(f"{told.zh}\n  {told.en}")
        self.code = code


class DecodersBusyError(ExchangeError):
    """Other files are being looked at; ``retry_s`` says when to try again."""

    retry_s = 5

    def __init__(self) -> None:
        super().__init__(said("upload_decoders_busy"))


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that was taken."""

    sha256: str
    kind: int
    bytes: int
    type: FileType


def take(
    content: bytes,
    file_name: str,
    kind: int,
    kinds: Mapping[int, Material],
    policy: UploadPolicy,
    store: UploadStore,
) -> TakenFile:
    """Take a file; it is stored, encrypted, when this returns.

    Args:
        content: all of it.
        file_name: as it was handed in.
        kind: of material.
        kinds: those that the policy has, by their numbers.
        policy: what is taken.
        store: where it is kept.

    Raises:
        UploadRefusedError: it is not taken.
        DecodersBusyError: others are being looked at.
        ExchangeError: there is no such kind of material, or the store does not take it.
    """
    if kind not in kinds:
        known = "; ".join(f"{number} {one.term} ({one.english})" for number, one in kinds.items())
        raise ExchangeError(said("upload_kind_unknown", kind=kind, known=known))
    found = type_of(content)
    refusal = refusal_of(content, file_name, policy)
    if refusal is not None or found is None:
        raise UploadRefusedError(refusal or "file_type_unknown", policy)
    if not _is_whole(content, found):
        raise UploadRefusedError("file_unreadable", policy)
    return TakenFile(store.put(content), kind, len(content), found)


def _is_whole(content: bytes, found: FileType) -> bool:
    """Say whether a file can be decoded to its end; a process of its own tries it.

    Raises:
        DecodersBusyError: others are being looked at.
        ExchangeError: the decoder itself does not work.
    """
    if not DECODERS.acquire(timeout=DECODER_WAIT_S):
        raise DecodersBusyError
    try:
        return _decodes(content, found)
    finally:
        DECODERS.release()


def _decodes(content: bytes, found: FileType) -> bool:
    command = [sys.executable, "-I", decode_file.__file__, found]
    known = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, check=False, timeout=DECODED_WITHIN_S, env=known
        )
    except subprocess.TimeoutExpired:
        return False
    if done.returncode not in {0, decode_file.DAMAGED} and done.returncode > 0:
        raise ExchangeError(said("upload_decoder_fails", type=found))
    return done.returncode == 0
