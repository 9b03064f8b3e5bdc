"""The overview as Prometheus reads it."""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.registry import Collector

from consumers.operations.metrics import families
from consumers.operations.overview import Brokers, Overview, Owed, Quarantined, Reconciled, Webhooks
from exchange.runtime.stack.state import PartState

OWED = Owed({("RECOVER", "LATE"): 1}, 3600.0)
REFUSED = Quarantined({"police": 3}, 0)
JOINER = PartState("joiner-1", 17, 0.0, "healthy", 2)


def page(overview: Overview) -> list[str]:
    """What is served, without what says what it means."""

    class Fixed(Collector):
        def collect(self) -> object:  # type: ignore[override]
            return families(overview, (JOINER,))

    registry = CollectorRegistry()
    registry.register(Fixed())
    return [line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]


def test_everything_known_is_served() -> None:
    """What status shows a person, an alarm can watch."""
    assert page(
        Overview(Brokers(2, 1, 5), OWED, REFUSED, Reconciled(2.5, 3, 1, 7), 0.25, Webhooks(4, 1, 90.0), 2)
    ) == [
        'exchange_restarts_total{of="joiner-1"} 2.0',
        "exchange_brokers 2.0",
        "exchange_underreplicated_partitions 5.0",
        "exchange_disk_free_ratio 0.25",
        "exchange_oldest_unacknowledged_withdrawal_seconds 3600.0",
        'exchange_tasks{kind="RECOVER",state="LATE"} 1.0',
        'exchange_quarantine_entries{department="police"} 3.0',
        "exchange_reconciled_age_seconds 2.5",
        "exchange_missing_records 3.0",
        "exchange_unhealed_records 1.0",
        "exchange_healed_records 7.0",
        "exchange_webhooks_pending 4.0",
        "exchange_webhooks_dead 1.0",
        "exchange_oldest_pending_webhook_seconds 90.0",
        "exchange_accounts_over_people_limit 2.0",
        'exchange_overview_failed{question="brokers"} 0.0',
        'exchange_overview_failed{question="read_model"} 0.0',
        'exchange_overview_failed{question="quarantine"} 0.0',
    ]


def test_what_nobody_answered_is_left_out_and_said_to_be() -> None:
    """A zero that nobody counted would silence an alarm."""
    assert page(Overview()) == [
        'exchange_restarts_total{of="joiner-1"} 2.0',
        'exchange_overview_failed{question="brokers"} 1.0',
        'exchange_overview_failed{question="read_model"} 1.0',
        'exchange_overview_failed{question="quarantine"} 1.0',
    ]
