"""What the agent's events mean, without I/O: server-sent events in, things worth telling out.

The plan: each ``data:`` is one JSON event with ``content.parts``. Texts go on, pieces (``partial``) at once
and the whole event that repeats them only as far as it goes beyond them. Calls of tools become a bare sign of
life: their names and arguments end here. A trailing "I encountered a temporary issue" is held back until it is
known whether anything follows. Keys are read in camelCase and in snake_case, the published spelling first.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from reelframe.client import redact
from reelframe.client.events import Action, Asked, Text, Working
from reelframe.client.sse import ServerSentEvent
from reelframe.errors import ProtocolError
from reelframe.jobs import Progress

__all__ = ["AgentEvents", "Failure", "Item"]

_log = logging.getLogger("reelframe.client")
_APOLOGY: Final = "i encountered a temporary issue"


@dataclass(frozen=True, slots=True)
class Failure:
    """The agent server says, inside the stream, that it failed.

    Attributes:
        code: the protocol's code, when it gave one.
        message: its own words.
        first: nothing came before it: the message was refused, not begun.
    """

    code: int | None
    message: str = field(repr=False)
    first: bool = False


Item = Text | Working | Progress | Asked | Action | Failure


class AgentEvents:
    """Feed it server-sent events in order, then ``finish`` once when the stream has ended well."""

    def __init__(self) -> None:
        self.alive = False
        self._garbage = 0
        self._meant = 0
        self._pieces: dict[str, str] = {}
        self._tail = _Tail()

    @property
    def empty(self) -> bool:
        """Whether nothing has come yet that means anything: heartbeats and garbage do not."""
        return self._meant == 0

    def feed(self, event: ServerSentEvent) -> Iterator[Item]:
        """What one event has to tell; nothing for a heartbeat."""
        self.alive = False
        if event.event == "heartbeat" or not event.data.strip() or event.data.strip() == "[DONE]":
            return
        try:
            data = json.loads(event.data)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, Mapping):
            self._garbage += 1
            _log.warning("The stream holds an event that is not a JSON object (%d characters); skipped.",
                         len(event.data))  # fmt: skip
            return
        if data.get("type") == "heartbeat" or data.get("heartbeat"):
            return
        self.alive = True
        first, self._meant = self._meant == 0, self._meant + 1
        yield from self._read(data, first=first)

    def finish(self) -> Iterator[Item]:
        """What was held back until the end.

        Raises:
            ProtocolError: events came, and none of them could be read.
        """
        if text := self._tail.finish():
            yield Text(text)
        if self._garbage and not self._meant:
            message = "The server's event stream can't be read: none of its events is JSON."
            raise ProtocolError(message, hint="Look at the session's state to see what was done.")

    def _read(self, data: Mapping[str, Any], *, first: bool) -> Iterator[Item]:
        failure = _failure(data, first=first)
        content = data.get("content")
        parts = content.get("parts") if isinstance(content, Mapping) else None
        parts = [p for p in parts if isinstance(p, Mapping)] if isinstance(parts, list) else []
        mine = _own(data)
        # Thoughts are the model's notes to itself.
        text = "".join(p["text"] for p in parts if isinstance(p.get("text"), str) and not p.get("thought"))
        if mine.get("kind") == "question":
            yield Asked(text, _strings(mine.get("choices")))
            text = ""
        if text:
            author = str(data.get("author", ""))
            if data.get("partial") is True:
                self._pieces[author] = self._pieces.get(author, "") + text
            else:
                text = _beyond(self._pieces.pop(author, ""), text)
                self._tail.whole = True
            if shown := self._tail.push(text):
                yield Text(shown)
        if any(_is_tool(p) for p in parts):
            # A text that is only whole with the event after the call does not repeat what came before it.
            self._pieces.clear()
            yield Working()
        yield from _told(mine)
        if failure is not None:
            yield failure


class _Tail:
    """Holds back the apology, and what might become one, until something else follows or the stream ends."""

    def __init__(self) -> None:
        self.whole = False
        self._held = ""
        self._apology = False
        self._said = False

    def push(self, text: str) -> str:
        """What may be shown now that ``text`` has come."""
        if not text:
            self.whole = False
            return ""
        # After an apology that was complete in its event, a new text means that the work went on.
        out = ""
        if self._apology and self._ended:
            out, self._held, self._apology = self._held, "", False
        self._ended, self.whole = self.whole, False
        text = self._held + text
        low = text.casefold()
        at = low.find(_APOLOGY)
        if at < 0 or len(low) != len(text):
            at = len(text) - _overlap(low) if len(low) == len(text) else len(text)
        else:
            self._apology = True
        out, self._held = out + text[:at], text[at:]
        self._said = self._said or bool(out.strip())
        return out

    _ended = False

    def finish(self) -> str:
        """What is shown at the end: an apology only when there was nothing else."""
        held, self._held = self._held, ""
        return "" if self._apology and self._said else held


def _overlap(text: str) -> int:
    """How many characters at the end of ``text`` begin the apology."""
    return next((n for n in range(min(len(text), len(_APOLOGY) - 1), 0, -1) if text.endswith(_APOLOGY[:n])), 0)


def _beyond(pieces: str, whole: str) -> str:
    """What a whole text says that its pieces have not said."""
    if not pieces:
        return whole
    if whole.startswith(pieces):
        return whole[len(pieces) :]
    # Servers trim: the same words with other white space at the ends are the same.
    if whole.strip() in pieces.strip() or pieces.strip().startswith(whole.strip()):
        return ""
    if whole.lstrip().startswith(pieces.strip()):
        return whole.lstrip()[len(pieces.strip()) :]
    return "\n" + whole


def _is_tool(part: Mapping[str, Any]) -> bool:
    names = ("functionCall", "function_call", "functionResponse", "function_response")
    return any(part.get(name) is not None for name in names)


def _own(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What reelframe's own backend adds to an event."""
    for key in ("customMetadata", "custom_metadata"):
        metadata = data.get(key)
        if isinstance(metadata, Mapping) and isinstance(metadata.get("reelframe"), Mapping):
            mine: Mapping[str, Any] = metadata["reelframe"]
            return mine
    return {}


