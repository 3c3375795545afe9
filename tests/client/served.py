"""An app on a real socket, and the pace at which tests talk to it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from reelframe.client import Timing

TIMING = Timing(
    poll_interval=0.02, rate_limit_wait=0.05, heartbeat_notice=5, silence_timeout=10, stream_timeout=20,
    recovery=(0.05, 0.05, 0.05, 0.05, 0.05),
)  # fmt: skip


@contextlib.contextmanager
def serving(app: Any) -> Iterator[str]:
    """The app on a real socket, in a thread of its own."""
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off", ws="none")
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        while not server.started:
            threading.Event().wait(0.005)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.force_exit = server.should_exit = True
        thread.join()
