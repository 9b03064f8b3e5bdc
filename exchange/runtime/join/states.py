"""A person's state as bytes: what the changelog and the local store hold. Private to the join."""

from typing import Final

import msgspec

from exchange.domain.values import CaseState

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(CaseState)


def encode_state(state: CaseState) -> bytes:
    """Return the state as MessagePack, field by field under its name."""
    return _ENCODER.encode(state)


def decode_state(data: bytes) -> CaseState:
    """Return the state that ``encode_state`` wrote.

    Raises:
        msgspec.DecodeError: the bytes are no state.
    """
    return _DECODER.decode(data)
