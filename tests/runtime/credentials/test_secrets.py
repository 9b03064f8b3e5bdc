"""What is kept of a credential's secrets lets nobody in by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.runtime.credentials.secrets import (
    SealBrokenError,
    hash_secret,
    is_secret_of,
    new_secret,
    seal,
    unseal,
)

KEY, OTHER = bytes(32), bytes([1]) * 32


def test_a_client_secret_is_known_again_and_no_other_is() -> None:
    """The gateway lets in who has the secret, and keeps nothing that tells it."""
    secret = new_secret()
    kept = hash_secret(secret)
    assert is_secret_of(kept, secret)
    assert not is_secret_of(kept, new_secret())
    assert not is_secret_of(kept, "")
    assert secret not in kept
    assert hash_secret(secret) != kept


@given(st.text(), st.text(min_size=1, max_size=40))
def test_what_is_sealed_is_opened_with_the_key_for_the_same_credential_alone(secret: str, name: str) -> None:
    """Who swaps two credentials' passwords on the log, or has no key, gets nothing."""
    sealed = seal(KEY, name, secret)
    assert unseal(KEY, name, sealed) == secret
    for key, other in ((OTHER, name), (KEY, f"{name}.")):
        with pytest.raises(SealBrokenError):
            unseal(key, other, sealed)


def test_a_password_sealed_twice_is_not_seen_to_be_the_same() -> None:
    """Whoever reads the log learns nothing, not even that."""
    assert seal(KEY, "a", "secret") != seal(KEY, "a", "secret")


def test_no_two_secrets_are_alike_and_none_needs_quoting() -> None:
    """They are put into settings of every kind of program."""
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(one.replace("-", "").replace("_", "").isalnum() and len(one) == 43 for one in made)
