"""What has changed in a case since a form was drawn on it, and by whom: so who comes second is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from avro_schemas.typed_documents import CaseDocument
from exchange.desk.actions.drawn import DrawnForm, changed_parts, version_of
from exchange.desk.actions.kinds import FormKind
from exchange.desk.actions.results import matter_of

_WITH_TIMES: Final = frozenset({"decisions", "applications", "examinations", "handovers", "enquiries"})


@dataclass(frozen=True, slots=True)
class ConcernChange:
    """One part of what a form rests on that is another now.

    Attributes:
        part: the name that `FormKind.concerns` gives it.
        by: the handler of the latest word in it, or the department; None where no record is behind it.
        at: when that was recorded.
    """

    part: str
    by: str | None = None
    at: datetime | None = None


def changes_since(drawn: DrawnForm, kind: FormKind, document: CaseDocument) -> tuple[ConcernChange, ...]:
    """Return what has changed; nothing if the form can be sent as it was drawn."""
    now = version_of(kind.concerns(document, drawn.subject))
    return tuple(_told(part, drawn, document) for part in changed_parts(drawn.version, now))


def _told(part: str, drawn: DrawnForm, document: CaseDocument) -> ConcernChange:
    *_, latest = None, *sorted(_words(part, drawn, document), key=_moment)
    if latest is None:
        return ConcernChange(part)
    return ConcernChange(part, latest.get("handler") or latest.get("department"), latest["recorded_at"])


def _words(part: str, drawn: DrawnForm, document: CaseDocument) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a case that can have changed a part."""
    if part in {"results", "state"}:
        own = matter_of(document, drawn.subject)
        for matter in [own] if own else document["matters"]:
            yield from matter["results"]
    else:
        own_entries: Mapping[str, Any] = document
        yield from own_entries[part if part in _WITH_TIMES else "records"]


def _moment(entry: Mapping[str, Any]) -> datetime:
    moment: datetime = entry["recorded_at"]
    return moment