def _told(mine: Mapping[str, Any]) -> Iterator[Item]:
    text = mine.get("text")
    text = text if isinstance(text, str) else ""
    match mine.get("kind"):
        case "progress":
            fraction = mine.get("fraction")
            number = isinstance(fraction, (int, float)) and not isinstance(fraction, bool)
            far = min(1.0, max(0.0, float(fraction))) if number and fraction == fraction else None  # type: ignore[arg-type]  # noqa: PLR0124
            yield Progress(str(mine.get("stage") or "work"), far, text)
        case "action":
            args = mine.get("args")
            yield Action(str(mine.get("action") or ""), dict(args) if isinstance(args, Mapping) else {}, text)
        case _:
            pass


def _strings(value: Any) -> tuple[str, ...]:  # noqa: ANN401 -- JSON is anything
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def _failure(data: Mapping[str, Any], *, first: bool) -> Failure | None:
    error = data.get("error")
    code = next((data[k] for k in ("errorCode", "error_code", "code") if data.get(k) is not None), None)
    words = [data.get(k) for k in ("errorMessage", "error_message", "error_details", "errorDetails")]
    if isinstance(error, Mapping):
        code = error.get("code") if code is None else code
        words.insert(0, error.get("message"))
    elif error:
        words.insert(0, error)
    number = int(code) if isinstance(code, (int, str)) and str(code).lstrip("-").isdecimal() else None
    if isinstance(code, bool) or number == 0:
        code = number = None
    said = " ".join(w.strip() for w in words if isinstance(w, str) and w.strip())
    if not error and code is None and not said:
        return None
    if number is None and isinstance(code, str) and code.upper() in {"STOP", "OK"}:
        return None
    shown = " ".join(x for x in (said, f"({code})" if number is None and code else "") if x)
    if "session not found" in shown.casefold():
        number = number or 1002
    return Failure(number, redact.redact(shown) or f"code {code}", first)
