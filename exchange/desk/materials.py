"""Files handed in as materials: taking one, listing those that somebody may read of a case, reading one."""

from dataclasses import dataclass
from typing import Final

from consumers.uploads.reading import read_material
from exchange.desk.access_records import Access
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.look import read_shown
from exchange.desk.persons import AskedPerson
from exchange.domain.case_disclosure import recipient_of
from exchange.domain.disclosure import Recipient
from exchange.domain.uploads.reading import CaseFile, files_for
from exchange.runtime.city import City
from exchange.runtime.uploads.store import UploadStore
from exchange.runtime.uploads.upload import TakenFile, take

UPLOAD: Final = "upload"
READ_MATERIAL: Final = "read_material"


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A file as somebody hands it in: all of it, its name, and which kind of material it is to be."""

    content: bytes
    file_name: str
    kind: int


@dataclass(frozen=True, slots=True)
class ReadableFiles:
    """What somebody may read of a case."""

    case_id: str
    files: tuple[CaseFile, ...]


def upload(city: City, asker: Asker, offered: OfferedFile, store: UploadStore) -> TakenFile:
    """Take a file; it is stored, encrypted, when this returns. It shows nobody, so nothing is noted.

    Raises:
        UploadRefusedError: it is not taken.
        ExchangeError: the asker may not, there is no such kind, or the store does not take it.
    """
    asker.require(UPLOAD, asker.kept_within, city.access)
    kinds = city.policy.materials
    return take(offered.content, offered.file_name, offered.kind, kinds, city.uploads, store)


def list_materials(desk: Desk, asker: Asker, person: AskedPerson, reason: str) -> ReadableFiles | None:
    """Return the files of a case that the asker may read; None: no such case, or none for them.

    Raises:
        ExchangeError: the asker may not, the access could not be noted, or a part does not answer.
    """
    found = _readable(desk, asker, person)
    case_id, files = (found.case_id, found.files) if found else (person.case_id, ())
    desk.note(_access(asker, "materials show", case_id, files, reason))
    return found


def read(
    desk: Desk, asker: Asker, person: AskedPerson, digest: str, reason: str, store: UploadStore
) -> bytes:
    """Return a file of a case; that it is read is noted before a byte is fetched.

    Args:
        desk: where access is noted.
        asker: who reads.
        person: whose case it is.
        digest: the SHA-256 of the file's content, as an application names it.
        reason: why, in the asker's words.
        store: where files are kept.

    Raises:
        NotTheirsError: the asker may not read it, or there is none such.
        ExchangeError: as above; or its time was over.
    """
    found = _readable(desk, asker, person) or ReadableFiles(person.case_id, ())

    def note(file: CaseFile) -> None:
        desk.note(_access(asker, "materials read", found.case_id, (file,), reason, whole=True))

    return read_material(digest, found.files, note, store)


def _readable(desk: Desk, asker: Asker, person: AskedPerson) -> ReadableFiles | None:
    """Return what the asker may read; who is kept within no department reads what the window took."""
    desk.require(asker, READ_MATERIAL, asker.kept_within)
    with desk.session() as session:
        shown = read_shown(desk, session, asker, person.case_id)
    if shown is None:
        return None
    to = recipient_of(asker.kept_within, desk.policy) or Recipient(desk.policy.window)
    # What is shown of the case is of the asker's own county already.
    return ReadableFiles(shown.case["case_id"], files_for(shown.case, to, desk.policy, to.county))


def _access(
    asker: Asker, command: str, case_id: str, files: tuple[CaseFile, ...], reason: str, *, whole: bool = False
) -> Access:
    """Return the record; ``whole``: of what is in the files, in which nothing is masked."""
    return Access(
        asker,
        READ_MATERIAL,
        command,
        (case_id,),
        fields=tuple(f"materials.{one.kind}" for one in files),
        unmasked=whole,
        reason=reason.strip() or None,
    )
