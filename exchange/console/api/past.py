"""`/desk/v1/…/past` and `…/history`: a case as it was known, and how it came about, by the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from consumers.history.events import CaseEvent
from exchange.console.api.case_address import CASE, OF_CASES, CaseId, found, of_id
from exchange.console.api.reasons import Reasoned, ReasonGiven
from exchange.console.console import AskerHere, ConsoleHere
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.look import LookRequest
from exchange.desk.past import look_as_of, look_back
from exchange.desk.past_rows import as_of_row, event_row
from exchange.serving.problems import ProblemError
from verification.times import SHANGHAI

PastMoment = Annotated[
    datetime, QueryParameter(description="A moment in the past; without an offset, in Asia/Shanghai.")
]


@dataclass
class PastAsked:
    """When, and why numbers are asked for in full."""

    as_of: datetime
    reason: ReasonGiven


@dataclass
class HistoryShown:
    """Everything that happened to a case, the first thing first."""

    events: list[dict[str, Any]]


@get(f"{CASE}/past", responses=OF_CASES, sync_to_thread=True, tags=["Past"])
def read_past(console: ConsoleHere, asker: AskerHere, case_id: CaseId, as_of: PastMoment) -> dict[str, Any]:
    """Return a case as it was known then, and what has changed since."""
    return _as_of(console.desk, asker, case_id, as_of, LookRequest())


@post(f"{CASE}/past", status_code=HTTP_200_OK, responses=OF_CASES, sync_to_thread=True, tags=["Past"])
def unmask_past(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, data: JSONBody[PastAsked]
) -> dict[str, Any]:
    """Return the same with numbers in full."""
    return _as_of(console.desk, asker, case_id, data.as_of, LookRequest(unmask=True, reason=data.reason))


@get(f"{CASE}/history", responses=OF_CASES, sync_to_thread=True, tags=["Past"])
def read_history(console: ConsoleHere, asker: AskerHere, case_id: CaseId) -> HistoryShown:
    """Return everything that happened to a case: each record, and what it changed."""
    return _history(console.desk, asker, case_id, LookRequest())


@post(f"{CASE}/history", status_code=HTTP_200_OK, responses=OF_CASES, sync_to_thread=True, tags=["Past"])
def unmask_history(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, data: JSONBody[Reasoned]
) -> HistoryShown:
    """Return the same with numbers in full."""
    return _history(console.desk, asker, case_id, LookRequest(unmask=True, reason=data.reason))


def _as_of(desk: Desk, asker: Asker, case_id: str, as_of: datetime, request: LookRequest) -> dict[str, Any]:
    from consumers.history.live_past import new_past  # noqa: PLC0415 - the rules take long to load

    moment = as_of if as_of.tzinfo else as_of.replace(tzinfo=SHANGHAI)
    if moment > datetime.now(UTC):
        raise ProblemError("parameter_wrong", 400, names="as_of")
    past = new_past(desk.settings, desk.registry)
    then = look_as_of(desk, past, asker, of_id(case_id), moment, request)
    return as_of_row(found(then.case), then.tasks, then.moment, then.changed, desk.policy)


def _history(desk: Desk, asker: Asker, case_id: str, request: LookRequest) -> HistoryShown:
    from consumers.history.live_past import new_past  # noqa: PLC0415 - as above

    past = new_past(desk.settings, desk.registry)
    events: Sequence[CaseEvent] = look_back(desk, past, asker, of_id(case_id), request)
    return HistoryShown([event_row(one) for one in found(events or None)])
