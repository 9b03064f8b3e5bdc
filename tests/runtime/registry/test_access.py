"""How the registry is reached: no address holds a password, and no password is shown."""

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.registry.access import RegistryAccess

URL = "https://registry.example.cn/apis/ccompat/v7"


def test_a_password_is_not_shown_where_the_access_is() -> None:
    """Settings are printed, and logged, by whoever looks for a fault."""
    access = RegistryAccess(URL, "reader", "5ec7e7")
    assert access.auth == ("reader", "5ec7e7")
    assert "5ec7e7" not in repr(access)


@pytest.mark.parametrize("user", ["reader", "reader:5ec7e7", ":5ec7e7"])
def test_an_address_that_names_a_user_is_refused(user: str) -> None:
    """`exchange status` shows addresses; and what is refused is not repeated."""
    with pytest.raises(ExchangeError) as caught:
        RegistryAccess(URL.replace("//", f"//{user}@"), "reader", "")
    assert "5ec7e7" not in f"{caught.value.message}{caught.value.hint}"
