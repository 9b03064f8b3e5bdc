"""The forms by the actions of access.yaml."""

from collections.abc import Mapping
from typing import Final

from exchange.desk.forms.acknowledgements import ACKNOWLEDGE
from exchange.desk.forms.applications import APPLY
from exchange.desk.forms.decisions import DECIDE
from exchange.desk.forms.kinds import FormKind
from exchange.desk.forms.results import RESULT_FORMS
from exchange.desk.forms.window import WINDOW_FORMS

FORMS: Final[Mapping[str, FormKind]] = {
    kind.action: kind for kind in (APPLY, *WINDOW_FORMS, *RESULT_FORMS, DECIDE, ACKNOWLEDGE)
}
