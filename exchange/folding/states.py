"""States, claims and loans as bytes: what changelog, local store and moves hold. Private to the join."""

from typing import Final

import msgspec

from exchange.domain.values import CaseState, Claim, Deadline, Loan, Task, wakes_at

_ENCODER: Final = msgspec.msgpack.Encoder()
_STATE: Final = msgspec.msgpack.Decoder(CaseState)
_CLAIM: Final = msgspec.msgpack.Decoder(Claim)
_CLAIMS: Final = msgspec.msgpack.Decoder(tuple[Claim, ...])
_LOAN: Final = msgspec.msgpack.Decoder(Loan)


class _Named(msgspec.Struct, frozen=True, gc=False):
    record_id: str


class _HeldRecord(msgspec.Struct, frozen=True, gc=False):
    record: _Named


class _Outline(msgspec.Struct, frozen=True, gc=False):
    """As much of a state as its index needs; the rest is passed over unread.

    A restore reads one for every case: structs are made in three quarters of the time that dataclasses take.
    """

    case_id: str
    taken: tuple[_HeldRecord, ...]
    tasks: tuple[Task, ...]
    deadlines: tuple[Deadline, ...] = ()


_OUTLINE: Final = msgspec.msgpack.Decoder(_Outline)


def encode_state(state: CaseState) -> bytes:
    """Return the state as MessagePack, field by field under its name."""
    return _ENCODER.encode(state)


def decode_state(data: bytes) -> CaseState:
    """Return the state that ``encode_state`` wrote.

    Raises:
        msgspec.DecodeError: the bytes are no state.
    """
    return _STATE.decode(data)


def records_of(data: bytes) -> tuple[tuple[str, ...], str | None]:
    """Return the ids of the records in an encoded state, and the next moment it has to be looked at."""
    outline = _OUTLINE.decode(data)
    record_ids = tuple([entry.record.record_id for entry in outline.taken])
    return record_ids, wakes_at(outline.tasks, outline.deadlines)


def encode_claim(claim: Claim) -> bytes:
    """Return a claim as the moves topic holds it."""
    return _ENCODER.encode(claim)


def decode_claim(data: bytes) -> Claim:
    """Return the claim that ``encode_claim`` wrote."""
    return _CLAIM.decode(data)


def encode_claims(claims: tuple[Claim, ...]) -> bytes:
    """Return claims on one record as the changelog holds them."""
    return _ENCODER.encode(claims)


def decode_claims(data: bytes) -> tuple[Claim, ...]:
    """Return the claims that ``encode_claims`` wrote."""
    return _CLAIMS.decode(data)


def encode_loan(loan: Loan) -> bytes:
    """Return a loan as the moves topic holds it."""
    return _ENCODER.encode(loan)


def decode_loan(data: bytes) -> Loan:
    """Return the loan that ``encode_loan`` wrote."""
    return _LOAN.decode(data)
