"""What may go wrong, by what a programmer can do about it. No text here ever holds a value of a record."""

from collections.abc import Sequence
from typing import Any, Final

from life_events_client.answers import Reason
from life_events_client.steps import Answer, Cut


class ClientError(Exception):
    """Whatever this package raises about the exchange."""


class ExchangeAway(ClientError):  # noqa: N818 - said as one says it; all are errors by their base
    """It could not be reached, or could not serve, for as long as the client was patient. Try again later."""


class TooFast(ClientError):  # noqa: N818
    """It asks to be left alone for longer than the client was patient.

    Attributes:
        retry_after_s: Seconds until it wants to be asked again; None if it did not say.
    """

    def __init__(self, retry_after_s: float | None) -> None:
        said = "" if retry_after_s is None else f" Ask again in {retry_after_s:g} s."
        super().__init__(f"The exchange is asked too often.{said}")
        self.retry_after_s = retry_after_s


class NotAllowed(ClientError):  # noqa: N818
    """The credential is unknown, taken back, or has no right to this. Its keeper at the exchange can help."""


class RecordRefused(ClientError):  # noqa: N818
    """The exchange does not take the record: correct it, and publish it as a new one.

    Attributes:
        record_id: The record's id.
        receipt_id: Its receipt's id.
        reasons: Why; their sentences are for a clerk, their codes for a program.
    """

    def __init__(self, record_id: str, receipt_id: str, reasons: Sequence[Reason]) -> None:
        told = ", ".join(f"{one.code} ({one.field})" if one.field else one.code for one in reasons)
        super().__init__(f"Record {record_id} is refused: {told}.")
        self.record_id, self.receipt_id, self.reasons = record_id, receipt_id, tuple(reasons)


class ReceiptsLate(ClientError):  # noqa: N818
    """All records sent are stored, but some receipts have not come yet. Ask for them by `receipts_of`."""


class PositionGone(ClientError):  # noqa: N818
    """The exchange no longer holds what came behind the last announcement taken: follow with `anew=True`."""


class RequestWrong(ClientError):  # noqa: N818
    """The exchange does not understand what it is asked: a fault of the program, or a version too old.

    Attributes:
        status: The answer's HTTP status.
        code: The stable code of the problem.
    """

    def __init__(self, status: int, code: str, title: str) -> None:
        super().__init__(f"The exchange answers {status} {code}: {title}")
        self.status, self.code = status, code


class RecordDiffers(ClientError):  # noqa: N818
    """The outbox holds another record of that id: an id is made once for each record."""

    def __init__(self, record_id: str) -> None:
        super().__init__(f"The outbox holds another record with the id {record_id}.")
        self.record_id = record_id


_BY_STATUS: Final = {401: NotAllowed, 403: NotAllowed}


def failure(answer: Answer | Cut) -> ClientError:
    """Return the error that an answer means, which is neither good nor to be waited for any longer."""
    if isinstance(answer, Cut):
        return ExchangeAway(f"The exchange cannot be reached ({answer.kind}).")
    if answer.status >= 500 or answer.status == 408:
        code = answer.problem().get("code", "no code")
        return ExchangeAway(f"The exchange cannot serve now ({answer.status} {code}).")
    if answer.may_be_repeated and answer.status == 409:
        return ExchangeAway("The exchange is still at work on what was sent before.")
    if answer.status == 429:
        return TooFast(answer.retry_after_s)
    return _refusal(answer, answer.problem())


def _refusal(answer: Answer, problem: dict[str, Any]) -> ClientError:
    code = str(problem.get("code") or problem.get("error") or "unknown")
    if code == "record_refused":
        reasons = [Reason.of(one) for one in problem.get("reasons", ())]
        return RecordRefused(str(problem.get("record_id", "")), str(problem.get("receipt_id", "")), reasons)
    if kind := _BY_STATUS.get(answer.status):
        return kind(f"The exchange does not allow this ({answer.status} {code}).")
    if answer.status == 410:
        return PositionGone("The exchange no longer holds the position: follow with anew=True.")
    return RequestWrong(answer.status, code, str(problem.get("title", "")))
