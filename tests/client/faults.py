"""A TCP proxy between a client and a server that cuts, resets, slices, delays or swallows what the server says."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
import threading
from typing import Literal, Self
from urllib.parse import urlsplit

Fault = Literal["none", "refuse", "reset", "close", "swallow", "garbage"]
_METHOD = re.compile(rb"(?:GET|POST|HEAD) /")


class FaultProxy:
    """Runs on a loop in a thread of its own.

    Args:
        upstream: base URL of the server behind it.
        slice_size: bytes that are passed on at a time; 0 is as they come.
        delay: seconds before each piece of an answer.
    """

    def __init__(self, upstream: str, slice_size: int = 0, delay: float = 0.0) -> None:
        parts = urlsplit(upstream)
        self._host, self._port = parts.hostname, parts.port
        self._slice = slice_size
        self._delay = delay
        self.fault: Fault = "none"
        self.after = 0
        self.times = 0
        self.match: bytes | None = None
        # The first lines of the requests that went through, and whatever headers came with them.
        self.heads: list[bytes] = []
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)

    def break_next(self, fault: Fault, after: int = 0, times: int = 1) -> None:
        """Do this to the next ``times`` connections, after so many bytes of the server's."""
        self.fault, self.after, self.times, self.match = fault, after, times, None

    def break_answer(self, match: str, fault: Fault, after: int = 0, times: int = 1) -> None:
        """Do this to the next ``times`` answers to requests that begin in this way, after so many bytes of each."""
        self.fault, self.after, self.times, self.match = fault, after, times, match.encode()

    def asked(self, match: str) -> int:
        """How many requests began in this way."""
        return sum(head.startswith(match.encode()) for head in self.heads)

    def __enter__(self) -> Self:
        self._thread.start()
        started = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self.loop)
        self._server = started.result(5)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        async def stop() -> None:
            self._server.close()
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(stop(), self.loop).result(5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = _Line()
        if self.times > 0 and self.match is None:
            self.times -= 1
            line.fault, line.after = self.fault, self.after
        if line.fault == "refuse":
            return _abort(writer)
        up_reader, up_writer = await asyncio.open_connection(self._host, self._port)
        try:
            await asyncio.gather(self._ask(reader, up_writer, line), self._answer(up_reader, writer, line))
        finally:
            with contextlib.suppress(Exception):
                up_writer.close()
                writer.close()

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: _Line) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                if _METHOD.match(data):
                    self.heads.append(data[:2000])
                    if self.match is not None and self.times > 0 and data.startswith(self.match):
                        self.times -= 1
                        line.fault, line.after, line.sent = self.fault, self.after, 0
                writer.write(data)
                await writer.drain()
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: _Line) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                if line.fault != "none" and line.sent + len(data) >= line.after:
                    writer.write(data[: max(0, line.after - line.sent)])
                    await writer.drain()
                    if line.fault == "reset":
                        return _abort(writer)
                    if line.fault == "swallow":
                        await asyncio.sleep(3600)
                    if line.fault == "garbage":
                        writer.write(b"\x00\xff not http at all \r\n\r\n")
                        await writer.drain()
                    writer.close()
                    return None
                size = self._slice or len(data)
                for start in range(0, len(data), size):
                    if self._delay:
                        await asyncio.sleep(self._delay)
                    writer.write(data[start : start + size])
                    await writer.drain()
                line.sent += len(data)
            writer.close()
        return None


class _Line:
    """One connection: what is to happen to it, and how much of its answer has passed."""

    def __init__(self) -> None:
        self.fault: Fault = "none"
        self.after = 0
        self.sent = 0


def _abort(writer: asyncio.StreamWriter) -> None:
    """Closed with a reset instead of a farewell."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
