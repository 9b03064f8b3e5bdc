"""What the desk says of a refusal, in both languages."""

from exchange.runtime.errors import ExchangeError
from topics.labels import Words


def told(refusal: ExchangeError) -> Words:
    """Return what the desk says, its lines being Chinese and English by turns."""
    lines = refusal.message.split("\n  ")
    zh, en = "\n".join(lines[::2]), "\n".join(lines[1::2])
    return Words(zh, en or zh)
