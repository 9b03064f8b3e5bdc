"""The engine does what the reference model says, whatever happens and in whatever order."""

from hypothesis import HealthCheck, settings

from tests.consumers.history.past_world import PastWorld
from tests.examples import HISTORIES, TIMES
from tests.reference.machine import Exchange

BY_DAY = round(20 * TIMES)
STEPS = 12


class EngineExchange(Exchange):
    """The machine on the engine."""

    new_world = PastWorld


EngineExchange.TestCase.settings = settings(
    max_examples=HISTORIES or BY_DAY,
    derandomize=not HISTORIES,  # the same ones for everybody; the night looks where nobody has looked yet
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestEngine = EngineExchange.TestCase
