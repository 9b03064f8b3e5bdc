"""Deletes files handed in whose time is over: asks every application of the log which files it names.

The log decides, not the read model: of an application that no case holds yet, all is open, unless its receipt
says that it was refused. What was refused names no file.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from avro_schemas.typed_documents import CaseDocument
from consumers.log.copy_session import open_session
from consumers.log.scan import CaseLog
from consumers.read_model.case_list import CaseList
from consumers.receipts.index import was_rejected
from exchange.domain.policy_files.uploads import UploadPolicy
from exchange.domain.uploads.keeping import FileUse, may_go, use_of
from exchange.folding.case_ids import MOVES_FOLLOWED, CaseIds
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings
from exchange.runtime.uploads.store import StoredFile, UploadStore
from verification.times import calendar_date

APPLICATION: Final = "application"
Uses = Mapping[str, list[FileUse]]
"""SHA-256 of a file's content → the applications that name it."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep came to, in files."""

    deleted: int
    kept: int


def sweep(store: UploadStore, uses: Uses, policy: UploadPolicy, today: date, *, only_say: bool) -> Swept:
    """Delete what may go.

    Args:
        store: where files are kept.
        uses: who names them, asked before the files are: what is stored meanwhile is young.
        policy: how long files are kept.
        today: in Asia/Shanghai.
        only_say: delete nothing.

    Raises:
        ExchangeError: the store does not answer; what was deleted by then is.
    """
    by_name = {store.key.name_of(digest): found for digest, found in uses.items()}
    files = list(store.files())
    going = [one for one in files if _may_go(one, by_name, policy, today)]
    for one in () if only_say else going:
        store.delete(one.name)
    return Swept(len(going), len(files) - len(going))


def _may_go(file: StoredFile, uses: Uses, policy: UploadPolicy, today: date) -> bool:
    return may_go(calendar_date(file.stored_at), uses.get(file.name, []), policy, today)


def uses_in(settings: Settings) -> Uses:
    """Return who names which file, by the whole log and the cases that came of it.

    Raises:
        ExchangeError: a part does not answer.
    """
    found: dict[str, list[FileUse]] = defaultdict(list)
    case_ids = CaseIds(settings.case_key)
    with CaseList(settings) as cases, open_session(settings) as session:
        for message, record in _applications(settings):
            matters, record_id = record["matters"], str(record["record_id"])
            case = _case_of(record_id, case_ids.of_message_key(message.key()), cases)
            place = f"{message.topic()}/{message.partition()}/{message.offset()}"
            if case is None and was_rejected(session.connection, place):
                continue
            for digest in _digests(record):
                found[digest].append(use_of(record_id, matters, case))
    return found


def _applications(settings: Settings) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Yield every application that names a file, as it stands in the log and as a record."""
    catalogue = settings.city.catalogue
    (topic,) = (one for one in catalogue.records if one.schema == APPLICATION)
    with Registry(settings.registry) as registry:
        decoder = Decoder[Mapping[str, Any]](catalogue.schema_of(topic.name), registry.schema_by_id)
        messages = CaseLog(settings).read({topic.name: lambda _: True}, range(topic.partitions))
        for message in messages:
            record = decoder.decode(message.value())
            if any(_digests(record)):
                yield message, record


def _digests(record: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(one["sha256"]) for one in record.get("materials") or () if one["sha256"])


def _case_of(record_id: str, case_id: str | None, cases: CaseList) -> CaseDocument | None:
    """Return the case in which a record counts, wherever it was moved; None while none has it."""
    for _ in range(MOVES_FOLLOWED):
        document = cases.read([case_id]).get(case_id) if case_id else None
        if document is None:
            return None
        entry = next((one for one in document["records"] if one["record_id"] == record_id), None)
        case_id = document["forwards_to"] if entry is None else entry["moved_to"]
        if entry is not None and case_id is None:
            return document
    return None
