"""The forms by the actions of access.yaml."""

from collections.abc import Mapping
from typing import Final

from exchange.desk.actions.acknowledgements import ACKNOWLEDGE
from exchange.desk.actions.amendments import AMEND
from exchange.desk.actions.applications import APPLY
from exchange.desk.actions.decisions import DECIDE
from exchange.desk.actions.kinds import FormKind
from exchange.desk.actions.results import RESULT_FORMS
from exchange.desk.actions.window import WINDOW_FORMS
from exchange.desk.actions.withdrawals import WITHDRAW, WITHDRAW_RESULT

_KINDS: Final = (APPLY, AMEND, *WINDOW_FORMS, *RESULT_FORMS, DECIDE, ACKNOWLEDGE, WITHDRAW, WITHDRAW_RESULT)
FORMS: Final[Mapping[str, FormKind]] = {kind.action: kind for kind in _KINDS}
DRAWN: Final = FORMS.keys() - {ACKNOWLEDGE.action}
"""What is announced is acknowledged by its own id, and needs no form."""
