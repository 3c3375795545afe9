"""``Video``: the result of a render or a download."""

from __future__ import annotations

import base64
import html
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

from reelframe.errors import MediaError
from reelframe.media.formats import human_size

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Video"]

# A notebook that holds a larger one in its output becomes slow to save and to open.
EMBED_BYTES: Final = 8 << 20
_MIME: Final = {
    ".mp4": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm", ".gif": "image/gif",
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".wav": "audio/wav", ".mp3": "audio/mpeg",
}  # fmt: skip
# Texts and timelines have nothing to look at.
_UNSEEN: Final = frozenset({".srt", ".vtt", ".otio"})
_FITTED: Final = "max-width:100%;max-height:540px;display:block"


@dataclass(frozen=True, repr=False)
class Video:
    """A finished video. As a cell's last value it shows a player.

    Making one never fails: what has to be read from the file is read at first access.

    Attributes:
        path: the file, or None when there is only a link.
        url: a link to it, or None. May hold a signature, so it is never shown.
        render_id: the render's name on the backend, or None.
        warnings: what the renderer wants known (a missing glyph, a shortened clip, …).

    >>> video = create("mug.jpg", "a 2-second square video with calm music, no text", "mug.mp4")
    >>> video.duration_s, video.width, video.fps, round(video.loudness_lufs)
    (2.0, 1080, 30.0, -16)
    """

    path: Path | None
    url: str | None = None
    render_id: str | None = None
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.path, str):
            object.__setattr__(self, "path", Path(self.path))

    def __fspath__(self) -> str:
        """The path, so that ``open(video)`` and ``shutil.copy(video, …)`` work."""
        return str(self._file)

    def __repr__(self) -> str:
        where = str(self.path) if self.path is not None else _bare(self.url) or "nowhere"
        notes = f", {len(self.warnings)} warnings" if self.warnings else ""
        return f"Video({where!r}{notes})"

    @property
    def size_bytes(self) -> int:
        """The file's length.

        Raises:
            MediaError: there is no file.
        """
        try:
            return self._file.stat().st_size
        except OSError as error:
            reason = f"can't be read ({error.strerror})"
            raise MediaError.of(self._file.name, reason) from error

    @property
    def duration_s(self) -> float:
        """Seconds. Raises MediaError when the file is missing or damaged, as do the others below."""
        return float(self._facts.get("duration_s") or 0.0)

    @property
    def width(self) -> int:
        """Pixels across; 0 where there is nothing to see."""
        return int(self._facts.get("width") or 0)

    @property
    def height(self) -> int:
        """Pixels down; 0 where there is nothing to see."""
        return int(self._facts.get("height") or 0)

    @property
    def fps(self) -> float | None:
        """Average frames per second; None for a file that does not say."""
        rate = self._facts.get("fps")
        return None if rate is None else float(rate)

    @property
    def loudness_lufs(self) -> float | None:
        """Integrated loudness by ITU-R BS.1770-4, in LUFS; None without sound, ``-inf`` for silence."""
        return self._heard[0]

    @property
    def true_peak_db(self) -> float | None:
        """The highest peak of the decoded sound, between samples too (BS.1770-4, annex 2), in dBTP; None without."""
        return self._heard[1]

    @cached_property
    def _heard(self) -> tuple[float | None, float | None]:
        if not self._facts.get("has_audio"):
            return None, None
        from reelframe.media.hearing import loudness_and_peak  # noqa: PLC0415 -- codecs

        return loudness_and_peak(self._file)

    @cached_property
    def _facts(self) -> Mapping[str, Any]:
        from reelframe.media.reading import facts_of  # noqa: PLC0415 -- keeps the import light

        return facts_of(self._file)

    @property
    def _file(self) -> Path:
        if self.path is None:
            name = self.render_id or "video"
            raise MediaError.of(name, "was not downloaded: there is only a link", "See .url.")
        return self.path

    def _repr_html_(self) -> str:
        caption = html.escape(self._caption())
        source = self._source()
        if not source:
            return f"<div>{caption}</div>"
        link = html.escape(source, quote=True)
        kind = _MIME.get(self.path.suffix.lower(), "video/mp4").partition("/")[0] if self.path else "video"
        if kind == "image":
            player = f'<img style="{_FITTED}" src="{link}" alt="{html.escape(self.path.name if self.path else "")}">'
        elif kind == "audio":
            player = f'<audio controls preload="metadata" src="{link}"></audio>'
        else:
            player = f'<video controls playsinline preload="metadata" style="{_FITTED}" src="{link}"></video>'
        return f"<div>{player}<small>{caption}</small></div>"

    def _repr_mimebundle_(
        self,
        include: object = None,
        exclude: object = None,
    ) -> dict[str, str]:
        """What a notebook shows: the player, and the plain text where there is no page."""
        _ = include, exclude
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def _caption(self) -> str:
        if self.path is None:
            return f"{_bare(self.url) or 'no file'} (the whole link is in .url)"
        try:
            size = human_size(self.size_bytes)
        except MediaError:
            return f"{self.path} (missing)"
        return " · ".join([str(self.path), size, *self.warnings])

    def _source(self) -> str:
        """Where the player gets the film from: inside the page, beside the notebook, or a bare link."""
        if self.path is None:
            return self.url if self.url and _bare(self.url) == self.url else ""
        if self.path.suffix.lower() in _UNSEEN:
            return ""
        try:
            if self.size_bytes <= EMBED_BYTES:
                data = base64.b64encode(self.path.read_bytes()).decode("ascii")
                mime = _MIME.get(self.path.suffix.lower(), "video/mp4")
                return f"data:{mime};base64,{data}"
            relative = os.path.relpath(self.path)
        except (OSError, ValueError, MediaError):
            return ""
        # A page can reach what lies below the notebook's folder, and nothing else.
        return "" if relative.startswith("..") else quote(Path(relative).as_posix())


def _bare(url: str | None) -> str:
    """A link without user, query and fragment: those may hold secrets."""
    if not url:
        return ""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, host + port, parts.path, "", ""))
