"""What the exchange answers, as values. None of them shows a person when it is printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["ACCEPTED", "DUPLICATE", "HELD", "REJECTED"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record is refused, held or remarked on.

    Attributes:
        code: Stable, for programs.
        message: A sentence in Chinese, for a clerk; values in it are masked.
        message_en: The same in English.
        field: The field that is meant; empty if it is none alone.
    """

    code: str
    message: str = field(default="", repr=False)
    message_en: str = field(default="", repr=False)
    field: str = ""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Reason":
        """Return it from JSON."""
        return cls(*(str(said.get(name) or "") for name in ("code", "message", "message_en", "field")))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one record (回执).

    Attributes:
        status: ACCEPTED; DUPLICATE: this very record was taken before; HELD: kept, without effect until the
            doubt is settled; REJECTED: not taken.
        reasons: Why it is held or refused.
        warnings: What somebody should look at again, though the record was taken.
        case_id: The person's case, which is not the ID number; None if it belongs to none.
    """

    record_id: str
    receipt_id: str
    type: str
    status: Status
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    case_id: str | None = None
    taken_at: str | None = None

    @property
    def refused(self) -> bool:
        """Whether the record was not taken."""
        return self.status == "REJECTED"

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Receipt":
        """Return it from JSON."""
        return cls(
            record_id=str(said["record_id"] or ""),
            receipt_id=said["receipt_id"],
            type=said.get("type") or "",
            status=said["status"],
            reasons=tuple(Reason.of(one) for one in said.get("reasons") or ()),
            warnings=tuple(Reason.of(one) for one in said.get("warnings") or ()),
            case_id=said.get("case_id"),
            taken_at=said.get("taken_at"),
        )


@dataclass(frozen=True, slots=True)
class Pending:
    """The record is stored and will not be lost; its receipt has not come yet."""

    record_id: str
    receipt_id: str
    status: Literal["PENDING"] = "PENDING"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far `send_many` has come, in records."""

    stored: int
    answered: int


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the department is told about one matter of one case (通知).

    Attributes:
        id: Tells repeats: the same announcement always has the same.
        transition: The state that the matter entered, such as READY; SUSPENDED takes back what was announced.
        draft: Field of the form → its `value`, `state` and `source`, as far as the department may see it.
        content: All of it, as the exchange says it.
    """

    id: str
    case_id: str
    matter: int
    instance: str | None
    transition: str
    draft: Mapping[str, Mapping[str, Any]] = field(repr=False)
    content: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Announcement":
        """Return it from JSON."""
        return cls(
            id=said["id"],
            case_id=said["case_id"],
            matter=said["matter"],
            instance=said.get("instance"),
            transition=said["transition"],
            draft=said.get("draft") or {},
            content=said,
        )
