"""An event-stream decoder without I/O: bytes in, events out.

It follows the WHATWG HTML standard, section 9.2.6 ("Interpreting an event stream"): one leading BOM, lines
that end in CR, LF or CRLF and in nothing else, comments, fields joined by their rules, and an event that the
stream's end cuts off is not dispatched. Work is linear in the bytes: a line that comes in pieces is joined once.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reelframe.errors import ProtocolError

__all__ = ["MAX_EVENT", "Decoder", "ServerSentEvent"]

# Characters of one event, its comments included. States with hundreds of segments come to a few hundred KB.
MAX_EVENT: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One dispatched event.

    Attributes:
        data: its data lines, joined with newlines.
        event: its type, "message" when none was given.
        id: the last id that the stream gave, up to and including this event.
    """

    data: str
    event: str = "message"
    id: str = ""


class Decoder:
    """Feed it chunks as they come, cut anywhere, also inside a character.

    Args:
        max_event: characters that one event may have.

    Attributes:
        retry: the reconnection time in ms that the stream asked for, None when it did not.
    """

    def __init__(self, max_event: int = MAX_EVENT) -> None:
        self.retry: int | None = None
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._max = max_event
        self._at_start = True
        self._after_cr = False
        self._line: list[str] = []
        self._data: list[str] = []
        self._event = ""
        self._id = ""
        self._length = 0

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """The events that this chunk completes.

        Raises:
            ProtocolError: an event is longer than ``max_event``; the decoder is of no further use.
        """
        text = self._utf8.decode(chunk)
        if not text:
            return
        if self._at_start:
            self._at_start = False
            text = text.removeprefix("\ufeff")
        if self._after_cr:
            # The CR has ended its line already; this LF is the other half of the same line end.
            text = text.removeprefix("\n")
            self._after_cr = False
        if not text:
            return
        self._after_cr = text.endswith("\r")
        # str.splitlines would also break at U+2028, U+2029, U+0085, VT, FF and others, which are data here.
        *ended, tail = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for piece in ended:
            self._grow(len(piece))
            self._line.append(piece)
            line = "".join(self._line)
            self._line.clear()
            if (event := self._take(line)) is not None:
                yield event
        if tail:
            self._grow(len(tail))
            self._line.append(tail)

    @property
    def unfinished(self) -> bool:
        """Whether an event has begun that was not dispatched: at the stream's end, that it was cut off."""
        return bool(self._data or any(self._line) or self._event)

    def _grow(self, by: int) -> None:
        self._length += by
        if self._length > self._max:
            message = f"An event of the stream is longer than {self._max} characters."
            raise ProtocolError(message, hint="The server does not behave; nothing was lost.")

    def _take(self, line: str) -> ServerSentEvent | None:
        if not line:
            return self._dispatch()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "data":
                self._data.append(value)
            case "event":
                self._event = value
            case "id" if "\0" not in value:
                self._id = value
            # isdigit alone is true for digits of every script.
            case "retry" if value.isascii() and value.isdigit():
                self.retry = int(value[:9])
            case _:
                pass
        return None

    def _dispatch(self) -> ServerSentEvent | None:
        data, event = self._data, self._event
        self._data, self._event, self._length = [], "", 0
        if not data:
            return None
        return ServerSentEvent("\n".join(data), event or "message", self._id)
