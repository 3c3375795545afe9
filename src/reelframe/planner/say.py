"""What the planner says to people: sentences from ``words/<language>/messages.toml``."""

from __future__ import annotations

from reelframe.planner.lexicon import table

__all__ = ["lines", "say"]


def say(language: str, key: str, **values: object) -> str:
    """A sentence in the user's language, its places filled in; English stands in for a missing one."""
    text = table(language, "messages").get(key) or table("en", "messages")[key]
    return str(text).format(**values) if values else str(text)


def lines(language: str, key: str) -> tuple[str, ...]:
    """A list of sentences."""
    found = table(language, "messages").get(key) or table("en", "messages")[key]
    return tuple(str(line) for line in found)


def spoken(language: str, family: str, name: str) -> str:
    """What a mood or a look is called in the user's language: the first word of its line in the table."""
    words = table(language, f"{family}s").get(name) if language != "en" else None
    return str(words[0]) if words else name
