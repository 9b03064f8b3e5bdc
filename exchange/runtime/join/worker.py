"""The worker of the join: puts rules, store, delivery and Faust together, and runs until it is stopped."""

import logging
import os
import ssl
from collections.abc import Sequence
from functools import partial
from hashlib import blake2b
from typing import Final

import faust
import rocksdict  # noqa: F401 - if the wheel does not fit, it fails here, before the group is joined

from exchange.runtime.home import Home, announce_ready
from exchange.runtime.join.batches import Join, Runner
from exchange.runtime.join.delivery import Delivery
from exchange.runtime.join.faust_batches import App, BatchTransport, CaseTable, assert_private_names
from exchange.runtime.join.feed import Feed
from exchange.runtime.join.meters import Meters
from exchange.runtime.join.store import StateStore
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.logs import configure_logs, logger
from exchange.runtime.memory import settle_memory
from exchange.runtime.metrics import LAG
from exchange.runtime.monitor import Monitor
from exchange.runtime.registry.client import Registry
from exchange.runtime.rules import make_step
from exchange.runtime.settings import Settings
from topics.catalogue import CASE_STATES, JOIN_GROUP

NEVER_IDLE_S: Final = 10 * 365 * 24 * 60 * 60.0
"""The library's own consumer never fetches anything: to the library this worker is idle from the start, and
after its default of 1000 s it would leave the group, for good and without a word."""

log = logger("join.worker")


def run(settings: Settings, name: str = "joiner") -> None:
    """Run the join until SIGTERM or SIGINT; the home's ready file says when records are being taken.

    Args:
        settings: where the others are.
        name: tells workers of one exchange apart; each has its place in the group and its store.

    Raises:
        PolicyFileError, ExchangeError: it cannot start; the message says why.
    """
    configure_logs(logging.INFO)
    monitor = Monitor(name)
    with monitor.serving(Home(settings.home)):
        _run(settings, name, monitor)


def _run(settings: Settings, name: str, monitor: Monitor) -> None:
    assert_private_names()
    registry = Registry(settings.registry)
    step = make_step(settings, registry)
    home = Home(settings.home)
    meters = Meters(monitor, home, step.catalogue)
    store = StateStore(home.data / name, settings.kafka, meters.restores)
    partitions = step.catalogue.by_name[CASE_STATES].partitions
    delivery = Delivery(settings.kafka, JOIN_GROUP, partitions)
    join = Join(step, store, delivery, meters, settings.failures_in_a_row)
    feed = Feed(settings.kafka, lambda topic: step.catalogue.by_name[topic].owner)
    LAG.gauge(monitor.registry).set_function(lambda: feed.behind)
    app = make_app(settings, Runner(join, feed, meters.beat), store, name)
    settle_memory()
    app.when_reading = partial(_tell_ready, home, name, monitor)
    worker = faust.Worker(app, loglevel="WARNING", quiet=True, redirect_stdouts=False)
    worker.execute_from_commandline()


def credentials_of(kafka: KafkaAccess) -> faust.SASLCredentials:
    """Return as whom, and to whom alone, the library's own clients come."""
    trusted = ssl.create_default_context(cafile=kafka.ca) if kafka.ca else None
    return faust.SASLCredentials(username=kafka.user, password=kafka.password, ssl_context=trusted)


def make_app(settings: Settings, runner: Runner, store: StateStore, name: str = "joiner") -> faust.App:
    """Return the Faust application: a group member with a table; no web server, no topics of its own."""
    catalogue = settings.city.catalogue
    partitions = catalogue.by_name[CASE_STATES].partitions
    app = App(
        JOIN_GROUP,
        broker=";".join(f"kafka://{address}" for address in settings.kafka.addresses),
        broker_credentials=credentials_of(settings.kafka),
        # The library replaces what stands in braces, and a home's own path may hold braces.
        datadir=str(Home(settings.home).data / f"faust-{name}").replace("{", "{{").replace("}", "}}"),
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        topic_partitions=partitions,
        table_standby_replicas=0,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=_seat(name, catalogue.join_inputs),
        broker_session_timeout=15.0,
        broker_heartbeat_interval=3.0,
        broker_request_timeout=30.0,
        broker_max_poll_interval=NEVER_IDLE_S,
        broker_commit_interval=3.0,
        stream_recovery_delay=0.0,
        producer_acks=-1,
    )
    app.transport = BatchTransport(app.conf.broker_consumer, app)
    app.transport.runner, app.transport.store = runner, store
    app.topics.add(app.topic(*catalogue.join_inputs, key_type=bytes, value_type=bytes))
    changelog = app.topic(CASE_STATES, key_type=bytes, value_type=bytes, partitions=partitions)
    app.tables.add(
        CaseTable(
            app,
            name="cases",
            partitions=partitions,
            changelog_topic=changelog,
            key_type=bytes,
            value_type=bytes,
        )
    )
    return app


def _seat(name: str, topics: Sequence[str]) -> str:
    """Return the name by which the brokers know a worker: one that returns need not wait for its old session.

    It gets the share again that it had, whatever it subscribes to now. So one that reads other topics than
    before, since its city has a new record type or department, is somebody else: the old one's session ends
    first, and the shares are dealt anew.
    """
    return f"{name}-{blake2b(' '.join(sorted(topics)).encode(), digest_size=4).hexdigest()}"


def _tell_ready(home: Home, name: str, monitor: Monitor) -> None:
    log.info("taking_records", pid=os.getpid())
    monitor.ready()
    announce_ready(home, name)
