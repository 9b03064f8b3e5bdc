"""A client that has locked itself is noticed; one whose brokers are merely away is not."""

from threading import Event, Thread

import pytest
from confluent_kafka import Consumer

from exchange.runtime.kafka import clients
from exchange.runtime.kafka.clients import PulsedConsumer
from exchange.runtime.kafka.pulse import ClientLockedError, Pulse
from exchange.runtime.waiting import wait_until
from tests.nowhere import NO_BROKERS

SETTINGS = {**NO_BROKERS.client_options(), "group.id": "unused", "log_level": 0}


class Watch:
    """A clock that is moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class Counted(Pulse):
    """A pulse that counts its beats."""

    beats = 0

    def feel(self, _statistics: object = None) -> None:
        """Count one."""
        self.beats += 1
        super().feel()


def test_only_a_pulse_that_is_away_too_long_is_an_error() -> None:
    """To the very end of the limit it may come."""
    watch = Watch()
    pulse = Pulse(limit_s=120, clock=watch)
    for watch.now in range(5, 121, 5):
        pulse.check()
    pulse.feel()
    for watch.now in range(125, 241, 5):
        pulse.check()
    watch.now = 245
    with pytest.raises(ClientLockedError, match="locked"):
        pulse.check()


def test_who_was_busy_elsewhere_could_feel_none() -> None:
    """A batch that took minutes, or a process that was stopped, says nothing of the client."""
    watch = Watch()
    pulse = Pulse(limit_s=120, clock=watch)
    watch.now = 1000
    pulse.check()
    for watch.now in range(1005, 1121, 5):
        pulse.check()


def test_a_real_client_gives_its_pulse_with_no_broker_there() -> None:
    """Brokers that are away are waited for, as ever."""
    pulse = Counted(limit_s=60)
    reader = PulsedConsumer(SETTINGS, pulse, pulse_s=0.05)
    assert wait_until(lambda: reader.poll(0) is None and pulse.beats > 2, 30)
    reader.close()


def test_a_real_client_without_one_is_given_up() -> None:
    """As one whose threads wait for each other."""
    reader = PulsedConsumer(SETTINGS, Pulse(limit_s=0.1), pulse_s=3600)
    with pytest.raises(ClientLockedError):
        wait_until(lambda: reader.poll(0.05) is not None, 30, 0)
    reader.close()


def test_nobody_waits_for_the_end_of_a_locked_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends without it."""
    never = Event()
    monkeypatch.setattr(clients, "_CLOSE_S", 0.05)
    monkeypatch.setattr(clients, "Thread", lambda **given: Thread(**{**given, "target": never.wait}))
    reader = PulsedConsumer(SETTINGS, Pulse())
    reader.close()
    never.set()
    Consumer.close(reader)
