"""What stands in the environments of offices and shells, as tests set it."""

from collections.abc import Mapping
from typing import Final

PROXY_VARIABLES: Final = tuple(
    name
    for kind in ("http", "https", "all", "no", "ftp")
    for name in (f"{kind}_proxy", f"{kind.upper()}_PROXY")
)

NOBODY: Final = "127.0.0.1:9"
"""Where nobody listens, as a proxy: whatever asks it fails."""

PROXIES: Final[Mapping[str, str]] = {
    "HTTP_PROXY": f"http://{NOBODY}",
    "HTTPS_PROXY": f"http://{NOBODY}",
    "ALL_PROXY": f"socks5://{NOBODY}",
}
