"""Media and timelines to edit, and short ways to ask for edits."""

from __future__ import annotations

from reelframe.draft import Draft
from reelframe.edits import Plan, apply, op_from_dict
from reelframe.media.model import Library, Media


def media(n, name, kind="image", **more):
    size = {"width": 4000, "height": 2250} if kind != "audio" else {}
    if kind != "image":
        more = {"duration_s": 10.0, "has_audio": True, **more}
    return Media(id=f"{n:064x}", name=name, kind=kind, format=name.rsplit(".", 1)[-1], size_bytes=1, **{**size, **more})


PHOTOS = tuple(media(n, f"{name}.jpg") for n, name in enumerate(("beach", "city", "dog", "egg", "fox"), 1))
CLIPS = (
    media(11, "walk.mp4", "video", duration_s=30.0, fps=30.0),
    media(12, "surf.mp4", "video", duration_s=12.0, fps=25.0, has_audio=False),
    media(13, "talk.mp4", "video", duration_s=20.0, fps=30.0),
)
LOGO = media(21, "logo.png", width=400, height=200, has_alpha=True)
GIF = media(22, "spin.gif", "video", duration_s=1.5, animated=True, has_audio=False, fps=20.0)
SONG = media(31, "song.mp3", "audio", duration_s=60.0)

PHOTO_LIB = Library((*PHOTOS, LOGO))
CLIP_LIB = Library((*CLIPS, LOGO))
FULL_LIB = Library((*PHOTOS, *CLIPS, LOGO, GIF, SONG))


def plan(*ops):
    return Plan(ops=tuple(op_from_dict(op) for op in ops))


def run(draft, library, *ops, **more):
    return apply(draft, plan(*ops), library, **more)


def C(index, kind="clip", **more):
    return {"kind": kind, "index": index, **more}


def photo_draft():
    """Five photos of 6 s, a title at 0.5-4.5, music, a logo."""
    return run(
        Draft(),
        PHOTO_LIB,
        {"op": "compose", "duration_s": 30, "title": "Summer"},
        {"op": "add_music"},
        {"op": "add_logo"},
    )


def clip_draft():
    """Three clips whole (30, 12 and 20 s), hard cuts, music."""
    return run(
        Draft(),
        CLIP_LIB,
        {"op": "compose"},
        {"op": "transition", "between": "all", "type": "cut"},
        {"op": "add_music", "mood": "calm"},
    )


def hosted_draft():
    """As the hosted service sends it: no roles, no ids, no starts, keys that nobody knows."""
    return Draft.from_wire(
        {
            "t": [
                {
                    "tt": 0,
                    "sg": [{"d": 5000, "m": {"name": "a"}, "zz": 1}, {"d": 5000, "m": {"name": "b", "q": [1]}}],
                    "k": "v",
                },
                {"tt": 1, "sg": [{"d": 10000, "m": {"name": "Lo-fi", "volume": 0.35}}]},
                {"tt": 7, "sg": [{"d": 3000, "m": {"text": "Urban Dreams"}}, {"d": 2000, "m": {"text": "more"}}]},
            ],
            "d": 10000,
            "other": {"x": 1},
        }
    )


def spans(draft, track=None):
    """Start and end of every segment in seconds, of the main track or of a track."""
    found = draft.main if track is None else draft.tracks[track]
    return [(p.start / 1000, p.end / 1000) for p in found.placed]


def names(draft):
    return [s.name for s in draft.main.segments]


def texts(draft):
    return {p.segment.text: (p.start / 1000, p.end / 1000) for t in draft.of_kind("text") for p in t.placed}


def only(draft, role):
    found = [s for s in draft.segments if s.role == role]
    assert len(found) == 1, found
    return found[0]
