"""Something to try requests on: three clips of 30 seconds, a title, music and a logo."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from reelframe.draft import Draft, Segment, Track
from reelframe.media.model import Library, Media

__all__ = ["sample_context"]

_CLIP_MS = 30_000


@lru_cache(maxsize=1)
def sample_context() -> tuple[Draft, Library]:
    """A timeline of 90 seconds and the media it is made of; nothing of it exists on a disk."""
    clips = [
        Media(
            id=_id(name),
            name=name,
            kind="video",
            format="mp4",
            size_bytes=9_000_000,
            width=1920,
            height=1080,
            duration_s=30.0,
            fps=30.0,
            has_audio=True,
        )
        for name in ("clip1.mp4", "clip2.mp4", "clip3.mp4")
    ]
    music = Media(
        id=_id("music.mp3"),
        name="music.mp3",
        kind="audio",
        format="mp3",
        size_bytes=2_000_000,
        duration_s=120.0,
        has_audio=True,
        role="music",
    )
    logo = Media(
        id=_id("logo.png"),
        name="logo.png",
        kind="image",
        format="png",
        size_bytes=20_000,
        width=400,
        height=200,
        has_alpha=True,
        role="logo",
    )
    shots = tuple(
        Segment.make(_CLIP_MS, id=f"v{n}", name=clip.name, start=_CLIP_MS * (n - 1), media=clip.id)
        for n, clip in enumerate(clips, 1)
    )
    total = _CLIP_MS * len(clips)
    tracks = (
        Track(tt=0, sg=shots),
        Track(
            tt=0,
            sg=(
                Segment.make(
                    total,
                    id="v4",
                    name="logo.png",
                    start=0,
                    media=logo.id,
                    role="logo",
                    position="bottom_right",
                    size=0.1,
                ),
            ),
        ),
        Track(
            tt=1, sg=(Segment.make(total, id="a1", name="music.mp3", start=0, media=music.id, role="bgm", volume=0.5),)
        ),
        Track(tt=7, sg=(Segment.make(4000, id="t1", text="Welcome", start=0, role="title"),)),
    )
    draft = Draft(t=tracks, d=total, m={"project": "Sample", "width": 1920, "height": 1080, "fps": 30})
    return draft, Library((*clips, music, logo))


def _id(name: str) -> str:
    return sha256(name.encode()).hexdigest()
