"""The story of a woman who is certified dead and lives, as records and as everybody sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.cases import Given, applied, given, next_of, resulted
from tests.journeys.live import Document, Live
from tests.people import ZHANGJIACHUAN, id_number

NUMBER = id_number(ZHANGJIACHUAN, date(1941, 2, 3), 612)
FIRST_BANK, SECOND_BANK = "甘肃银行", "兰州银行"
LATER = "2026-04-02T09:00:00+08:00"
SILENT = "justice"
"""The department that does not acknowledge in time."""


def hers(record_type: str, label: str = "", **fields: Any) -> Given:
    """A record about her; no other test has its id."""
    return given(record_type, f"revoked {label}", id_number=NUMBER, **fields)


CERTIFICATE = hers("death_certificate")
REVOCATION = next_of(CERTIFICATE, "REVOKED", "revoked: she lives", recorded_at=LATER)
ANEW = hers("death_certificate", "anew", recorded_at=LATER)
_HERS = {"id_number": NUMBER, "label": "revoked"}
RECORDS = (
    CERTIFICATE,
    hers("cremation"),
    hers("social_insurance"),
    hers("medical_insurance"),
    hers("provident_fund"),
    hers("driving_licence", licence_no=NUMBER),
    hers("bank_deposit", bank_name=FIRST_BANK),
    hers("bank_deposit", "second", bank_name=SECOND_BANK),
    applied(4, 5, 9, **_HERS),
    resulted(4, "ACCEPTED", **_HERS),
    resulted(5, "REJECTED", **_HERS),
    resulted(7, **_HERS),
    resulted(10, issuer_name=FIRST_BANK, **_HERS),
)
STATES = {
    (1, None): "COMPLETED",
    (2, None): "COMPLETED",
    (3, None): "READY",
    (4, None): "ACCEPTED",
    (5, None): "REJECTED",
    (6, None): "NOT_APPLICABLE",
    (7, None): "COMPLETED",
    (8, None): "WAITING",
    (9, None): "APPLIED",
    (10, FIRST_BANK): "COMPLETED",
    (10, SECOND_BANK): "READY",
    (11, None): "READY",
    (12, None): "READY",
}
"""What her records come to while she counts as dead."""
UNTOLD = {matter for matter, state in STATES.items() if state in {"NOT_APPLICABLE", "WAITING"}}
RECOVERED = {(2, None), (7, None), (10, FIRST_BANK)}
"""Done on a death that was none, by a record that still stands: somebody has to undo it."""


@dataclass(frozen=True)
class Seen:
    """Everything that can be seen of her at one moment; the news are since the look before."""

    case: Document
    news: list[Document]
    tasks: list[Document]

    @property
    def states(self) -> dict[tuple[int, str | None], str]:
        """Each matter's state."""
        return {about(one): one["state"] for one in self.case["matters"]}

    def owed(self, kind: str) -> list[Document]:
        """The tasks of a kind, done or not."""
        return [task for task in self.tasks if task["kind"] == kind]


class Story:
    """Publishes about her and looks at her, again and again."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self._heard: set[str] = set()

    def publish(self, *records: Given) -> Seen:
        """What is seen after these records."""
        assert set(self.live.publish(*records)) == {"ACCEPTED"}
        return self.look()

    def look(self) -> Seen:
        """What is seen now."""
        told = self.live.told(NUMBER)
        news = [one for one in told if one["id"] not in self._heard]
        self._heard |= {one["id"] for one in told}
        return Seen(self.live.case(NUMBER), news, self.live.tasks(NUMBER))


def about(one: Document) -> tuple[int, str | None]:
    """The matter, and the bank where there is one for each."""
    return (one["matter"], one["instance"])


def addressed(one: Document) -> tuple[str, int, str | None]:
    """The department that was told, and of what."""
    return (one["department"], *about(one))


def transitions(news: Iterable[Document]) -> dict[tuple[str, int, str | None], str]:
    """What each department was told last of each of its matters."""
    return {addressed(one): one["transition"] for one in news}


def signed(withdrawal: Document) -> Given:
    """A department's acknowledgement."""
    told = {"department": withdrawal["department"], "announcement_id": withdrawal["id"]}
    return hers("acknowledgement", withdrawal["id"], handler="值班员", recorded_at=LATER, **told)
