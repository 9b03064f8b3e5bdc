"""What messages of the topic `cases` say, as far as the portal is told."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from avro_schemas.typed_documents import CaseDocument
from consumers.log.projection import read_event
from consumers.notifier.changes import PortalView, standing_of
from exchange.domain.policy import Policy
from exchange.domain.policy_files.family import FamilyPolicy
from exchange.folding.log_time import taken_at_of
from exchange.runtime.kafka.watermarks import Place

DecodeCase = Callable[[bytes], CaseDocument]


@dataclass(frozen=True)
class Read:
    """What one read says: the last state of each case, the cases that were deleted, and where to read on."""

    standings: Mapping[str, PortalView]
    removed: frozenset[str]
    positions: Mapping[Place, int]


def read_of(messages: Iterable[Any], decode: DecodeCase, policy: FamilyPolicy, rules: Policy) -> Read:
    """Return what messages say, in the order of the log; what cannot be read is logged and passed over.

    Raises:
        RegistryAwayError: a schema could not be had; try the same messages again.
    """
    standings: dict[str, PortalView] = {}
    removed: set[str] = set()
    positions: dict[Place, int] = {}
    for message in messages:
        positions[message.topic(), message.partition()] = message.offset() + 1
        if message.value() is None:
            case_id = (message.key() or b"").decode(errors="replace")
            standings.pop(case_id, None)
            removed.add(case_id)
        elif (document := read_event(message, "case", decode)) is not None:
            standings[document["case_id"]] = standing_of(document, taken_at_of(message), policy, rules)
    return Read(standings, frozenset(removed), positions)
