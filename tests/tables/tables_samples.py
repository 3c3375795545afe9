"""Timelines to make tables of: the embedded backend's, the hosted service's, and anything that is spelled like one."""

from __future__ import annotations

from hypothesis import strategies as st

from reelframe.draft import Draft
from reelframe.edits import Plan, apply, op_from_dict
from reelframe.media.model import Library, Media


def _media(n, name, kind="image", **more):
    size = {"width": 4000, "height": 2250} if kind != "audio" else {}
    if kind != "image":
        more = {"duration_s": 20.0, "has_audio": True, **more}
    return Media(id=f"{n:064x}", name=name, kind=kind, format=name.rsplit(".", 1)[-1], size_bytes=7, **{**size, **more})


LIBRARY = Library(
    (
        _media(1, "beach.jpg"), _media(2, "city.jpg"), _media(3, "dog.jpg"),
        _media(11, "walk.mp4", "video", fps=30.0), _media(12, "talk.mp4", "video", fps=25.0),
        _media(21, "logo.png", width=400, height=200, has_alpha=True, role="logo"), _media(22, "badge.png"),
        _media(31, "song.mp3", "audio", duration_s=60.0, role="music"),
    )
)  # fmt: skip


def made(*ops, draft=None):
    return apply(draft or Draft(), Plan(ops=tuple(op_from_dict(op) for op in ops)), LIBRARY)


def photos():
    """Three photos of 5 s, a title, a caption over the third, music, a logo."""
    return made(
        {"op": "compose", "media": ["beach.jpg", "city.jpg", "dog.jpg"], "duration_s": 15, "title": "Summer"},
        {"op": "add_text", "text": "A dog", "role": "caption", "start_s": 11, "end_s": 14},
        {"op": "add_music", "mood": "calm"},
        {"op": "add_logo", "media": "logo.png"},
    )


def clips():
    """Two clips (20 s each) between cards, an overlay, a sound effect, music from a file."""
    return made(
        {"op": "compose", "media": ["walk.mp4", "talk.mp4"]},
        {"op": "intro_outro", "where": "start", "text": "Hello"},
        {"op": "intro_outro", "where": "end", "text": "Bye"},
        {"op": "overlay", "media": "badge.png", "start_s": 5, "end_s": 9},
        {"op": "add_sfx", "name": "ding", "at_s": 12},
        {"op": "add_music", "media": "song.mp3"},
    )


def hosted():
    """No ids, no roles, no starts, keys that nobody knows."""
    return Draft.from_wire(
        {
            "t": [
                {
                    "tt": 0,
                    "sg": [
                        {"d": 5000, "m": {"name": "city timelapse"}, "zz": 1},
                        {"d": 5000, "m": {"name": "harbour", "q": [1]}},
                    ],
                    "k": "v",
                },
                {"tt": 1, "sg": [{"d": 10000, "m": {"name": "Lo-fi", "volume": 0.35}}]},
                {
                    "tt": 7,
                    "sg": [
                        {"d": 3000, "m": {"text": "Urban Dreams", "style": {"color": "white", "glow": 3}}},
                        {"d": 2000, "m": {"text": "more"}},
                    ],
                },
                {"tt": 42, "sg": [{"d": 1000, "m": {"name": "sticker"}}, {"d": 500}]},
            ],
            "d": 10000,
            "other": {"x": 1},
        }
    )


MAKERS = {"photos": photos, "clips": clips, "hosted": hosted, "empty": Draft}


# --- anything that is spelled like a timeline -------------------------------------------------------------

_KEYS = (
    "id", "name", "start", "text", "role", "media", "music", "sfx", "in", "volume", "muted", "transition", "style", "adjust",
    "effects", "move", "anim_in", "position", "size", "dx", "look", "flip", "rotate", "speed", "fade_in", "nobody_knows",
)  # fmt: skip
_SCALAR = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True, allow_infinity=True)
    | st.text(st.characters(), max_size=6) | st.sampled_from(["a", "b", "title", "logo", "card", "crossfade", "#fff", "white"])
)  # fmt: skip
_VALUE = st.recursive(
    _SCALAR,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "ms", "color", "amount", "name", "mood", "x"]), inner, max_size=3)
    ),
    max_leaves=4,
)
_TIME = st.none() | st.integers(-100, 60_000) | st.floats(allow_nan=True, allow_infinity=True) | st.just(10**400)
_M = st.none() | st.dictionaries(st.sampled_from(_KEYS), _VALUE, max_size=6)
_SEGMENT = st.fixed_dictionaries({}, optional={"d": _TIME, "m": _M, "extra": _VALUE})
_TRACK = st.fixed_dictionaries(
    {},
    optional={
        "tt": st.none() | st.sampled_from([0, 0, 1, 7, 3]),
        "sg": st.none() | st.lists(_SEGMENT, max_size=4),
        "m": _M,
        "zz": _VALUE,
    },
)
anything = st.fixed_dictionaries(
    {}, optional={"t": st.none() | st.lists(_TRACK, max_size=4), "d": _TIME, "m": _M, "odd": _VALUE}
).map(Draft.from_wire)
