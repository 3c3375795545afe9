"""The round through the machine: each function looks at one thing and gives a ``Finding``."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import socket
import ssl
import sys
import tempfile
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies

import reelframe
from reelframe import settings
from reelframe.checkup.findings import Checkup, Finding
from reelframe.checkup.host import find_host, find_kernel, find_widget, installed
from reelframe.errors import ReelframeError
from reelframe.media.formats import human_size

__all__ = ["check"]

# What the encoders are for: without the first two there is no video.
_NEEDED: Final = {"libx264": "H.264", "aac": "AAC"}
_FURTHER: Final = {"libvpx-vp9": "VP9", "libopus": "Opus", "gif": "GIF", "libmp3lame": "MP3"}
# A letter of each script that people ask for; the last emoji is none of the common ones that ship.
_SCRIPTS: Final = {
    "Latin": "A",
    "Chinese": "中",
    "Japanese": "あ",
    "Korean": "한",
    "Arabic": "ع",
    "Hebrew": "א",
    "Devanagari": "क",
    "Thai": "ก",
    "emoji": "🎉",
    "all emoji": "🪿",
}
_LITTLE_MEMORY: Final = 1 << 30
_LITTLE_DISK: Final = 2 << 30
_KNOCK_S: Final = 3.0


def check(*, network: bool = True) -> Checkup:
    """Look at what works here: codecs, fonts for each script, notebook host, kernel, disk, cache, hosted service.

    Args:
        network: also knock at the hosted service's door. Nothing is sent: a connection is opened and closed.

    Returns:
        One line for each thing, with what to do. ``.ok`` says whether videos can be made on this machine.

    >>> check(network=False).ok
    True
    """
    looks = [
        _version, _encoders, _fonts, find_host, _kernel, _widget, _machine, _data, _disk, _extras, _planner,
    ]  # fmt: skip
    if network:
        looks.append(_hosted)
    return Checkup(tuple(look() for look in looks))


def _version() -> Finding:
    python = platform.python_version()
    found = f"{reelframe.__version__} on Python {python}, {platform.system() or sys.platform} {platform.machine()}"
    if sys.platform.startswith("linux"):
        return Finding("reelframe", "ok", found)
    return Finding("reelframe", "limited", found, "The tests run on Linux; elsewhere tell us what you see.")


def _encoders() -> Finding:
    try:
        import av  # noqa: PLC0415 -- FFmpeg's libraries, only when looked at
    except ImportError as error:
        return Finding("codecs", "missing", str(error), "pip install --force-reinstall av")
    lacking = [name for codec, name in _NEEDED.items() if not _encodes(codec)]
    if lacking:
        advice = (
            "This build of PyAV can't write videos; take the wheel: pip install --force-reinstall --only-binary av av"
        )
        return Finding("codecs", "missing", f"av {av.__version__} without {', '.join(lacking)}", advice)
    there = [*_NEEDED.values(), *(name for codec, name in _FURTHER.items() if _encodes(codec))]
    return Finding("codecs", "ok", f"{', '.join(there)} (av {av.__version__})")


def _encodes(codec: str) -> bool:
    from av.codec import Codec  # noqa: PLC0415 -- as above
    from av.error import FFmpegError  # noqa: PLC0415 -- as above

    try:
        return Codec(codec, "w").is_encoder
    except (FFmpegError, ValueError):
        return False


def _fonts() -> Finding:
    from reelframe.render.text.fonts import Wish, default_book, what_to_install  # noqa: PLC0415 -- HarfBuzz

    book, wish = default_book(), Wish()
    inter = book.inter(italic=False)
    lacking = {n: c for n, c in _SCRIPTS.items() if not inter.covers(c) and book.fallback(c, wish) is None}
    there = ", ".join(name for name in _SCRIPTS if name not in lacking)
    if not lacking:
        return Finding("fonts", "ok", there)
    advice = f"Without a font: {', '.join(lacking)}. {what_to_install(lacking.values())}"
    return Finding("fonts", "limited", there, advice)


def _kernel() -> Finding:
    return find_kernel(installed("ipykernel") if "ipykernel" in sys.modules else None)


def _widget() -> Finding:
    return find_widget(installed("anywidget"), installed("ipywidgets"))


def _machine() -> Finding:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    free = _free_memory()
    found = f"{cores} cores" + (f", {human_size(free)} of memory free" if free is not None else "")
    if free is not None and free < _LITTLE_MEMORY:
        return Finding("machine", "limited", found, "A 1080p render takes about 0.6 GB: close other notebooks first.")
    return Finding("machine", "ok", found)


def _free_memory() -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _data() -> Finding:
    try:
        home = settings.home()
        # Some mounts say yes to every question and no to every write.
        with tempfile.TemporaryFile(dir=home):
            pass
        quota = settings.quota_bytes()
        from reelframe.backend import storage  # noqa: PLC0415 -- the database, only when looked at

        kept = storage.report(home, quota)
    except ReelframeError as error:
        return Finding("data", "missing", error.message, error.hint or "")
    except OSError as error:
        advice = "Set REELFRAME_HOME to a folder you may write."
        return Finding("data", "missing", f"the data folder can't be written: {error.strerror}", advice)
    found = f"{home}: {human_size(kept.total)} of {human_size(quota)} used, {human_size(kept.cache)} of it cache"
    if kept.total > 0.9 * quota:
        return Finding("data", "limited", found, "Old uploads go first when it is full; REELFRAME_QUOTA_GB raises it.")
    return Finding("data", "ok", found, "reelframe storage shows and clears it.")


def _disk() -> Finding:
    try:
        free = shutil.disk_usage(settings.home()).free
    except (OSError, ReelframeError) as error:
        return Finding("disk", "missing", str(error), "Set REELFRAME_HOME to a folder that is there.")
    if free < _LITTLE_DISK:
        return Finding("disk", "limited", f"{human_size(free)} free", "reelframe storage --clear makes room.")
    return Finding("disk", "ok", f"{human_size(free)} free")


def _extras() -> Finding:
    extras = {"dask": "distributed", "otio": "opentimelineio"}
    there = [extra for extra, package in extras.items() if installed(package)]
    lacking = [extra for extra in extras if extra not in there]
    advice = f'When you need them: pip install "reelframe[{",".join(lacking)}]"' if lacking else ""
    return Finding("extras", "ok", ", ".join(there) or "none", advice)


def _planner() -> Finding:
    """Who reads requests. An endpoint is not asked: its owner may pay for each question."""
    try:
        model = settings.language_model()
        from reelframe.backend import planning  # noqa: PLC0415 -- the planner, only when looked at

        planning.planning_with(model)
    except ReelframeError as error:
        return Finding("planner", "limited", error.message, error.hint or "")
    if model is None:
        advice = "REELFRAME_LLM_URL and REELFRAME_LLM_MODEL let a language model of yours plan."
        return Finding("planner", "ok", "the built-in rules, in English and Chinese", advice)
    key = "with a key" if model.api_key else "without a key"
    found = f"{model.model} at {urlsplit(model.url).hostname}, {key} (not tried)"
    return Finding("planner", "ok", found, "Where it fails, the built-in rules plan, and the answer says so.")


def _hosted() -> Finding:
    url = urlsplit(settings.api_url())
    host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
    token = "a token is set" if settings.token() else "no token: an anonymous one is asked for when it is used"
    if url.scheme in getproxies():
        return Finding("hosted service", "ok", f"{host} (through your proxy, not tried); {token}")
    try:
        with socket.create_connection((host, port), timeout=_KNOCK_S) as connection:
            if url.scheme == "https":
                ssl.create_default_context().wrap_socket(connection, server_hostname=host).close()
    except OSError as error:
        why = error.strerror or type(error).__name__
        advice = "Nothing on this machine needs it: it is only for backend='nemo'."
        return Finding("hosted service", "limited", f"{host} can't be reached ({why})", advice)
    return Finding("hosted service", "ok", f"{host} answers; {token}", "Used only when you say backend='nemo'.")
