"""The child that opens untrusted files: ``python -m reelframe.media.worker``.

It answers requests on its standard input until that ends. It limits itself before it sees the first one;
what the limits are and why is said in ``reelframe.media.sandbox``.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from reelframe.media.framing import Fault, Header, read_message, write_message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO


__all__ = ["main"]

Answer = tuple[Header, tuple[Any, ...]]

ADDRESS_SPACE: Final = 2_400_000_000
OPEN_FILES: Final = 32
DEFAULT_CPU_S: Final = 60


def limit_process() -> None:
    """Set the limits that hold for the whole life of this process, where the platform has them."""
    try:
        import resource  # noqa: PLC0415 -- exists on Unix only
    except ImportError:
        return
    # No file can grow by this process's hand; pipes are not concerned.
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    if sys.platform != "darwin":  # macOS counts its shared cache and refuses
        _lower(resource.RLIMIT_AS, ADDRESS_SPACE)


def _lower(which: int, value: int) -> None:
    import resource  # noqa: PLC0415 -- exists on Unix only

    _, hard = resource.getrlimit(which)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def limit_request(cpu_s: float) -> None:
    """Give the next request so much processor time: over it, the system ends this process."""
    try:
        import resource  # noqa: PLC0415 -- exists on Unix only
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = max(1, int(time.process_time() + cpu_s) + 1)
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def answers(request: Header, state: dict[str, Any]) -> Iterator[Answer]:
    """Carry out one request. The decoders are imported when first needed: a still needs no FFmpeg."""
    operation = str(request.get("op"))
    if operation in {"open", "frame", "close"}:
        from reelframe.media.decoders import clips  # noqa: PLC0415

        yield clips.answer(operation, request, state)
    elif operation == "sound":
        from reelframe.media.decoders import sounds  # noqa: PLC0415

        yield from sounds.answers(request)
    elif operation == "probe":
        from reelframe.media.decoders import check  # noqa: PLC0415

        yield check.answer(request), ()
    elif operation == "still":
        from reelframe.media.decoders import stills  # noqa: PLC0415

        yield stills.answer(request)
    elif operation == "thumbnail":
        from reelframe.media.decoders import thumbnails  # noqa: PLC0415

        header, data = thumbnails.answer(request)
        yield header, (data,)
    else:
        msg = f"unknown operation {operation!r}"
        raise ValueError(msg)


def main() -> None:
    """Serve until the parent is gone."""
    # Whatever a library prints must not land among the messages.
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 -- a device, not a path of ours
        os.dup2(nothing.fileno(), 0)
    limit_process()
    state: dict[str, Any] = {}
    while True:
        try:
            request, _ = read_message(source)
        except EOFError:
            return
        limit_request(float(request.get("cpu_s", DEFAULT_CPU_S)))
        if not _serve(request, state, out):
            return


def _serve(request: Header, state: dict[str, Any], out: FileIO) -> bool:
    try:
        for header, payload in answers(request, state):
            write_message(out, header, *payload)
    except (BrokenPipeError, KeyboardInterrupt):
        return False
    except Exception as error:  # noqa: BLE001 -- decoders raise anything over hostile files
        write_message(out, {"error": _fault(error)})
    return True


def _fault(error: Exception) -> dict[str, str]:
    if isinstance(error, Fault):
        return {"reason": error.reason, "hint": error.hint, "kind": error.kind}
    if isinstance(error, MemoryError):
        return {"reason": "needs more memory to decode than is allowed", "hint": "Make it smaller."}
    words = (str(error).splitlines() or [""])[0][:200] or type(error).__name__
    # FFmpeg's errors end in the name of the stream that was read, which is no file of the user's.
    words = words.split("; last error")[0].split(": '")[0]
    return {
        "reason": f"can't be decoded: it is damaged or not what it says it is ({words})",
        "hint": "Export or download it again.",
    }


if __name__ == "__main__":
    main()
