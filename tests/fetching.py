"""A page of a running part, asked for as patiently as everything else is waited for."""

import httpx

from tests.waiting import PATIENCE_S


def fetched(url: str) -> httpx.Response:
    """Return the page, reached without a proxy."""
    return httpx.get(url, trust_env=False, timeout=PATIENCE_S)
