"""Gives a file handed in to whom it is for, once it is noted who reads it. No record, no view."""

from collections.abc import Callable

from exchange.domain.uploads.reading import CaseFile
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said
from exchange.runtime.uploads.store import UploadStore


class NotTheirsError(ExchangeError):
    """Who asks may not read that file of the case, or it has none such."""


def read_material(
    digest: str, theirs: tuple[CaseFile, ...], note: Callable[[CaseFile], None], store: UploadStore
) -> bytes:
    """Return a file's content.

    Args:
        digest: the SHA-256 of its content, as an application names it.
        theirs: what who asks may read of the case, by ``exchange.domain.uploads.reading.files_for``.
        note: leaves the access record, and raises where it cannot be left; then no byte is fetched.
        store: where files are kept.

    Raises:
        NotTheirsError: they may not read it, or it is none of the case's.
        FileGoneError: its time was over.
        ExchangeError: it could not be noted, or the store does not answer.
    """
    found = next((one for one in theirs if one.sha256 == digest), None)
    if found is None:
        raise NotTheirsError(said("upload_unread"))
    note(found)
    return store.get(digest)
