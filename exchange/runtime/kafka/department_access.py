"""How gateway and desk come to Kafka to write for a department: as who may write its records alone."""

from dataclasses import replace
from typing import Final

from exchange.domain.policy_files.access import writer_for
from exchange.runtime.home import Home
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.principals import kafka_secret
from exchange.runtime.settings import Settings

TAKEN_WITHIN_S: Final = 20.0
"""Of a broker that died, another leads within that time (ADR 0014)."""


def department_access(settings: Settings, department: str) -> KafkaAccess:
    """Return how to come to Kafka to write a department's records, and nothing else."""
    user = writer_for(department)
    password = Home(settings.home).secret(kafka_secret(user))
    return replace(settings.kafka, user=user, password=password, mechanism="SCRAM-SHA-512")
