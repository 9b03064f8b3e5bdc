"""In which of our languages a client is answered."""

from typing import Any

from litestar.connection import ASGIConnection

from topics.labels import Language


def language_of(request: ASGIConnection[Any, Any, Any, Any]) -> Language:
    """Return which of our languages the client would rather have; Chinese where it names neither."""
    accepted = request.headers.get("accept-language", "")
    ranked = sorted(map(_ranked, accepted.split(",")), key=lambda one: -one[1])
    named = next((name for name, weight in ranked if name in {"zh", "en"} and weight > 0), "zh")
    return "en" if named == "en" else "zh"


def _ranked(part: str) -> tuple[str, float]:
    name, _, weight = part.partition(";")
    try:
        quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
    except ValueError:
        quality = 0.0
    return name.strip().partition("-")[0].lower(), quality
