"""Five products, uploaded and made into a video: what several tables of requests are about."""

from __future__ import annotations

from hashlib import sha256

from reelframe import planner
from reelframe.draft import Draft
from reelframe.media.model import Library, Media

NAMES = ("1-stoneware-mug.jpg", "2-ribbed-vase.jpg", "3-nesting-bowls.jpg", "4-cactus-planter.jpg", "5-tea-set.jpg")
BRIEF = (
    'combine these into a 30-second video with upbeat music, the title "Autumn finds" and captions "One", "Two", '
    '"Three", "Four", "Five"'
)


def photo(name):
    return Media(
        id=sha256(name.encode()).hexdigest(), name=name, kind="image", format="jpg", size_bytes=9, width=900, height=600
    )


LOGO = Media(
    id=sha256(b"logo").hexdigest(),
    name="logo.png",
    kind="image",
    format="png",
    size_bytes=9,
    width=400,
    height=200,
    has_alpha=True,
)
LIBRARY = Library(tuple(map(photo, NAMES)))
WITH_LOGO = LIBRARY.add(LOGO)


def made(request_text, draft=None, library=LIBRARY):
    draft = Draft() if draft is None else draft
    return planner.apply(draft, planner.plan(request_text, draft, library), library)


FIRST = made(BRIEF)


def texts(draft):
    return [
        (s.text, s.role, (s.start_ms or 0) / 1000, ((s.start_ms or 0) + s.duration_ms) / 1000)
        for track in draft.of_kind("text")
        for s in track.segments
    ]


def seconds(segment):
    start = segment.start_ms or 0
    return start / 1000, (start + segment.duration_ms) / 1000
