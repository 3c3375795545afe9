"""The values that every room passes around when it speaks of a file: ``Media`` and ``Library``.

Both are frozen and light to import: no codec library is loaded here. A ``Media`` is what probing found
out about a file; it is named by the SHA-256 of its content, so the same photo uploaded twice is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Kind", "Library", "Media", "Role"]

Kind = Literal["image", "video", "audio", "subtitles"]
Role = Literal["logo", "music"]


class Media(BaseModel):
    """One file, as probing found it.

    Attributes:
        id: SHA-256 of the content, 64 lower-case hexadecimal digits.
        name: the file's name as the user knows it, without folders.
        kind: what it is for a timeline: image, video, audio or subtitles; an animated GIF or WebP is a video.
        format: what the content is (``"jpeg"``, ``"mp4"``, …), whatever the name says.
        size_bytes: the file's length.
        width: pixels, upright: after EXIF orientation, display matrix and sample aspect ratio; 0 for what is not seen.
        height: the same.
        duration_s: seconds that can be shown or heard; None for a still image.
        fps: average frames per second of a video, None for anything else.
        has_alpha: some pixel really is see-through.
        has_audio: there is a sound track.
        animated: an animated GIF, WebP or PNG.
        accent: ``#rrggbb``, the colour of a photo that a designer would pick out; None where there is none.
        role: what the user gave the file as, when they said so.
        path: where the bytes are, on this machine only; never part of the wire.

    >>> with Client() as c:
    ...     (mug,) = c.create_session().upload("mug.jpg")
    >>> mug.kind, mug.format, mug.width, mug.height
    ('image', 'jpeg', 2160, 1440)
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str
    kind: Kind
    format: str
    size_bytes: int = Field(ge=0)
    width: int = Field(default=0, ge=0)
    height: int = Field(default=0, ge=0)
    duration_s: float | None = Field(default=None, ge=0)
    fps: float | None = Field(default=None, gt=0)
    has_alpha: bool = False
    has_audio: bool = False
    animated: bool = False
    accent: str | None = None
    role: Role | None = None
    path: Path | None = Field(default=None, exclude=True, repr=False)

    @property
    def stem(self) -> str:
        """The name without its extension."""
        return PurePath(self.name).stem

    @property
    def visible(self) -> bool:
        """Whether there is a picture."""
        return self.kind in {"image", "video"}

    @property
    def aspect(self) -> float:
        """Width over height; 1.0 where there is no picture."""
        return self.width / self.height if self.width and self.height else 1.0


@dataclass(frozen=True, slots=True)
class Library:
    """The media of one session, in upload order. Every method that changes it returns a new one.

    >>> draft, library = sample_context()
    >>> [media.name for media in library.shots], library.by_name("logo.png").kind
    (['clip1.mp4', 'clip2.mp4', 'clip3.mp4'], 'image')
    """

    items: tuple[Media, ...] = ()

    def __iter__(self) -> Iterator[Media]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, id_or_media: object) -> bool:
        wanted = id_or_media.id if isinstance(id_or_media, Media) else id_or_media
        return any(media.id == wanted for media in self.items)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, in upload order."""
        return tuple(media.id for media in self.items)

    @property
    def shots(self) -> tuple[Media, ...]:
        """Pictures and clips that are meant to be seen full size: those without a role."""
        return tuple(m for m in self.items if m.visible and m.role is None)

    @property
    def logos(self) -> tuple[Media, ...]:
        """The media whose role is ``logo``."""
        return tuple(m for m in self.items if m.role == "logo")

    @property
    def music(self) -> tuple[Media, ...]:
        """The media whose role is ``music``, and sound files without a role."""
        return tuple(m for m in self.items if m.role == "music" or (m.kind == "audio" and m.role is None))

    @property
    def subtitles(self) -> tuple[Media, ...]:
        """The subtitle files."""
        return tuple(m for m in self.items if m.kind == "subtitles")

    def get(self, media_id: str) -> Media | None:
        """The media with this id, or None."""
        return next((m for m in self.items if m.id == media_id), None)

    def by_name(self, name: str) -> Media | None:
        """The media with this name, in any case, with or without its extension; None when there is none.

        The whole name goes before the stem, and the newest upload before an older one of the same name.
        """
        wanted = name.strip().casefold()
        newest_first = self.items[::-1]
        return next(
            (m for m in newest_first if m.name.casefold() == wanted),
            next((m for m in newest_first if m.stem.casefold() == wanted), None),
        )

    def add(self, media: Media) -> Library:
        """With ``media`` at the end; one with the same id is replaced in its place."""
        if media.id in self:
            return Library(tuple(media if m.id == media.id else m for m in self.items))
        return Library((*self.items, media))

    def remove(self, media_id: str) -> Library:
        """Without the media of this id; unchanged when there is none."""
        return Library(tuple(m for m in self.items if m.id != media_id))

    def with_role(self, media_id: str, role: Role | None) -> Library:
        """With the role of one media set; unchanged when there is none of this id."""
        return Library(tuple(m.model_copy(update={"role": role}) if m.id == media_id else m for m in self.items))
