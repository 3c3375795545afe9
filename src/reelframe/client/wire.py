"""The envelope and the error codes, without I/O: what an answer means, as a value or as an error to raise."""

from __future__ import annotations

import email.utils
import math
import time
from collections.abc import Mapping
from typing import Any, Final

from reelframe import errors
from reelframe.client import redact
from reelframe.client.policy import Outcome
from reelframe.media.formats import EXTENSIONS, MAX_BYTES, human_size

__all__ = ["code_of", "failure", "find", "outcome_of", "retry_after"]

_STATUS_CODES: Final = {401: 1001, 402: 402, 413: 4002, 415: 4001, 429: 429}
_OK: Final = 300
_SERVER: Final = 500
_GATEWAY: Final = frozenset({502, 503, 504})
_LIMIT: Final = 300
_DETAIL: Final = 2000
_OUTCOMES: Final[Mapping[int, Outcome]] = {1001: "auth", 1002: "session", 400: "client_id", 429: "rate_limit"}


def find(payload: Any, *names: str) -> Any:  # noqa: ANN401 -- JSON is anything
    """The first of ``names`` that has a value, under ``data`` or at the top level; None without one."""
    if not isinstance(payload, Mapping):
        return None
    data = payload.get("data")
    for place in (data, payload):
        if isinstance(place, Mapping):
            for name in names:
                if place.get(name) is not None:
                    return place[name]
    return None


def code_of(status: int, payload: Any) -> int:  # noqa: ANN401 -- JSON is anything
    """The protocol's code of an answer: the envelope's, else what the HTTP status stands for; 0 is success."""
    code = payload.get("code") if isinstance(payload, Mapping) else None
    if isinstance(code, str) and code.lstrip("-").isdecimal():
        code = int(code)
    if isinstance(code, int) and not isinstance(code, bool) and code != 0:
        return code
    if status < _OK:
        return 0
    # A bare ADK server knows no codes; it says this, and nothing else means it.
    if status == 404 and "session not found" in _words(payload).casefold():  # HTTP's own
        return 1002
    return _STATUS_CODES.get(status, status)


def outcome_of(status: int, code: int) -> Outcome | None:
    """The row of the retry table that an answer falls under; None for a success."""
    if code == 0:
        return None
    if code in _OUTCOMES:
        return _OUTCOMES[code]
    if status in _GATEWAY:
        return "busy"
    return "server" if status >= _SERVER else "refused"


def retry_after(value: str | None, now: float | None = None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, as a number or as a date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = email.utils.parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = moment.timestamp() - (time.time() if now is None else now)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _words(payload: Any) -> str:  # noqa: ANN401 -- JSON is anything
    """What the server itself said, in one line of bounded length."""
    if not isinstance(payload, Mapping):
        return ""
    for key in ("message", "detail", "error", "errorMessage", "error_message", "msg"):
        value = payload.get(key)
        if isinstance(value, Mapping):
            value = value.get("message")
        if isinstance(value, str) and value.strip() and value.strip().casefold() != "ok":
            # A server may quote what it was sent.
            line = redact.redact(" ".join(value.split()))
            return line if len(line) <= _LIMIT else f"{line[:_LIMIT]}…"
    return ""


# The errors that the embedded backend sends as they are, and whether they carry code, status and request id.
_OWN: Final[dict[str, tuple[type[errors.ReelframeError], bool]]] = {
    "MediaError": (errors.MediaError, False),
    "UnsupportedMediaError": (errors.UnsupportedMediaError, True),
    "FileTooLargeError": (errors.FileTooLargeError, True),
    "PlanError": (errors.PlanError, False),
    "DraftError": (errors.DraftError, False),
    "StorageError": (errors.StorageError, False),
    "ConfigurationError": (errors.ConfigurationError, False),
    "APIError": (errors.APIError, True),
}


def _own_error(payload: Any, given: dict[str, Any]) -> errors.ReelframeError | None:  # noqa: ANN401 -- JSON is anything
    """The error that the embedded backend raised, its words untouched; None where a server sends no ``detail``."""
    detail = payload.get("detail") if isinstance(payload, Mapping) else None
    if not isinstance(detail, Mapping) or detail.get("kind") not in _OWN:
        return None
    kind, carries = _OWN[detail["kind"]]
    words = {key: redact.redact(str(detail.get(key) or "")[:_DETAIL]) for key in ("message", "hint", "name", "reason")}
    if not issubclass(kind, errors.MediaError):
        words = {key: words[key] for key in ("message", "hint")}
    error = kind(**words, **(given if carries else {}))
    # What happened on the wire is told by every error that came over it, also by one that has no place for it.
    for name, value in given.items():
        setattr(error, name, value)
    return error


def failure(  # noqa: PLR0911 -- one return per code
    status: int | None,
    code: int | None,
    payload: Any,  # noqa: ANN401 -- JSON is anything
    *,
    what: str,
    request_id: str | None = None,
    wait: float | None = None,
    anonymous: bool = False,
    registration_url: str | None = None,
) -> errors.ReelframeError:
    """The error of a refused call.

    Args:
        status: the HTTP status, None inside a stream.
        code: the protocol's code, None when there is none.
        payload: the answer, for the server's own words.
        what: what was being done: "sending the message".
        request_id: the server's name for the request.
        wait: seconds that a 429 asked for.
        anonymous: the token is an anonymous one.
        registration_url: where an anonymous user signs up.
    """
    given: dict[str, Any] = {"status": status, "request_id": request_id, "code": code}
    if (own := _own_error(payload, given)) is not None:
        return own
    said = _words(payload)
    because = f": {said.rstrip('.。')}." if said else "."
    match code:
        case 1001:
            hint = (
                "Try again: a new anonymous token is asked for."
                if anonymous
                else "Set NEMO_TOKEN (or token=) to a valid token, or unset it to work anonymously."
            )
            message = f"The token was not accepted, {what}{because}"
            return errors.AuthenticationError(message, hint=hint, **given)
        case 1002:
            hint = "Create a new session and upload the media again; its timeline is gone."
            message = f"The server does not know this session, {what}{because}"
            return errors.SessionNotFoundError(message, hint=hint, **given)
        case 2001:
            message = f"The credits are used up, {what}{because}"
            hint = (
                f"Register to get more: {registration_url}"
                if registration_url
                else "Top up the account, then try again."
            )
            return errors.InsufficientCreditsError(message, hint=hint, registration_url=registration_url, **given)
        case 4001:
            hint = f"Accepted formats: {', '.join(EXTENSIONS)}."
            message = f"A file's type is not accepted{because}"
            return errors.UnsupportedMediaError(message, hint=hint, reason=said, **given)
        case 4002:
            message = f"A file is too large{because}"
            hint = f"The limit is {human_size(MAX_BYTES)} a file: compress it or trim it."
            return errors.FileTooLargeError(message, hint=hint, reason=said, **given)
        case 402:
            message = f"The plan of this account does not include the export{because}"
            hint = "This is a matter of the subscription, not of credits: upgrade the plan."
            return errors.ExportBlockedError(message, hint=hint, **given)
        case 429:
            message = f"Too many requests, {what}{because}"
            hint = f"Wait {wait:.0f} s, then try again." if wait else "Wait a while, then try again."
            return errors.RateLimitError(message, hint=hint, retry_after=wait, **given)
        case _ if status is not None and status >= _SERVER:
            message = f"The server failed with {status}, {what}{because}"
            return errors.ServerError(message, hint="Try again in a while.", **given)
        case _:
            shown = f" (code {code})" if code is not None else ""
            message = f"The server refused{shown}, {what}{because}"
            return errors.APIError(message, **given)
