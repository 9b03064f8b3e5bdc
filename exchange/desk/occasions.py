"""What somebody may do in a case as it stands: the ways to its forms. Pure; who shows the case notes it."""

from typing import NamedTuple

from avro_schemas.typed_documents import CaseDocument
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.table import FORMS
from exchange.desk.asker import Asker
from exchange.desk.drawing import place_for
from exchange.domain.access.may import may
from exchange.domain.policy import Policy
from exchange.domain.policy_files.access import AccessTable


class Occasion(NamedTuple):
    """A form that could be drawn."""

    action: str
    subject: FormSubject


def occasions(
    document: CaseDocument, asker: Asker, table: AccessTable, policy: Policy
) -> tuple[Occasion, ...]:
    """Return the forms that could be drawn for somebody; each draws anew what then stands.

    Args:
        document: the case, as far as they are shown it.
        asker: who.
        table: who may what.
        policy: the city's rules.
    """
    return tuple(
        Occasion(kind.action, subject)
        for kind in FORMS.values()
        for subject in kind.subjects(document, policy)
        if may(
            table,
            asker.role,
            kind.action,
            asker.kept_within,
            place_for(asker, kind, document, subject, policy),
        )
    )
