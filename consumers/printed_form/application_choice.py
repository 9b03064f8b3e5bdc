"""Which of a case's applications a form is printed for."""

from avro_schemas.typed_documents import ApplicationEntryDocument, CaseDocument
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said


class NoSuchApplicationError(ExchangeError):
    """The case has no such application in force, or several that may be meant."""


def choose_application(document: CaseDocument, wanted: str = "") -> ApplicationEntryDocument | None:
    """Return the application asked for, else the latest in force; None if nobody has applied.

    Args:
        document: The case, as ``exchange.events.Case``.
        wanted: The application's record id, or its beginning; empty for the latest.

    Raises:
        NoSuchApplicationError: none in force is called so, or several are.
    """
    applications = document["applications"]
    if not wanted:
        return applications[-1] if applications else None
    found = [one for one in applications if one["record_id"].startswith(wanted)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(one["record_id"] for one in applications) or "–"
    why = said("applications_begin_so") if found else said("no_such_application")
    raise NoSuchApplicationError(why, said("applications_in_force", known=known))
