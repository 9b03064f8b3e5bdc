"""What became of a form, as it is answered: what was typed comes back with whatever hinders it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from litestar import Response
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from exchange.desk.actions.drawn import DrawnForm
from exchange.desk.publishing.outcome import FormEnd, FormOutcome, drawn_row
from exchange.serving.problems import RETRY_S, ProblemError

_REFUSED: Final[Mapping[FormEnd, tuple[str, int, int | None]]] = {
    "ANSWERED": ("record_refused", 422, None),
    "CHANGED": ("form_changed", 412, None),
    "UNFIT": ("form_unfit", 422, None),
    "BUSY": ("case_busy", 409, RETRY_S),
    "AWAY": ("form_away", 503, RETRY_S),
}
"""How a form ended that is not in → code, status, and after how many seconds it may be sent again."""


def answer_of(outcome: FormOutcome, drawn: Iterable[DrawnForm]) -> Response[dict[str, Any]]:
    """Return the answer to who has sent a form, with the forms drawn after it.

    Raises:
        ProblemError: it is not in.
    """
    if not outcome.is_in:
        code, status, retry_s = _REFUSED[outcome.end]
        more = {"outcome": outcome.as_json(), "answers": dict(outcome.typed)}
        raise ProblemError(code, status, retry_s=retry_s).with_more(**more)
    status = HTTP_202_ACCEPTED if outcome.end == "BEING_PROCESSED" else HTTP_200_OK
    body = {**outcome.as_json(), "forms": [drawn_row(one, {}) for one in drawn]}
    return Response(body, status_code=status)
