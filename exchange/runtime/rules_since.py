"""Since when newer rules hold in one home: noted once, when a version that has them first starts there.

What the log took before that was taken by the rules of its day, and a rebuild accepts it again. The policy's
own moment counts if it is later; it is the only one where no home is kept, as in separate services.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, write_private
from exchange.runtime.sentences import said
from verification.acceptance_rules import RULE_SETS, RuleSet

FILE: Final = "rules_since.json"
"""Beside the key of the case ids: if either is lost, a rebuild makes other cases."""

_DECODER: Final = msgspec.json.Decoder(dict[RuleSet, datetime])


def note_rules_since(home: Home, now: datetime) -> None:
    """Note, for each set of rules that is new to the home, that it holds from now on."""
    noted = noted_rules_since(home)
    fresh: dict[RuleSet, datetime] = {name: now for name in RULE_SETS if name not in noted}
    if fresh:
        write_private(home.secrets / FILE, msgspec.json.encode({**noted, **fresh}).decode())


def noted_rules_since(home: Home) -> Mapping[RuleSet, datetime]:
    """Return since when each set of rules holds in the home, as far as it is noted.

    Raises:
        ExchangeError: the note is broken.
    """
    path = home.secrets / FILE
    try:
        return _DECODER.decode(path.read_bytes())
    except FileNotFoundError:
        return {}
    except msgspec.MsgspecError:
        raise ExchangeError(
            said("rules_since_unreadable", path=path), said("rules_since_from_backup")
        ) from None
