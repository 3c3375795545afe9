"""Answers as the protocol spells them: the envelope, and errors with a code of their own."""

from __future__ import annotations

import json
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from reelframe.errors import (
    APIError,
    AuthenticationError,
    DraftError,
    ExportBlockedError,
    FileTooLargeError,
    InsufficientCreditsError,
    MediaError,
    PlanError,
    RateLimitError,
    ReelframeError,
    SessionNotFoundError,
    StorageError,
    UnsupportedMediaError,
)

__all__ = ["Body", "bad_request", "json_body", "not_found", "ok", "refused", "request_id", "status_of"]

# The HTTP status that goes with each kind of refusal; the first match counts.
_STATUS: Final[tuple[tuple[type[ReelframeError], int, int], ...]] = (
    # (error, its code on the wire, HTTP status)
    (AuthenticationError, 1001, 401),
    (SessionNotFoundError, 1002, 404),
    (InsufficientCreditsError, 2001, 403),
    (UnsupportedMediaError, 4001, 415),
    (FileTooLargeError, 4002, 413),
    (ExportBlockedError, 402, 402),
    (RateLimitError, 429, 429),
    # A file of an accepted type that is broken: for a client it is a file that can't be taken.
    (MediaError, 4001, 415),
    (StorageError, 507, 507),
    (PlanError, 422, 422),
    (DraftError, 422, 422),
)


def ok(data: dict[str, Any]) -> JSONResponse:
    """A success, in the envelope."""
    return JSONResponse({"code": 0, "message": "ok", "data": data})


def request_id(request: Request) -> str:
    """The name that this request has in the log and in its answer."""
    return str(request.scope.get("reelframe.request_id", ""))


def status_of(error: ReelframeError) -> tuple[int, int]:
    """The code on the wire and the HTTP status of an error."""
    for kind, code, status in _STATUS:
        if isinstance(error, kind):
            return code, status
    if isinstance(error, APIError) and error.status is not None:
        return error.code or error.status, error.status
    return 500, 500


def refused(request: Request, error: ReelframeError) -> JSONResponse:
    """A refusal: what happened, why, what to do."""
    code, status = status_of(error)
    headers = {}
    if isinstance(error, RateLimitError):
        headers["Retry-After"] = str(max(1, round(error.retry_after or 1)))
    # Our own client raises the very error that was raised here; others read the message.
    detail = {"kind": type(error).__name__, "message": error.message, "hint": error.hint}
    if isinstance(error, MediaError):
        detail |= {"name": error.name, "reason": error.reason}
    body = {"code": code, "message": str(error), "data": None, "request_id": request_id(request), "detail": detail}
    return JSONResponse(body, status_code=status, headers=headers)


def bad_request(message: str, hint: str = "") -> APIError:
    """400: the request is not spelled as the protocol says."""
    return APIError(message, hint=hint, code=400, status=400)


def not_found(message: str, hint: str = "") -> APIError:
    """404: there is no such thing, or it is somebody else's."""
    return APIError(message, hint=hint, code=404, status=404)


class Body:
    """A JSON object from outside, read field by field with errors that name the field."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def text(self, key: str, default: str | None = None, *, longest: int = 20_000) -> str:
        """A string; without a default it must be there and not be blank."""
        value = self.data.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (default is None and not value.strip()):
            message = f'"{key}" must be a text.'
            raise bad_request(message)
        if len(value) > longest:
            message = f'"{key}" is longer than {longest} characters.'
            raise bad_request(message)
        return value

    def whole(self, key: str, default: int, *, low: int, high: int) -> int:
        """A whole number within limits."""
        value = self.data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            message = f'"{key}" must be a whole number from {low} to {high}.'
            raise bad_request(message)
        return value

    def strings(self, key: str, *, most: int = 10_000) -> tuple[str, ...] | None:
        """A list of strings, None when it is missing."""
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or len(value) > most or not all(isinstance(item, str) for item in value):
            message = f'"{key}" must be a list of texts.'
            raise bad_request(message)
        return tuple(value)

    def mapping(self, key: str) -> dict[str, Any] | None:
        """An object, None when it is missing."""
        value = self.data.get(key)
        if value is not None and not isinstance(value, dict):
            message = f'"{key}" must be an object.'
            raise bad_request(message)
        return value


async def json_body(request: Request, longest: int = 32 * 1024 * 1024) -> Body:
    """The request's body as a JSON object.

    Raises:
        APIError: 400 (not JSON, not an object) or 413 (too long).
    """
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > longest:
            message = f"The request is longer than {longest} bytes."
            raise APIError(message, code=413, status=413)
        pieces.append(piece)
    try:
        data = json.loads(b"".join(pieces) or b"{}")
    except (ValueError, RecursionError):
        message = "The request's body is not JSON."
        raise bad_request(message) from None
    if not isinstance(data, dict):
        message = "The request's body is not a JSON object."
        raise bad_request(message)
    return Body(data)
