"""`private_key_jwt`: a client shows by its own key who it is, and sends no secret at all.

Source: RFC 7523 sections 2.2 and 3; OpenID Connect Core section 9.
"""

import base64
import binascii
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from exchange.domain.credentials import Credential

BEARER: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_S: Final = 300
"""How long an assertion may be good for; until then it is remembered, since it is good once."""
ALGORITHMS: Final = ("ES256", "RS256", "PS256", "EdDSA", "Ed25519")
_AUDIENCE: Final = "/oauth/token"


class Assertions:
    """Believes each assertion once, until it ends.

    Args:
        find: client id → its credential, if it works now.
        now: seconds since the epoch.
    """

    def __init__(
        self, find: Callable[[str], Credential | None], now: Callable[[], float] = time.time
    ) -> None:
        self._find = find
        self._now = now
        self._used: dict[tuple[str, str], float] = {}

    def credential(self, text: str) -> Credential | None:
        """Return the credential whose key has signed an assertion; None if it shows nobody."""
        found = self._find(_claimed_subject(text))
        claims = None if found is None else _signed_by(found, text)
        if found is None or claims is None or not self._is_fresh(claims):
            return None
        return found

    def _is_fresh(self, claims: Mapping[str, Any]) -> bool:
        """Say whether it is for this exchange, ends soon, and was not used before; from now on it was."""
        now, audience = self._now(), claims["aud"]
        self._used = {name: end for name, end in self._used.items() if end > now}
        name = str(claims["sub"]), str(claims["jti"])
        named = audience if isinstance(audience, list) else [audience]
        ours = any(str(one).endswith(_AUDIENCE) for one in named)
        if not ours or name in self._used or not now < claims["exp"] <= now + LONGEST_S:
            return False
        self._used[name] = claims["exp"]
        return True


def _signed_by(credential: Credential, text: str) -> dict[str, Any] | None:
    """Return what an assertion says, if the credential's key has signed it."""
    if credential.public_key is None:
        return None
    own = jwt.ClaimsOption(essential=True, value=credential.credential_id)
    wanted = jwt.JWTClaimsRegistry(
        iss=own, sub=own, aud={"essential": True}, exp={"essential": True}, jti={"essential": True}
    )
    try:
        claims = jwt.decode(text, _key(credential.public_key), algorithms=list(ALGORITHMS)).claims
        wanted.validate(claims)
    except (JoseError, ValueError, TypeError):
        return None
    return claims


def _key(pem: str) -> ECKey | OKPKey | RSAKey:
    """Return a kept key as what checks signatures takes it."""
    found = load_pem_public_key(pem.encode())
    if isinstance(found, rsa.RSAPublicKey):
        return RSAKey.import_key(pem)
    return ECKey.import_key(pem) if isinstance(found, ec.EllipticCurvePublicKey) else OKPKey.import_key(pem)


def _claimed_subject(text: str) -> str:
    """Return whose an assertion says it is, before anything of it is believed."""
    try:
        payload = text.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, binascii.Error, RecursionError):
        return ""
    return str(claims.get("sub")) if isinstance(claims, dict) else ""
