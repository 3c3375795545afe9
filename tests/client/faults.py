"""A TCP proxy between a client and a server that cuts, resets, slices, delays or swallows what the server says."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from typing import Literal, Self
from urllib.parse import urlsplit

Fault = Literal["none", "refuse", "reset", "close", "swallow", "garbage"]


class FaultProxy:
    """Runs on a loop in a thread of its own.

    Args:
        upstream: base URL of the server behind it.
        slice_size: bytes that are passed on at a time; 0 is as they come.
    """

    def __init__(self, upstream: str, slice_size: int = 0) -> None:
        parts = urlsplit(upstream)
        self._host, self._port = parts.hostname, parts.port
        self._slice = slice_size
        self.fault: Fault = "none"
        self.after = 0
        self.times = 0
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)

    def break_next(self, fault: Fault, after: int = 0, times: int = 1) -> None:
        """Do this to the next ``times`` connections, after so many bytes of the server's."""
        self.fault, self.after, self.times = fault, after, times

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
        fault: Fault = "none"
        if self.times > 0:
            self.times -= 1
            fault = self.fault
        if fault == "refuse":
            return _abort(writer)
        up_reader, up_writer = await asyncio.open_connection(self._host, self._port)
        try:
            await asyncio.gather(
                self._pump(reader, up_writer, "none", 0),
                self._pump(up_reader, writer, fault, self.after),
            )
        finally:
            with contextlib.suppress(Exception):
                up_writer.close()
                writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: Fault, after: int) -> None:
        sent = 0
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                if fault != "none" and sent + len(data) >= after:
                    writer.write(data[: after - sent])
                    await writer.drain()
                    if fault == "reset":
                        return _abort(writer)
                    if fault == "swallow":
                        await asyncio.sleep(3600)
                    if fault == "garbage":
                        writer.write(b"\x00\xff not http at all \r\n\r\n")
                        await writer.drain()
                    writer.close()
                    return None
                size = self._slice or len(data)
                for start in range(0, len(data), size):
                    writer.write(data[start : start + size])
                    await writer.drain()
                sent += len(data)
            writer.close()
        return None


def _abort(writer: asyncio.StreamWriter) -> None:
    """Closed with a reset instead of a farewell."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
