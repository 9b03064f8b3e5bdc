"""Who asks the desk may do what access.yaml says, and is told who may where it says nothing."""

import pytest

from exchange.desk.asker import Asker, NotAllowedError, shell
from tests.access_tables import TABLE


def test_an_asker_does_what_its_role_may_in_its_own_place() -> None:
    """And in no other's."""
    clerk = Asker("wang", "department_handler", {"department": "police"}, "api")
    clerk.require("accept", {"department": "police"}, TABLE)
    with pytest.raises(NotAllowedError, match="department_handler"):
        clerk.require("accept", {"department": "health"}, TABLE)
    with pytest.raises(NotAllowedError, match="decide"):
        clerk.require("decide", {"department": "police"}, TABLE)


def test_the_shell_of_the_home_reaches_everywhere_but_publishes_for_nobody() -> None:
    """A department's own records come by its own way in."""
    operator = shell("root")
    operator.require("look", {"department": "health", "case": "a"}, TABLE)
    with pytest.raises(NotAllowedError):
        operator.require("publish", {"department": "health"}, TABLE)
