"""Where a case is asked for: by its id, and what is answered where there is none for who asks."""

import re
from typing import Final, TypeVar

from litestar.params import FromPath

from exchange.console.request_session import API
from exchange.desk.persons import AskedPerson
from exchange.serving.openapi import answers
from exchange.serving.problems import ProblemError

T = TypeVar("T")
CASE: Final = f"{API}/cases/{{case_id:str}}"
CaseId = FromPath[str]
"""A case's id, as it comes; `of_id` reads it."""
_CASE_ID: Final = re.compile("[0-9a-f]{32}")
OF_CASES: Final = answers(400, 401, 403, 404, 429, 503)
"""What may be answered where a case is asked for."""


def of_id(case_id: str) -> AskedPerson:
    """Return the person whom a case id means; nothing else is looked up, as a number that stands in a URL.

    Raises:
        ProblemError: it is no case id.
    """
    if _CASE_ID.fullmatch(case_id) is None:
        raise ProblemError("not_found", 404)
    return AskedPerson(case_id, case_id)


def found(what: T | None) -> T:
    """Return what was found.

    Raises:
        ProblemError: there is none, or none for who asks.
    """
    if what is None:
        raise ProblemError("not_found", 404)
    return what
