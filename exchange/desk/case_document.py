"""The case that somebody asks for; of a person of whom nothing is known yet, an empty one."""

from typing import Final, cast

from avro_schemas.typed_documents import CaseDocument
from consumers.log.copy_session import Session
from consumers.read_model.case_reader import find_case
from exchange.desk.desk import Desk
from exchange.runtime.errors import ExchangeError

_LISTS: Final = (
    *("records", "conflicts", "decisions", "matters", "requests", "applications"),
    *("examinations", "handovers", "appointments", "enquiries"),
)


class NoSuchCaseError(ExchangeError):
    """There is no such case, or none for who asks."""


def case_or_empty(desk: Desk, session: Session, case_id: str) -> CaseDocument:
    """Return the case as it stands, or that to which it forwards.

    Raises:
        ExchangeError: the read model is not yet built, or a part does not answer.
    """
    return find_case(session, desk.decode_case, case_id) or empty_case(case_id)


def empty_case(case_id: str) -> CaseDocument:
    """Return the case of somebody of whom nothing is known yet."""
    lists = dict.fromkeys(_LISTS, ())
    form: dict[str, object] = {"deceased": {}, "applicant": {}, "accounts": {}}
    return cast("CaseDocument", {"case_id": case_id, "death_established": False, **lists, "form": form})
