"""The doors through which files are opened: each hands the work to a child process (``sandbox``).

``probe`` says what a file is; ``load_image``, ``load_audio`` and ``iter_audio`` give its pixels and samples,
``thumbnail`` a small JPEG; clips have a reader of their own (``reader``). Whatever is wrong with a file
comes out as a ``MediaError`` with its name.
"""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reelframe.errors import MediaError
from reelframe.media import sandbox
from reelframe.media.formats import Format, check_name_and_size, sniff_file
from reelframe.media.model import Media

if TYPE_CHECKING:
    import os
    from collections.abc import Generator

    import numpy as np
    from numpy.typing import NDArray

    from reelframe.media.framing import Header

__all__ = ["facts_of", "format_of", "iter_audio", "load_audio", "load_image", "probe", "size_of", "thumbnail"]

PROBE_S: Final = 12.0
IMAGE_S: Final = 30.0
FRAME_S: Final = 20.0
AUDIO_BLOCK_S: Final = 20.0
LONGEST_S: Final = 3600.0
# Processor time for a whole sound track, however long: 12 hours of AAC take about two minutes.
AUDIO_CPU_S: Final = 900.0


def probe(path: str | os.PathLike[str], name: str | None = None) -> Media:
    """Find out what a file is, and whether it is whole.

    Args:
        path: where it is.
        name: what its owner calls it; by default its own name.

    Returns:
        the facts, with ``id`` the SHA-256 of the content and ``path`` set.

    Raises:
        UnsupportedMediaError: the name's extension or the content is not accepted.
        FileTooLargeError: it is over 500 MB.
        MediaError: it is missing, empty, cut off, damaged or over a limit. After 12 s at most.
    """
    path = Path(path)
    name = Path(name).name if name else path.name
    size = size_of(path, name)
    check_name_and_size(name, size)
    fmt = format_of(path, name)
    facts = _subtitle_facts(path, name) if fmt.kind == "subtitles" else _examined(path, name, fmt)
    return Media.model_validate(
        {
            **facts,
            "id": _sha256(path, name),
            "name": name,
            "format": "m4a" if fmt.demuxer == "mov" and facts["kind"] == "audio" else fmt.name,
            "size_bytes": size,
            "path": path,
        }
    )


def _subtitle_facts(path: Path, name: str) -> Header:
    """Text needs no child process: nothing but Python reads it."""
    from reelframe.subtitles import MAX_BYTES, read_subtitles  # noqa: PLC0415 -- hardly ever needed

    with path.open("rb") as file:
        read = read_subtitles(file.read(MAX_BYTES + 1), name)
    return {"kind": "subtitles", "duration_s": max(cue.end_ms for cue in read.cues) / 1000}


def facts_of(path: str | os.PathLike[str], name: str | None = None) -> Header:
    """What ``probe`` finds, without its limits on name and size and without a hash.

    Raises:
        MediaError: as ``probe``.
    """
    path = Path(path)
    name = name or path.name
    return _examined(path, name, format_of(path, name))


def _examined(path: Path, name: str, fmt: Format) -> Header:
    request: Header = {
        "op": "probe",
        "path": _absolute(path),
        "format": fmt.name,
        "cpu_s": 2 * PROBE_S,
    }
    return sandbox.call(name, request, PROBE_S)[0]


def load_image(
    path: str | os.PathLike[str],
    *,
    max_side: int | None = None,
    cover: tuple[int, int] | None = None,
    name: str | None = None,
) -> NDArray[np.uint8]:
    """A still's pixels: upright, sRGB, eight bits. Of an animation, its first frame.

    Args:
        path: where it is.
        max_side: scale down (Lanczos) so that the longer side is at most this.
        cover: the smallest (width, height) that is of use. A JPEG is then decoded at a half, a quarter or an
            eighth when that still covers it, which is several times faster; nothing else is scaled.
        name: for messages.

    Returns:
        uint8 (h, w, 3), or (h, w, 4) with straight alpha when some pixel really is see-through.

    Raises:
        MediaError: it can't be decoded.
    """
    import numpy as np  # noqa: PLC0415 -- heavy

    path = Path(path)
    name = name or path.name
    fmt = format_of(path, name)
    if fmt.kind != "image":
        raise MediaError.of(name, f"is not a picture but {fmt.kind} ({fmt.name})")
    request: Header = {
        "op": "still",
        "path": _absolute(path),
        "format": fmt.name,
        "max_side": max_side,
        "cover": list(cover) if cover else None,
    }
    header, payload = sandbox.call(name, request, IMAGE_S)
    height, width, channels = (int(n) for n in header["shape"])
    return np.frombuffer(payload, np.uint8).reshape(height, width, channels)


def thumbnail(
    path: str | os.PathLike[str], max_side: int = 320, *, at_s: float = 1.0, name: str | None = None
) -> bytes:
    """A JPEG whose longer side is ``max_side`` at most; of a clip, the moment at ``at_s`` seconds or its last one.

    Raises:
        MediaError: there is no picture in the file, or it can't be decoded.
    """
    path = Path(path)
    name = name or path.name
    fmt = format_of(path, name)
    if fmt.kind == "audio":
        raise MediaError.of(name, "is a sound file: it has no picture")
    request: Header = {
        "op": "thumbnail",
        "path": _absolute(path),
        "format": fmt.name,
        "max_side": max_side,
        "moving": fmt.kind == "video",
        "time_s": at_s,
    }
    _, payload = sandbox.call(name, request, IMAGE_S)
    return bytes(payload)


