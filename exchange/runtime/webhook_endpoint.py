"""Where the portal is told that a case has moved on, and which keys sign that: environment and home.

Nothing is told unless EXCHANGE_WEBHOOK_URL is set. The secret is EXCHANGE_WEBHOOK_SECRET, else the file
`secrets/webhook_secret` of the home, which `exchange up` makes once.
"""

import base64
import binascii
import os
import secrets
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, write_private
from exchange.runtime.loopback import is_loopback
from exchange.runtime.sentences import said

NOTIFIER: Final = "notifier"
"""The part that tells the portal."""
URL_VARIABLE: Final = "EXCHANGE_WEBHOOK_URL"
SECRET_VARIABLE: Final = "EXCHANGE_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
SECRET_FILE: Final = "webhook_secret"  # noqa: S105 - the name of a file
PREFIX: Final = "whsec_"
LEAST_BYTES: Final = 24
MOST_BYTES: Final = 64
"""As the Standard Webhooks specification says: 192 to 512 bits."""
NEW_BYTES: Final = 32


@dataclass(frozen=True)
class Endpoint:
    """The portal's address and the signing keys. Neither is ever shown or logged: a query may hold a token.

    Attributes:
        url: https, or http to this machine itself.
        keys: the newest first; each signs, so that a secret can be replaced without a gap.
    """

    url: str = field(repr=False)
    keys: tuple[bytes, ...] = field(repr=False)


def find_endpoint(home: Home) -> Endpoint | None:
    """Return where the portal is told; None if it is not to be told.

    Raises:
        ExchangeError: the address or a secret is not valid, or there is no secret.
    """
    url = os.environ.get(URL_VARIABLE, "").strip()
    return Endpoint(_checked(url), tuple(map(_key, _secrets(home)))) if url else None


def make_webhook_secret(home: Home) -> bool:
    """Make the secret once, unless the environment gives one; say whether it was made now."""
    path = home.secrets / SECRET_FILE
    if os.environ.get(SECRET_VARIABLE, "").strip() or path.exists():
        return False
    write_private(path, PREFIX + base64.b64encode(secrets.token_bytes(NEW_BYTES)).decode() + "\n")
    return True


def wants_webhooks() -> bool:
    """Say whether the environment asks for the portal to be told."""
    return bool(os.environ.get(URL_VARIABLE, "").strip())


def _checked(url: str) -> str:
    hint = said("portal_set_address", variable=URL_VARIABLE)
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ExchangeError(said("portal_no_address", variable=URL_VARIABLE), hint)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ExchangeError(said("portal_not_https", variable=URL_VARIABLE), hint)
    if "@" in parts.netloc or parts.fragment:
        raise ExchangeError(said("portal_with_user", variable=URL_VARIABLE), hint)
    if not _can_be_asked(url):
        raise ExchangeError(said("portal_no_host", variable=URL_VARIABLE), hint)
    return url


def _can_be_asked(url: str) -> bool:
    """Say whether the client that will post to it accepts it; its errors are of several families."""
    try:
        host = httpx.Request("POST", url).url.host
        host.encode("idna")
    except (httpx.InvalidURL, ValueError):
        return False
    return True


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.port != 0 and url.isascii() and url.isprintable() and " " not in url else None
    except ValueError:
        return None


def _secrets(home: Home) -> list[str]:
    text = os.environ.get(SECRET_VARIABLE, "")
    path = home.secrets / SECRET_FILE
    if not text.strip() and path.exists():
        text = path.read_text(encoding="utf-8")
    if not text.strip():
        raise ExchangeError(
            said("webhook_secret_missing", variable=SECRET_VARIABLE, file=path),
            said("webhook_secret_made"),
        )
    return text.split()


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise ExchangeError(
            said("webhook_secret_wrong", prefix=PREFIX, least=LEAST_BYTES, most=MOST_BYTES),
            said("webhook_secret_correct", variable=SECRET_VARIABLE),
        )
    return key
