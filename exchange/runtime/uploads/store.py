"""Where files handed in are kept: named by a keyed hash of their content, so the same content is one file.

`EXCHANGE_UPLOADS` says where: unset, in the home (`data/uploads`); `https://HOST/BUCKET/PREFIX`, an
S3-compatible store, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Either is given ciphertext alone.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.loopback import is_loopback
from exchange.runtime.sentences import said
from exchange.runtime.uploads.folder import UPLOADS
from exchange.runtime.uploads.key import AlteredFileError, UploadKey, home_key

VARIABLE: Final = "EXCHANGE_UPLOADS"
_NOT_FOUND: Final = (NotFoundError, FileNotFoundError)


class FileGoneError(ExchangeError):
    """There is no file of that content: it was never handed in, or its time was over."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it lies in the store; its name tells nothing of it."""

    name: str
    stored_at: datetime


@dataclass(frozen=True)
class UploadStore:
    """Keeps files and gives them back."""

    objects: ObjectStore
    key: UploadKey

    def put(self, content: bytes) -> str:
        """Keep a file; return the SHA-256 of its content, by which it is asked for.

        Content that is there is written again: so its time begins anew.

        Raises:
            ExchangeError: the store does not answer, or does not take it.
        """
        digest = sha256(content).hexdigest()
        name = self.key.name_of(digest)
        with _saying_that_it_is_away():
            obstore.put(self.objects, name, self.key.encrypted(content, name))
        return digest

    def get(self, digest: str) -> bytes:
        """Return the content of a SHA-256.

        Raises:
            FileGoneError: it is not there.
            AlteredFileError: what is there is not what was put there.
            ExchangeError: the store does not answer.
        """
        name = self.key.name_of(digest)
        try:
            with _saying_that_it_is_away():
                stored = obstore.get(self.objects, name).bytes().to_bytes()
        except _NOT_FOUND:
            raise FileGoneError(said("upload_gone"), said("upload_gone_what")) from None
        content = self.key.decrypted(stored, name)
        if sha256(content).hexdigest() != digest:
            raise AlteredFileError(said("upload_altered"), said("upload_altered_what"))
        return content

    def files(self) -> Iterator[StoredFile]:
        """Yield all files of this key; what others keep in the same place is not ours to see or to delete.

        Raises:
            ExchangeError: the store does not answer.
        """
        with _saying_that_it_is_away():
            for page in obstore.list(self.objects, self.key.folder):
                yield from (StoredFile(one["path"], one["last_modified"]) for one in page)

    def delete(self, name: str) -> None:
        """Delete a file, by its name in the store; one that is not there is deleted.

        Raises:
            ExchangeError: the store does not answer.
        """
        with suppress(*_NOT_FOUND), _saying_that_it_is_away():
            obstore.delete(self.objects, name)


def open_store(home: Home) -> UploadStore:
    """Return the store of a home.

    Raises:
        ExchangeError: `EXCHANGE_UPLOADS` names no store, or one without encryption beyond this machine, or
            there is nothing to come in with.
    """
    address, key = os.environ.get(VARIABLE), home_key(home)
    if not address:
        folder = home.data / UPLOADS
        folder.mkdir(mode=0o700, exist_ok=True)
        return UploadStore(LocalStore(folder), key)
    return UploadStore(_s3(address), key)


def _s3(address: str) -> S3Store:
    place = urlsplit(address)
    bucket, _, prefix = place.path.strip("/").partition("/")
    if place.scheme not in {"http", "https"} or not place.hostname or not bucket:
        raise ExchangeError(said("upload_place_wrong", variable=VARIABLE), said("upload_place_what"))
    if place.scheme == "http" and not is_loopback(place.hostname):
        raise ExchangeError(said("upload_place_open", variable=VARIABLE), said("upload_place_what"))
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    if missing := [name for name in names if not os.environ.get(name)]:
        raise ExchangeError(said("upload_place_keyless", names=", ".join(missing)))
    return S3Store(
        bucket,
        prefix=prefix or None,
        endpoint=f"{place.scheme}://{place.netloc}",
        region=os.environ.get("AWS_REGION", "us-east-1"),
        access_key_id=os.environ[names[0]],
        secret_access_key=os.environ[names[1]],
        virtual_hosted_style_request=False,
        client_options={"allow_http": place.scheme == "http", "timeout": "30s"},
        retry_config={"max_retries": 2},
    )


@contextmanager
def _saying_that_it_is_away() -> Iterator[None]:
    """Turn what the store's client raises into words for people; that a file is not there passes."""
    try:
        yield
    except _NOT_FOUND:
        raise
    except (BaseError, OSError) as problem:
        raise ExchangeError(
            said("upload_store_away", problem=type(problem).__name__), said("upload_store_what")
        ) from None