def iter_audio(
    path: str | os.PathLike[str],
    *,
    start_s: float = 0.0,
    duration_s: float | None = None,
    rate: int = 48000,
    name: str | None = None,
) -> Generator[NDArray[np.float32]]:
    """A file's sound, about a second at a time; memory does not grow with its length.

    Args:
        path: a sound file or a clip.
        start_s: where to begin, in seconds of the clip as its pictures count them: pictures and sound agree.
        duration_s: how much at most; None for all.
        rate: samples per second to convert to.
        name: for messages.

    Yields:
        float32 (n, 2), full scale 1.0. Gaps in the file are silence; nothing is added behind its end.

    Raises:
        MediaError: there is no sound, or it can't be decoded.
    """
    import numpy as np  # noqa: PLC0415 -- heavy

    path = Path(path)
    name = name or path.name
    fmt = format_of(path, name)
    if fmt.kind == "image":
        raise MediaError.of(name, f"is a picture ({fmt.name}): it has no sound")
    request: Header = {
        "op": "sound",
        "path": _absolute(path),
        "format": fmt.name,
        "start_s": max(0.0, start_s),
        "duration_s": duration_s,
        "rate": rate,
        "cpu_s": AUDIO_CPU_S,
    }
    worker = sandbox.take()
    done = False
    try:
        worker.send(request)
        while True:
            header, payload = worker.receive(AUDIO_BLOCK_S)
            if "error" in header:
                done = True
                raise sandbox.error_of(name, header)
            if not header["more"]:
                done = True
                return
            yield np.frombuffer(payload, np.float32).reshape(-1, 2)
    except TimeoutError:
        raise sandbox.too_slow(name, AUDIO_BLOCK_S) from None
    except EOFError:
        raise sandbox.crashed(name) from None
    finally:
        # One that still has blocks to send would answer the next request with them.
        if done:
            sandbox.give_back(worker)
        else:
            worker.discard()


def load_audio(
    path: str | os.PathLike[str],
    *,
    start_s: float = 0.0,
    duration_s: float | None = None,
    rate: int = 48000,
    name: str | None = None,
) -> NDArray[np.float32]:
    """``iter_audio`` in one array; with ``duration_s`` it has exactly that length, silence behind the end.

    An hour takes 1.4 GB: what is longer is refused, and a thing for ``iter_audio``.

    Returns:
        float32 (n, 2), full scale 1.0; ``round(duration_s * rate)`` samples when a duration is given.

    Raises:
        MediaError: there is no sound, it can't be decoded, or over an hour was asked for.
    """
    import numpy as np  # noqa: PLC0415 -- heavy

    called = name or Path(path).name
    if duration_s is not None and duration_s > LONGEST_S:
        raise _too_long(called)
    blocks = iter_audio(path, start_s=start_s, duration_s=duration_s, rate=rate, name=name)
    if duration_s is None:
        pieces: list[NDArray[np.float32]] = []
        count = 0
        for block in blocks:
            count += len(block)
            if count > LONGEST_S * rate:
                blocks.close()
                raise _too_long(called)
            pieces.append(block)
        return np.concatenate(pieces) if pieces else np.zeros((0, 2), np.float32)
    samples = np.zeros((round(duration_s * rate), 2), np.float32)
    at = 0
    for block in blocks:
        samples[at : at + len(block)] = block
        at += len(block)
    return samples


def _too_long(name: str) -> MediaError:
    return MediaError.of(name, "has over an hour of sound, too much to load at once", "Load a part of it.")


def _absolute(path: Path) -> str:
    """The child stands in no folder of ours."""
    return str(path.absolute())


def size_of(path: Path, name: str) -> int:
    """The length of a regular file.

    Raises:
        MediaError: it is missing, a folder or a device, or can't be read.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        raise MediaError.of(name, "is missing: there is no such file", "Check the path.") from None
    except (OSError, ValueError) as error:
        raise MediaError.of(name, f"can't be read ({_words(error)})") from error
    if stat.S_ISDIR(status.st_mode):
        raise MediaError.of(name, "is a folder, not a file", "Name the files in it.")
    if not stat.S_ISREG(status.st_mode):
        raise MediaError.of(name, "is not a regular file")
    return status.st_size


def format_of(path: Path, name: str) -> Format:
    """The format by the content.

    Raises:
        UnsupportedMediaError: it is not an accepted one.
        MediaError: the file is empty, missing, or can't be read.
    """
    size_of(path, name)
    try:
        with path.open("rb") as file:
            return sniff_file(file, name)
    except OSError as error:
        raise MediaError.of(name, f"can't be read ({_words(error)})") from error


def _sha256(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise MediaError.of(name, f"can't be read ({_words(error)})") from error


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
