"""`exchange refold`: what it says of the changes before anybody is asked."""

import pytest

from consumers.replay.differences import Difference
from consumers.replay.refold_effect import RefoldEffect
from exchange.command.refold import tell_effect


@pytest.mark.parametrize(("fields", "at_least"), [(("matters",), False), ((), True)])
def test_of_cases_that_nobody_looked_into_more_matters_may_change(
    fields: tuple[str, ...], at_least: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever decides on the number is told when it is no more than a lower bound."""
    looked_into = Difference("a", "case", "", ("log", "live"), fields=("matters",), matters=2)
    other = Difference("b", "case", "", ("log", "live"), fields=fields)
    tell_effect(RefoldEffect((looked_into, other)), json=False)
    told = capsys.readouterr().err
    assert "Matters that change: 2." in told
    assert ("at least so many" in told) is at_least
