"""How the exchange is: its parts, what is known of the whole, and what is to be done."""

from dataclasses import dataclass

from consumers.operations.overview import Overview, look_closely
from consumers.operations.part_views import PartView, part_views
from consumers.operations.verdict import Problem, Verdict, problems_of, verdict
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.other_looks import READ_QUARANTINE
from exchange.runtime.home import Home
from exchange.runtime.stack.state import read_state


@dataclass(frozen=True, slots=True)
class ExchangeHealth:
    """What `exchange status` says, as far as the asker's principal may know it."""

    parts: tuple[PartView, ...]
    overview: Overview
    problems: tuple[Problem, ...]

    @property
    def verdict(self) -> Verdict:
        """Return it in one word."""
        return verdict(self.problems)


def health(desk: Desk, asker: Asker) -> ExchangeHealth:
    """Return how everything is now; it waits for nobody for more than some seconds.

    Raises:
        NotAllowedError: the asker does not look after the exchange.
    """
    desk.require(asker, READ_QUARANTINE, asker.kept_within)
    home = Home(desk.settings.home)
    parts, overview = part_views(home, read_state(home)), look_closely(desk.settings)
    return ExchangeHealth(parts, overview, problems_of(parts, overview, str(home.logs)))
