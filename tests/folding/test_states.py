"""States of another version: while a worker is being upgraded, an older and a newer one meet each other's."""

from dataclasses import dataclass, fields, make_dataclass

import msgspec

from exchange.domain.values import Address, CaseState, Claim
from exchange.folding.states import decode_claim, decode_state, encode_state, records_of
from tests.cases import given, state_of

HERS = "a" * 32
STATE = CaseState(HERS, state_of([given("equity", "upgrade")]).taken)


@dataclass(frozen=True)
class Newer:
    """What a later version might keep beside."""

    seen: int = 0


def newer(state: CaseState) -> bytes:
    """The same state as a version with one more field writes it."""
    names = [(field.name, object, getattr(state, field.name)) for field in fields(state)]
    later = make_dataclass("Later", [*names, ("newer", Newer, Newer(3))])
    return msgspec.msgpack.encode(later())


def older(state: CaseState) -> bytes:
    """The same state as a version without the last two fields wrote it."""
    kept = {field.name: getattr(state, field.name) for field in fields(state)[:-2]}
    return msgspec.msgpack.encode(kept)


def test_an_older_worker_passes_over_what_a_newer_one_keeps_beside() -> None:
    """The worker that is still running takes a case over from the one that was upgraded first."""
    assert decode_state(newer(STATE)) == STATE
    assert records_of(newer(STATE)) == records_of(encode_state(STATE))


def test_a_newer_worker_takes_what_an_older_one_has_not_kept_for_nothing() -> None:
    """Every field of the state beyond the case's id has a default, so older bytes decode."""
    assert decode_state(older(STATE)) == STATE
    assert decode_state(msgspec.msgpack.encode({"case_id": HERS})) == CaseState(HERS)


def test_what_an_older_worker_claims_says_nothing_of_when_the_log_took_it() -> None:
    """Then its own time counts."""
    claim = Claim("r", Address(HERS, 0), "linked", "d", "2026-03-02T01:00:00.000000Z", stands=True)
    said = {field.name: getattr(claim, field.name) for field in fields(claim) if field.name != "taken_at"}
    assert decode_claim(msgspec.msgpack.encode(said)) == claim


def test_an_older_worker_that_writes_a_newer_state_drops_what_it_does_not_know() -> None:
    """So a new field must be one that the fold makes again, or no older worker may run beside."""
    assert encode_state(decode_state(newer(STATE))) == encode_state(STATE)
