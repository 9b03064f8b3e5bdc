"""Access tokens: signed by a key of the home, and good for five minutes.

Source: RFC 7519 (JWT), RFC 9068 in what it asks of claims.
"""

import time
from typing import Final
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from exchange.runtime.home import Home

LASTS_S: Final = 300
ISSUER: Final = "exchange"
_KEY: Final = "gateway_token_key"
_KEY_BYTES: Final = 32
_ALGORITHM: Final = "HS256"
_CLAIMS: Final = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": ISSUER}, sub={"essential": True}, exp={"essential": True}
)


class Tokens:
    """Issues tokens and reads them; whose a token is, is all that it says."""

    def __init__(self, home: Home) -> None:
        self._key = OctKey.import_key(bytes.fromhex(home.secret(_KEY, _KEY_BYTES)))

    def issue(self, client_id: str) -> str:
        """Return a token for the holder of a credential."""
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": client_id, "iat": now, "exp": now + LASTS_S, "jti": str(uuid4())}
        return jwt.encode({"alg": _ALGORITHM, "typ": "at+jwt"}, claims, self._key)

    def read(self, token: str) -> str | None:
        """Return for whom a token was issued; None if it is not one of ours, or too old."""
        try:
            found = jwt.decode(token, self._key, algorithms=[_ALGORITHM])
            _CLAIMS.validate(found.claims)
        except (JoseError, ValueError):
            return None
        return str(found.claims["sub"])
