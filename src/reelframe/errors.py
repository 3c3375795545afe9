"""Everything that reelframe raises, in one tree.

::

    ReelframeError
    ├── APIError                      the server refused: .code .status .request_id
    │   ├── AuthenticationError       1001  the token is expired or invalid
    │   ├── SessionNotFoundError      1002  the session is gone, and its timeline with it
    │   ├── InsufficientCreditsError  2001  .registration_url for an anonymous user
    │   ├── UnsupportedMediaError     4001  (a MediaError too) the file's type is not accepted
    │   ├── FileTooLargeError         4002  (a MediaError too) over 500 MB
    │   ├── ExportBlockedError         402  the plan does not include exports
    │   ├── RateLimitError             429  .retry_after, in seconds
    │   ├── ServerError                5xx  the server failed
    │   └── ProtocolError                   the answer was not what the protocol promises
    ├── ConnectionFailedError         no answer: refused, broken or timed out
    ├── StreamTimeoutError            the event stream went silent for too long
    ├── RenderFailedError             .reason as the renderer gave it
    ├── MediaError                    a file can't be used: .name, .reason
    ├── FontError                     a font can't be used, or (strict) lacks a glyph
    ├── PlanError                     an edit can't be applied to this timeline
    │   └── TableError                    cells of an edited table can't be: .cells
    ├── DraftError                    a timeline is not spelled as the protocol says
    ├── StorageError                  disk full, quota reached, a path can't be written
    ├── ConfigurationError            a setting is wrong or missing
    └── JobCancelledError             the work was cancelled

No exception of a library that reelframe uses escapes its public functions. A message says what happened and
why; ``hint`` says what to do about it, and is part of ``str()``. Neither ever holds a token.
"""

from __future__ import annotations

from typing import Any, ClassVar

__all__ = [
    "APIError",
    "AuthenticationError",
    "ConfigurationError",
    "ConnectionFailedError",
    "DraftError",
    "ExportBlockedError",
    "FileTooLargeError",
    "FontError",
    "InsufficientCreditsError",
    "JobCancelledError",
    "MediaError",
    "PlanError",
    "ProtocolError",
    "RateLimitError",
    "ReelframeError",
    "RenderFailedError",
    "ServerError",
    "SessionNotFoundError",
    "StorageError",
    "StreamTimeoutError",
    "TableError",
    "UnsupportedMediaError",
]


class ReelframeError(Exception):
    """The root of the tree: catch it to catch everything that reelframe raises.

    Args:
        message: what happened, and why, in a sentence.
        hint: what to do about it, or "".
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class APIError(ReelframeError):
    """The server answered, and refused.

    Attributes:
        code: the protocol's error code (``default_code`` of the class when none was sent).
        status: the HTTP status, or None when the refusal came inside a stream or before any request.
        request_id: the server's own name for the request, when it gave one.
    """

    default_code: ClassVar[int | None] = None

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        code: int | None = None,
        status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.code = self.default_code if code is None else code
        self.status = status
        self.request_id = request_id


class AuthenticationError(APIError):
    """1001: the token is expired or invalid."""

    default_code = 1001


class SessionNotFoundError(APIError):
    """1002: the server does not know the session (any more)."""

    default_code = 1002


class InsufficientCreditsError(APIError):
    """2001: out of credits. ``registration_url`` is set for an anonymous user."""

    default_code = 2001

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        code: int | None = None,
        status: int | None = None,
        request_id: str | None = None,
        registration_url: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, code=code, status=status, request_id=request_id)
        self.registration_url = registration_url


class ExportBlockedError(APIError):
    """402: the subscription does not include this export; credits would not help."""

    default_code = 402


class RateLimitError(APIError):
    """429: too many requests. ``retry_after`` is in seconds, None when the server did not say."""

    default_code = 429

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        code: int | None = None,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint, code=code, status=status, request_id=request_id)
        self.retry_after = retry_after


class ServerError(APIError):
    """5xx: the server failed, through no fault of the request."""


class ProtocolError(APIError):
    """The answer is not what the protocol promises: not JSON, a field missing, a wrong type."""


class ConnectionFailedError(ReelframeError):
    """No answer came: the connection was refused, broke, or timed out."""


class StreamTimeoutError(ReelframeError):
    """The event stream stayed open without a word (heartbeats only) for too long."""


class RenderFailedError(ReelframeError):
    """A render ended without a video. ``reason`` is the renderer's own word."""

    def __init__(self, message: str, *, hint: str = "", reason: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class MediaError(ReelframeError):
    """A file can't be used.

    Attributes:
        name: the file's name as the user knows it.
        reason: why, in a few words.
    """

    def __init__(self, message: str, *, hint: str = "", name: str = "", reason: str = "") -> None:
        super().__init__(message, hint=hint)
        self.name = name
        self.reason = reason

    @classmethod
    def of(cls, name: str, reason: str, hint: str = "") -> MediaError:
        """The error of a named file: ``MediaError.of("a.mp4", "is empty")``."""
        return cls(f"{name}: {reason}.", hint=hint, name=name, reason=reason)


class _RefusedMediaError(APIError, MediaError):
    """A media error that has a code of its own on the wire."""

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        code: int | None = None,
        status: int | None = None,
        request_id: str | None = None,
        name: str = "",
        reason: str = "",
    ) -> None:
        APIError.__init__(self, message, hint=hint, code=code, status=status, request_id=request_id)
        self.name = name
        self.reason = reason


class UnsupportedMediaError(_RefusedMediaError):
    """4001: the file's type is not accepted, or its content is not what its name says."""

    default_code = 4001


class FileTooLargeError(_RefusedMediaError):
    """4002: the file is over the limit of 500 MB."""

    default_code = 4002


class FontError(ReelframeError):
    """A font can't be read or found; in strict mode also: no font has one of the characters."""


class PlanError(ReelframeError):
    """An edit can't be applied to this timeline. Nothing was changed."""


class TableError(PlanError):
    """Cells of an edited table can't be applied. Nothing was changed; the message lists every one of them.

    Attributes:
        cells: a value per wrong cell, with ``row``, ``column``, ``value``, ``why`` and ``accepted``
            (``reelframe.tables.CellError``); ``pandas.DataFrame(error.cells)`` is a table of them.
    """

    def __init__(self, message: str, *, hint: str = "", cells: tuple[Any, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.cells = cells


class DraftError(ReelframeError):
    """A timeline is not spelled as the protocol says."""


class StorageError(ReelframeError):
    """The disk is full, the quota is reached, or a path can't be written."""


class ConfigurationError(ReelframeError):
    """A setting is wrong or missing."""


class JobCancelledError(ReelframeError):
    """The work was cancelled before it was done."""
