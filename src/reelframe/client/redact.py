"""Keeps tokens out of logs: reelframe's own, and those of the HTTP library that it uses."""

from __future__ import annotations

import logging
import re
from typing import Final

__all__ = ["install", "redact", "remember"]

_SHOWN: Final = "[redacted]"
# Tokens by their shape: the bearer scheme, and the prefixes that the service gives its tokens.
_SHAPES: Final = re.compile(r"(?i)(\bbearer\s+)[^\s'\",;]+|\b(?:nmv|clm)_[\w.-]+")
_SHORTEST: Final = 6
_LOGGERS: Final = (
    "reelframe",
    "reelframe.client",
    "reelframe.backend",
    "reelframe.widget",
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)
_known: set[str] = set()


def remember(token: str) -> None:
    """Redact this token from now on, whatever it looks like."""
    if len(token) >= _SHORTEST:
        _known.add(token)


def redact(text: str) -> str:
    """``text`` without tokens."""
    for token in _known:
        if token in text:
            text = text.replace(token, _SHOWN)
    return _SHAPES.sub(lambda match: f"{match[1] or ''}{_SHOWN}", text)


class _Filter(logging.Filter):
    """Rewrites a record only when it holds a token: other people's handlers may want the arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            return True
        if (clean := redact(text)) != text:
            record.msg, record.args = clean, ()
        if record.exc_info and record.exc_info[0] is not None:
            shown = logging.Formatter().formatException(record.exc_info)
            if (clean := redact(shown)) != shown:
                # Formatters print exc_text as it stands when it is there.
                record.exc_text = clean
                record.exc_info = None
        return True


_FILTER: Final = _Filter()


def install() -> None:
    """Put the filter on every logger that could speak of a request; safe to call again."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if _FILTER not in logger.filters:
            logger.addFilter(_FILTER)
    root = logging.getLogger("reelframe")
    if not root.handlers:
        root.addHandler(logging.NullHandler())
