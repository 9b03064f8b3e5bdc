"""What the desk says, in both languages."""

from topics.labels import Words


def told(text: str) -> Words:
    """Return what the desk says, its lines being Chinese and English by turns."""
    lines = text.split("\n  ")
    zh, en = "\n".join(lines[::2]), "\n".join(lines[1::2])
    return Words(zh, en or zh)
