"""The forms by the actions of access.yaml."""

from collections.abc import Mapping
from typing import Final

from exchange.desk.actions.acknowledgements import ACKNOWLEDGE
from exchange.desk.actions.applications import APPLY
from exchange.desk.actions.decisions import DECIDE
from exchange.desk.actions.kinds import FormKind
from exchange.desk.actions.results import RESULT_FORMS
from exchange.desk.actions.window import WINDOW_FORMS

FORMS: Final[Mapping[str, FormKind]] = {
    kind.action: kind for kind in (APPLY, *WINDOW_FORMS, *RESULT_FORMS, DECIDE, ACKNOWLEDGE)
}
