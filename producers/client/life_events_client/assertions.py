"""`private_key_jwt`: the client shows by a key of its own who it is, and no secret travels.

Source: RFC 7523, sections 2.2 and 3.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import uuid4

BEARER: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GOOD_FOR_S: Final = 120
"""The exchange takes at most 300; so long the clocks of both may differ."""


def signer(client_id: str, key_file: str | Path, url: str) -> Callable[[], str]:
    """Return what signs a new assertion, each of which the exchange believes once.

    Args:
        client_id: The name of the credential that was made with the public key.
        key_file: PEM of the private key: Ed25519, EC P-256 or RSA; readable by this program alone.
        url: The exchange for which the assertions are good.

    Raises:
        ModuleNotFoundError: the extra is missing: `pip install 'life-events-client[key]'`.
        OSError, ValueError: the file cannot be read, or holds no such key.
    """
    # Imported here: who has a secret needs none of it.
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.jwk import ECKey, OKPKey, RSAKey  # noqa: PLC0415

    pem = Path(key_file).read_bytes()
    found = load_pem_private_key(pem, None)
    key: RSAKey | ECKey | OKPKey
    if isinstance(found, rsa.RSAPrivateKey):
        key, algorithm = RSAKey.import_key(pem), "PS256"
    elif isinstance(found, ec.EllipticCurvePrivateKey):
        key, algorithm = ECKey.import_key(pem), "ES256"
    else:
        key, algorithm = OKPKey.import_key(pem), "Ed25519"

    def sign() -> str:
        who = {"iss": client_id, "sub": client_id, "aud": f"{url.rstrip('/')}/oauth/token"}
        claims = {**who, "exp": int(time.time()) + GOOD_FOR_S, "jti": str(uuid4())}
        return jwt.encode({"alg": algorithm}, claims, key, algorithms=[algorithm])

    return sign
